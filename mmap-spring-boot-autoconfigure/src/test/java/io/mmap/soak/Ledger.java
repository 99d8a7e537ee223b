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

package io.mmap.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

import io.mmap.LeakCause;
import io.mmap.MappingException;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MappingStatistics;
import io.mmap.MemoryMapping;
import io.mmap.OperationErrors;
import io.mmap.ReloadOutcome;

/**
 * What was done with a registry, counted by those who did it, to be compared with what
 * the registry and its meters have counted.
 */
final class Ledger {

	private volatile @Nullable MappingRegistry registry;

	private final ConcurrentMap<Figure, LongAdder> figures = new ConcurrentHashMap<>();

	private final ConcurrentMap<String, LongAdder> errors = new ConcurrentHashMap<>();

	/**
	 * Say for which registry this is, which validates before it is there.
	 */
	void open(MappingRegistry registry) {
		this.registry = registry;
	}

	private MappingRegistry registry() {
		return Objects.requireNonNull(this.registry);
	}

	/**
	 * Map ad hoc.
	 */
	MemoryMapping map(MappingSpec spec) {
		MemoryMapping mapping = registry().map(spec);
		mapped(MappingStatistics.AD_HOC, 1);
		return mapping;
	}

	/**
	 * Map ad hoc what cannot be mapped.
	 */
	void fail(MappingSpec spec, Class<? extends MappingException> expected, String errno) {
		try (MemoryMapping mapping = registry().map(spec)) {
			throw new IllegalStateException(mapping.name() + " could be mapped");
		}
		catch (MappingException ex) {
			if (!expected.isInstance(ex)) {
				throw ex;
			}
			failed("map", errno);
		}
	}

	/**
	 * Map ad hoc, and keep only a part.
	 */
	MemoryMapping drop(MappingSpec spec) {
		MemoryMapping mapping = map(spec);
		add(MappingStatistics.AD_HOC, "leaks", 1);
		add(MappingStatistics.AD_HOC, "leaked", mapping.length());
		return mapping;
	}

	void mapped(String name, long count) {
		add(name, "map", count);
	}

	void unmapped(String name, long count) {
		add(name, "unmap", count);
	}

	void validated(String name) {
		add(name, "validate", 1);
	}

	void reloaded(String name, ReloadOutcome outcome) {
		add(name, "reloads " + outcome, 1);
	}

	void flush(MemoryMapping mapping) {
		mapping.flush();
		flushed();
	}

	void flushed() {
		add(MappingStatistics.AD_HOC, "flush", 1);
	}

	void failed(String operation, String errno) {
		this.errors.computeIfAbsent(operation + " " + errno, (key) -> new LongAdder()).increment();
	}

	private void add(String name, String what, long count) {
		this.figures.computeIfAbsent(new Figure(name, what), (key) -> new LongAdder()).add(count);
	}

	long count(String name, String what) {
		LongAdder count = this.figures.get(new Figure(name, what));
		return (count != null) ? count.sum() : 0;
	}

	/**
	 * Return how many mappings there were that are gone.
	 */
	long cycles() {
		return sum("unmap") + sum("leaks");
	}

