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

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.mmap.benchmarks.HeapPerMapping;
import io.mmap.benchmarks.Idling;
import io.mmap.benchmarks.Observing;
import io.mmap.benchmarks.Residencies;
import io.mmap.benchmarks.Starting;

import static io.mmap.benchmarks.report.Target.atMost;

/**
 * What an application notices: how long it takes to look at mappings, what they weigh,
 * and how it starts and idles.
 */
final class ApplicationWorks {

	private static final String JDK = "JDK";

	private static final double KIB = 1024;

	private ApplicationWorks() {
	}

	static List<Work> works() {
		List<Work> works = new ArrayList<>();
		works.add(residency());
		works.add(residencyAllocation());
		works.add(scrape());
		works.add(scrapeOfNames());
		works.add(endpoint());
		works.add(heap());
		works.add(start(false));
		works.add(start(true));
		works.add(declared());
		works.add(declaredGrowth());
		works.add(idle());
		return works;
	}

	private static Work residency() {
		return new Work("Residency", "How much of a file is in memory; of those of 1 GiB and 1 TiB, 1 GiB is.",
				List.of(resident("1 MiB", Figure.SCORE), resident("1 GiB", Figure.SCORE),
						resident("1 TiB", Figure.SCORE).target(atMost(10))));
	}

	private static Work residencyAllocation() {
		return new Work("Residency, heap that is allocated",
				"By one look. It is not to grow with the mapping: the difference is that of noise.",
				List.of(resident("1 MiB", Figure.ALLOCATED), resident("1 GiB", Figure.ALLOCATED),
						resident("1 TiB", Figure.ALLOCATED).target(atMost(1.10, "1 MiB"))));
	}

	private static Line resident(String size, String metric) {
		return new Line(size, jmh(Residencies.class, "residency").with("size", size).figure(metric), "");
	}

	private static Work scrape() {
		return new Work("Scrape by Prometheus", "All meters of this project as text, after other scrapes.",
				List.of(observed("scrape", "ad hoc", 1), observed("scrape", "ad hoc", 100),
						observed("scrape", "ad hoc", 10_000).target(atMost(5)),
						observed("scrape", "set", 10_000).target(atMost(5))));
	}

	private static Work scrapeOfNames() {
		List<Line> lines = new ArrayList<>();
		for (int mappings : new int[] { 1, 100, 1000 }) {
			lines.add(observed("scrape", "declared", mappings));
			lines.add(new Line(mappings + " times as many constants",
					jmh(Observing.class, "scrapeOfConstants").with("mappings", mappings).figure(Figure.SCORE),
					"gauges that say 1: what the registry of meters needs by itself"));
		}
		return new Work("Scrape of many names", "Each mapping that is declared by itself has meters of its own.",
				lines);
	}

	private static Work endpoint() {
		return new Work("Call of the endpoint", "As JSON, at the default limit of mappings that are listed.",
				List.of(observed("endpoint", "ad hoc", 1), observed("endpoint", "ad hoc", 100),
						observed("endpoint", "ad hoc", 10_000).target(atMost(50)),
						observed("endpoint", "set", 10_000).target(atMost(50)),
						observed("endpoint", "declared", 1000)));
	}

	private static Line observed(String method, String kind, int mappings) {
		return new Line("%,d %s".formatted(mappings, kind),
				jmh(Observing.class, method).with("kind", kind).with("mappings", mappings).figure(Figure.SCORE), "");
	}

	private static Work heap() {
		List<Line> lines = new ArrayList<>();
		for (String level : List.of("SIMPLE", "DETAILED")) {
			for (int mappings : new int[] { 1, 100, 10_000 }) {
				Line line = heap(level, mappings, false);
				lines.add((mappings < 10_000) ? line : line.target(atMost((level.equals("SIMPLE")) ? KIB : 4 * KIB)));
			}
			lines.add(heap(level, 10_000, true));
		}
		return new Work("Heap per mapping", "In bytes, with the handle that the application has, mapped 60 calls deep.",
				lines);
	}

	private static Line heap(String level, int mappings, boolean leased) {
		String name = "%,d, %s".formatted(mappings, level.toLowerCase(Locale.ROOT))
				+ ((leased) ? ", each leased once" : "");
		return new Line(name,
				jmh(HeapPerMapping.class, "ours").with("level", level)
					.with("mappings", mappings)
					.with("leased", leased)
					.figure("bytesPerMapping"),
				"");
	}

	private static Work start(boolean web) {
		String without = "without the starter";
		return new Work((web) ? "Start with Actuator and a web server" : "Start",
				"From the call of `SpringApplication.run` until it returns, in a new JVM. Nothing is declared.",
				List.of(new Line(without, started(false, web, 0), ""),
						new Line("with the starter", started(true, web, 0), "").target(atMost(1.03, without))));
	}

	private static Figure started(boolean starter, boolean web, int mappings) {
		return application(starter, web, mappings, (web) ? 4 : 6).figure("startMillis");
	}

	private static Run.Jmh application(boolean starter, boolean web, int mappings, int starts) {
		return jmh(Starting.class, "application").with("starter", starter)
			.with("web", web)
			.with("mappings", mappings)
			.with("bind", false)
			.with("starts", starts);
	}

	private static Work declared() {
		String loop = "JDK, in a loop";
		return new Work("1,000 declared mappings", "Small files, in a new JVM.",
				List.of(new Line(loop, loop("jdk", 1000, 6), "a shared arena for each"),
						new Line("ours, registry alone", loop("registry", 1000, 6), "").target(atMost(1.5, loop)),
						new Line("ours, in `application.yml`",
								application(true, false, 1000, 3).figure("startMillis").minus(started(true, false, 0)),
								"what the start takes longer than with none")
							.target(atMost(1.5, loop)),
						new Line("Spring Boot by itself",
								application(false, false, 1000, 3).with("bind", true)
									.figure("startMillis")
									.minus(started(false, false, 0)),
								"reads the same file, and binds the locations to a map; maps nothing")));
	}

	private static Figure loop(String method, int mappings, int starts) {
		return jmh(Starting.class, method).with("mappings", mappings).with("starts", starts).figure("startMillis");
	}

	private static Work declaredGrowth() {
		List<Line> lines = new ArrayList<>();
		for (int mappings : new int[] { 1, 100, 10_000 }) {
			String number = "%,d, ".formatted(mappings);
			lines.add(new Line(number + "JDK", loop("jdk", mappings, 2), ""));
			lines.add(new Line(number + "registry alone", loop("registry", mappings, 2), ""));
			lines
				.add(new Line(number + "whole start", application(true, false, mappings, 1).figure("startMillis"), ""));
		}
		return new Work("Declared mappings, growth", "The same, and the start of the application as a whole.", lines);
	}

	private static Work idle() {
		Run.Jmh idle = jmh(Idling.class, "idle");
		return new Work("Idle",
				"An application with Actuator, a web server and ten declared mappings at their defaults, which nobody"
						+ " asks for anything for 20 seconds.",
				List.of(new Line("processor, without the starter", idle.with("starter", false).figure("percentOfCore"),
						""),
						new Line("processor, with the starter", idle.with("starter", true).figure("percentOfCore"), ""),
						new Line("the difference",
								idle.with("starter", true)
									.figure("percentOfCore")
									.minus(idle.with("starter", false).figure("percentOfCore")),
								"")
							.target(atMost(0.1)),
						new Line("times that a thread of ours woke up", idle.with("starter", true).figure("wakeUps"),
								"")
							.target(atMost(0))));
	}

	private static Run.Jmh jmh(Class<?> type, String method) {
		return new Run.Jmh(type, method);
	}

}
