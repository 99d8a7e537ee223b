/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.mmap.benchmarks.report;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.mmap.benchmarks.report.Results.Values;
import io.mmap.benchmarks.report.Target.Verdict;

/**
 * Writes what was measured in Markdown.
 */
final class Table {

	private static final List<String> SMALLER_TIMES = List.of("s", "ms", "µs", "ns");

	private final Results results;

	private final StringBuilder text = new StringBuilder();

	private Table(Results results) {
		this.results = results;
	}

	static String of(Results results, List<Work> works) {
		Table table = new Table(results);
		table.machine();
		table.targets(works);
		works.forEach(table::work);
		return table.text.toString();
	}

	private void machine() {
		row("", "");
		row("---", "---");
		this.results.machine().forEach(this::row);
	}

	private void targets(List<Work> works) {
		this.text.append("\n## Targets\n\n");
		row("work", "target", "measured, 95 % interval", "");
		row("---", "---", "---:", "---");
		for (Work work : works) {
			for (Line line : work.lines()) {
				for (Target target : line.targets()) {
					target(work, line, target);
				}
			}
		}
	}

	private void target(Work work, Line line, Target target) {
		String name = "[" + work.title() + "](#" + anchor(work.title()) + "): " + line.name();
		Values values = this.results.of(line.figure());
		String bound = (target.most()) ? "≤ " : "≥ ";
		String peer = target.peer();
		if (peer == null) {
			Interval interval = values.interval();
			row(name, bound + value(target.bound(), values.unit()), interval(interval, values.unit()),
					target.of(interval).toString());
		}
		else {
			Interval ratio = values.ratio(this.results.of(work.line(peer).figure()));
			row(name, bound + "%.2f × %s".formatted(target.bound(), peer), ratio(ratio), target.of(ratio).toString());
		}
	}

	private void work(Work work) {
		this.text.append("\n## ").append(work.title()).append("\n\n").append(work.text()).append("\n\n");
		Values first = this.results.of(work.lines().getFirst().figure());
		row("", "mean, 95 % interval", "× the first line", "to be known");
		row("---", "---:", "---:", "---");
		for (Line line : work.lines()) {
			Values values = this.results.of(line.figure());
			boolean comparable = values != first && values.unit().equals(first.unit())
					&& values.values().size() == first.values().size()
					&& values.values().stream().allMatch((value) -> value > 0)
					&& first.values().stream().allMatch((value) -> value > 0);
			row(line.name(), interval(values.interval(), values.unit()), (comparable) ? ratio(values.ratio(first)) : "",
					line.note());
		}
	}

	/**
	 * Return how many targets have a verdict.
	 */
	static long count(Results results, List<Work> works, Verdict verdict) {
		return works.stream()
			.flatMap((work) -> work.lines()
				.stream()
				.flatMap((line) -> line.targets().stream().map((target) -> verdict(results, work, line, target))))
			.filter((each) -> each == verdict)
			.count();
	}

	private static Verdict verdict(Results results, Work work, Line line, Target target) {
		Values values = results.of(line.figure());
		String peer = target.peer();
		return target.of((peer != null) ? values.ratio(results.of(work.line(peer).figure())) : values.interval());
	}

	private static String ratio(Interval ratio) {
		return "%.2f (%.2f–%.2f)".formatted(ratio.mean(), ratio.low(), ratio.high());
	}

	private static String interval(Interval interval, String unit) {
		Scale scale = Scale.of(interval.mean(), unit);
		return scale.format(interval.mean()) + " " + scale.unit + " (" + scale.format(interval.low()) + "–"
				+ scale.format(interval.high()) + ")";
	}

	private static String value(double value, String unit) {
		Scale scale = Scale.of(value, unit);
		return ("%.4f".formatted(value / scale.divisor).replaceFirst("\\.?0+$", "") + " " + scale.unit).strip();
	}

	private static String anchor(String title) {
		return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
	}

	private void row(String... cells) {
		this.text.append("| ").append(String.join(" | ", cells)).append(" |\n");
	}

	/**
	 * How to write figures of a size.
	 *
	 * @param divisor what they are divided by
	 * @param unit what they are then
	 */
	private record Scale(double divisor, String unit) {

		private static Scale of(double value, String unit) {
			String plain = unit.replace("/op", "");
			int index = SMALLER_TIMES.indexOf((plain.equals("us")) ? "µs" : plain);
			if (index >= 0) {
				double divisor = 1;
				double size = Math.abs(value);
				while (size < 1 && size > 0 && index < SMALLER_TIMES.size() - 1) {
					size *= 1000;
					divisor /= 1000;
					index++;
				}
				while (size >= 1000 && index > 0) {
					size /= 1000;
					divisor *= 1000;
					index--;
				}
				return new Scale(divisor, SMALLER_TIMES.get(index));
			}
			if (plain.equals("ops/s")) {
				return (value >= 1e6) ? new Scale(1e6, "M/s")
						: (value >= 1e3) ? new Scale(1e3, "k/s") : new Scale(1, "/s");
			}
			return (plain.equals("ops/ns")) ? new Scale(1e-3, "M/s") : new Scale(1, plain);
		}

		private String format(double value) {
			double scaled = value / this.divisor;
			if (Double.isInfinite(scaled)) {
				return (scaled > 0) ? "∞" : "-∞";
			}
			double size = Math.abs(scaled);
			return ((size >= 100) ? "%.0f" : (size >= 10) ? "%.1f" : "%.2f").formatted(scaled);
		}

	}

	static @Nullable String missing(Results results, List<Work> works) {
		return works.stream()
			.flatMap((work) -> work.lines().stream())
			.map(Line::figure)
			.filter((figure) -> !results.has(figure))
			.map(Figure::id)
			.findFirst()
			.orElse(null);
	}

}