	long sum(String what) {
		return this.figures.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().what().equals(what))
			.mapToLong((entry) -> entry.getValue().sum())
			.sum();
	}

	/**
	 * Compare with what was counted. To be called while nobody works.
	 * @param mapped what is mapped now: the length of each mapping, by name
	 * @return what is not equal
	 */
	List<String> differences(MeterRegistry meters, Map<String, List<Long>> mapped) {
		List<String> differences = new ArrayList<>();
		for (MappingStatistics statistics : registry().statistics()) {
			String name = statistics.name();
			List<Long> lengths = mapped.getOrDefault(name, List.of());
			Comparison comparison = new Comparison(statistics, meters, differences);
			comparison.gauge("mmap.mappings", lengths.size(), MappingStatistics::mappings);
			comparison.gauge("mmap.mapped", lengths.stream().mapToLong(Long::longValue).sum(),
					MappingStatistics::mappedBytes);
			comparison.gauge("mmap.leases", 0, MappingStatistics::leases);
			comparison.timer("mmap.map", count(name, "map"), MappingStatistics::mapCount);
			comparison.timer("mmap.unmap", count(name, "unmap"), MappingStatistics::unmapCount);
			comparison.timer("mmap.validate", count(name, "validate"), MappingStatistics::validateCount);
			comparison.timer("mmap.flush", count(name, "flush"), MappingStatistics::flushCount);
			comparison.timer("mmap.preload", 0, MappingStatistics::preloadCount);
			for (ReloadOutcome outcome : ReloadOutcome.values()) {
				comparison.counter("mmap.reloads", "outcome", outcome, count(name, "reloads " + outcome),
						(each) -> each.reloads(outcome));
			}
			for (LeakCause cause : LeakCause.values()) {
				boolean provoked = cause == LeakCause.GARBAGE_COLLECTED;
				comparison.counter("mmap.leaks", "cause", cause, (provoked) ? count(name, "leaks") : 0,
						(each) -> each.leaks(cause));
				comparison.counter("mmap.leaked", "cause", cause, (provoked) ? count(name, "leaked") : 0,
						(each) -> each.leakedBytes(cause));
			}
		}
		compareErrors(meters, differences);
		return differences;
	}

	private void compareErrors(MeterRegistry meters, List<String> differences) {
		Map<String, Long> expected = new TreeMap<>();
		this.errors.forEach((error, count) -> expected.put(error, count.sum()));
		Map<String, Long> counted = new TreeMap<>();
		for (OperationErrors error : registry().errors()) {
			counted.put(error.operation() + " " + error.errno(), error.count());
		}
		Map<String, Long> measured = new TreeMap<>();
		meters.find("mmap.errors")
			.functionCounters()
			.forEach((counter) -> measured.put(
					counter.getId().getTag("operation") + " " + counter.getId().getTag("errno"),
					(long) counter.count()));
		if (!counted.equals(expected) || !measured.equals(expected)) {
			differences.add("Errors provoked: " + expected + ", counted: " + counted + ", by mmap.errors: " + measured);
		}
	}

	/**
	 * Return everything that was counted, in a line.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		for (String what : new TreeSet<>(this.figures.keySet().stream().map(Figure::what).toList())) {
			text.append((text.isEmpty()) ? "" : ", ").append(what).append(' ').append(sum(what));
		}
		this.errors.forEach((error, count) -> text.append(", error ").append(error).append(' ').append(count.sum()));
		return text.toString();
	}

	/**
	 * What was counted.
	 *
	 * @param name of which mappings
	 * @param what what was done
	 */
	private record Figure(String name, String what) {

	}

	/**
	 * Compares the figures of one name.
	 *
	 * @param statistics what the registry has counted
	 * @param meters what shows it
	 * @param differences where to add what is not equal
	 */
	private record Comparison(MappingStatistics statistics, MeterRegistry meters, List<String> differences) {

		void gauge(String meter, long expected, ToLongFunction<MappingStatistics> counted) {
			Gauge gauge = this.meters.find(meter).tags("name", this.statistics.name()).gauge();
			compare(meter, expected, counted, gauge, (gauge != null) ? gauge.value() : Double.NaN);
		}

		void timer(String meter, long expected, ToLongFunction<MappingStatistics> counted) {
			FunctionTimer timer = this.meters.find(meter).tags("name", this.statistics.name()).functionTimer();
			compare(meter, expected, counted, timer, (timer != null) ? timer.count() : Double.NaN);
		}

		void counter(String meter, String tag, Enum<?> value, long expected,
				ToLongFunction<MappingStatistics> counted) {
			String text = value.name().toLowerCase(Locale.ROOT).replace('_', '-');
			FunctionCounter counter = this.meters.find(meter)
				.tags("name", this.statistics.name(), tag, text)
				.functionCounter();
			compare(meter + "{" + tag + "=" + text + "}", expected, counted, counter,
					(counter != null) ? counter.count() : Double.NaN);
		}

		private void compare(String what, long expected, ToLongFunction<MappingStatistics> counted,
				@Nullable Meter meter, double measured) {
			Objects.requireNonNull(meter, () -> "There is no meter " + what + " of " + this.statistics.name());
			long figure = counted.applyAsLong(this.statistics);
			if (figure != expected || measured != expected) {
				this.differences.add("%s of '%s': %d by those who did it, %d counted, the meter shows %s"
					.formatted(what, this.statistics.name(), expected, figure, measured));
			}
		}

	}

}
