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

import io.mmap.benchmarks.HeapPerMapping;
import io.mmap.benchmarks.HugePageCopy;
import io.mmap.benchmarks.Idling;
import io.mmap.benchmarks.Leasing;
import io.mmap.benchmarks.MapTouchUnmap;
import io.mmap.benchmarks.Observing;
import io.mmap.benchmarks.Preloading;
import io.mmap.benchmarks.ReadingUnderReload;
import io.mmap.benchmarks.Reads;
import io.mmap.benchmarks.Residencies;
import io.mmap.benchmarks.Starting;
import io.mmap.benchmarks.UnmapMany;

import static io.mmap.benchmarks.report.Target.atLeast;
import static io.mmap.benchmarks.report.Target.atMost;

/**
 * What is measured, beside what, and what is to come of it.
 */
final class Plan {

	private static final String JDK = "JDK";

	private static final String NATIVE = "ours, native";

	private static final String LUCENE = "Lucene";

	private static final String NO_TRACKING = "no registry, no leak detection";

	private static final String UNSAFE_UNMAP = "an access after the unmapping ends the JVM";

	private static final double KIB = 1024;

	private Plan() {
	}

	static List<Work> works() {
		List<Work> works = new ArrayList<>();
		works.add(reads("Sequential scan of 1 GiB", "scan", "1 GiB", "All of a file, eight bytes at a time."));
		works.add(reads("Random reads of 1 GiB", "random", "1 GiB",
				"Eight bytes at a place that depends on the eight before."));
		works.add(reads("Sequential scan of 1 MiB", "scan", "1 MiB", "The same, of what fits into a cache."));
		works.add(reads("Random reads of 1 MiB", "random", "1 MiB", "The same, of what fits into a cache."));
		for (int idleThreads : new int[] { 0, 200, 1000 }) {
			works.add(mapTouchUnmap(idleThreads));
		}
		works.add(confined());
		works.add(mapGrowth());
		works.add(unmap());
		works.add(unmapGrowth());
		works.add(leases());
		works.add(twoThreads());
		works.add(readersUnderReload());
		works.add(latencyUnderReload());
		works.add(preload("Preload, cached", true, 1.1));
		works.add(preload("Preload, cold", false, 1.0));
		works.add(preloadOfLittle());
		works.add(hugePages());
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
		return List.copyOf(works);
	}

	private static Work reads(String title, String kind, String size, String text) {
		Run.Jmh segment = jmh(Reads.class, kind + "Segment").with("size", size);
		return new Work(title, text + " All of it is in memory, and every page was touched before.", List.of(
				new Line(JDK, segment.with("by", "the JDK").figure(Figure.SCORE), "a shared arena's segment"),
				new Line(NATIVE, segment.with("by", "native").figure(Figure.SCORE), "`mapping.segment()`")
					.target(atLeast(0.98, JDK)),
				new Line("ours, jdk mapper", segment.with("by", "jdk").figure(Figure.SCORE), "`mapping.segment()`")
					.target(atLeast(0.98, JDK)),
				new Line("MappedByteBuffer", jmh(Reads.class, kind + "Buffer").with("size", size).figure(Figure.SCORE),
						"at most 2 GiB"),
				new Line(LUCENE, jmh(Reads.class, kind + "Lucene").with("size", size).figure(Figure.SCORE),
						"`RandomAccessInput`"),
				new Line("Agrona", jmh(Reads.class, kind + "Agrona").with("size", size).figure(Figure.SCORE),
						"`UnsafeBuffer`: at most 2 GiB; " + UNSAFE_UNMAP),
				new Line("Chronicle-Bytes",
						jmh(Reads.class, kind + "Chronicle").with("size", size).figure(Figure.SCORE),
						"`MappedBytes`, one chunk: " + UNSAFE_UNMAP),
				new Line("C", new Run.C((kind.equals("scan")) ? "scan" : "random-reads", size).figure(Figure.SCORE),
						"`gcc -O3 -march=native`; no bounds are checked")));
	}

	private static Work mapTouchUnmap(int idleThreads) {
		return new Work("Open, map, touch and unmap 1 MiB, " + idleThreads + " idle threads",
				"Every page is touched. To unmap shared memory is to tell each thread of the process, also of those"
						+ " that do nothing.",
				List.of(mapped(JDK, "jdkShared", idleThreads, "`FileChannel.map` with a shared arena; " + NO_TRACKING),
						new Line(NATIVE, ours("ours", "native", "SIMPLE", idleThreads),
								"registered, counted, and its leak would be found")
							.target(atMost(1.10, JDK))
							.target(atMost(1.00, LUCENE)),
						new Line("ours, native, no leak detection", ours("ours", "native", "DISABLED", idleThreads),
								""),
						new Line("ours, jdk mapper", ours("ours", "jdk", "SIMPLE", idleThreads),
								"maps on a thread of its own, since an interrupt would lose the mapping"),
						mapped(LUCENE, "lucene", idleThreads, "`MMapDirectory` at its defaults; read-only"),
						mapped("JDK, automatic arena", "jdkAuto", idleThreads,
								"unmapped by the collector, at some time that is not measured"),
						mapped("Agrona", "agrona", idleThreads, UNSAFE_UNMAP),
						mapped("Chronicle-Bytes", "chronicle", idleThreads,
								UNSAFE_UNMAP + "; unmapped at once here, in the background by default"),
						new Line("C", new Run.C("open-map-touch-unmap", "1 MiB").figure(Figure.SCORE),
								"one thread, nothing else")));
	}

	private static Line mapped(String name, String method, int idleThreads, String note) {
		return new Line(name, jmh(MapTouchUnmap.class, method).with("idleThreads", idleThreads).figure(Figure.SCORE),
				note);
	}

	private static Figure ours(String method, String mapper, String level, int idleThreads) {
		return jmh(MapTouchUnmap.class, method).with("mapper", mapper)
			.with("level", level)
			.with("others", 0)
			.with("idleThreads", idleThreads)
			.figure(Figure.SCORE);
	}

	private static Work confined() {
		String jdk = "JDK, confined arena";
		return new Work("Map, touch and unmap 1 MiB, confined",
				"By one thread, of a file that is open already. Nobody has to be told.",
				List.of(mapped(jdk, "jdkConfined", 0, NO_TRACKING),
						new Line("ours, no leak detection", ours("oursConfined", "native", "DISABLED", 0),
								"registered and counted")
							.target(atMost(1.15, jdk)),
						new Line("ours, simple leak detection", ours("oursConfined", "native", "SIMPLE", 0),
								"and the line is known that maps")
							.target(atMost(1.35, jdk)),
						new Line("C", new Run.C("map-touch-unmap", "1 MiB").figure(Figure.SCORE), "")));
	}

	private static Work mapGrowth() {
		List<Line> lines = new ArrayList<>();
		for (String size : List.of("1 MiB", "1 GiB", "1 TiB")) {
			lines.add(new Line(size + ", JDK",
					jmh(MapTouchUnmap.class, "jdkShared").with("size", size)
						.with("idleThreads", 0)
						.figure(Figure.SCORE),
					""));
			lines.add(new Line(size + ", ours", mapWithOthers(size, 0), ""));
		}
		lines.add(new Line("1 MiB, ours, 100 others", mapWithOthers("1 MiB", 100), "open in the same registry"));
		lines.add(new Line("1 MiB, ours, 10,000 others", mapWithOthers("1 MiB", 10_000), "likewise"));
		return new Work("Map and unmap, growth",
				"Open, map, touch the first 1 MiB, unmap, for larger files and among more mappings.", lines);
	}

	private static Figure mapWithOthers(String size, int others) {
		return jmh(MapTouchUnmap.class, "ours").with("size", size)
			.with("idleThreads", 0)
			.with("mapper", "native")
			.with("level", "SIMPLE")
			.with("others", others)
			.figure(Figure.SCORE);
	}

	private static Work unmap() {
		return new Work("Unmap 10,000 mappings", "Of 1 MiB each, of which a page was touched.",
				List.of(unmapped(JDK, "jdkShared", 10_000, "an arena for each; " + NO_TRACKING),
						unmapped("ours, one set", "oursAsSet", 10_000, "with the registry").target(atMost(0.25, JDK)),
						unmapped("ours, one by one", "oursOneByOne", 10_000, "").target(atMost(1.05, JDK)),
						unmapped("JDK, one arena", "jdkOneArena", 10_000, "none can be unmapped by itself")));
	}

	private static Work unmapGrowth() {
		List<Line> lines = new ArrayList<>();
		for (int mappings : new int[] { 1, 100 }) {
			String number = mappings + ", ";
			lines.add(unmapped(number + JDK, "jdkShared", mappings, ""));
			lines.add(unmapped(number + "ours, one set", "oursAsSet", mappings, "with the registry"));
			lines.add(unmapped(number + "ours, one by one", "oursOneByOne", mappings, ""));
		}
		return new Work("Unmap, growth", "The same with fewer of them.", lines);
	}

	private static Line unmapped(String name, String method, int mappings, String note) {
		return new Line(name, jmh(UnmapMany.class, method).with("mappings", mappings).figure(Figure.SCORE), note);
	}

	private static Work leases() {
		return new Work("Lease", "Acquired and given back by one thread.", List.of(
				new Line("acquire and release", jmh(Leasing.class, "time").figure(Figure.SCORE), "").target(atMost(10)),
				new Line("with a read of eight bytes", jmh(Leasing.class, "timeWithRead").figure(Figure.SCORE), ""),
				new Line("the read without a lease", jmh(Leasing.class, "timeOfReadAlone").figure(Figure.SCORE),
						"fails if another thread unmaps meanwhile")));
	}

	private static Work twoThreads() {
		Run.Jmh leases = jmh(Leasing.class, "throughput");
		return new Work("Leases by two threads", "Of one mapping, by both together.",
				List.of(new Line("one thread", leases.figure(Figure.SCORE), ""),
						new Line("two threads", leases.threads(2).figure(Figure.SCORE), "")
							.target(atLeast(1.6, "one thread"))));
	}

	private static Work readersUnderReload() {
		Run.Jmh readers = jmh(ReadingUnderReload.class, "throughput").threads(2);
		return new Work("Readers while the file is replaced",
				"Two threads read 64 times eight bytes under a lease, again and again, while a third one writes 1 MiB,"
						+ " renames it over the file and reloads.",
				List.of(new Line("never replaced", readers.with("replacements", 0).figure(Figure.SCORE), ""),
						new Line("20 times a second", readers.with("replacements", 20).figure(Figure.SCORE),
								"both processors are taken: what the third thread needs is missing here")
							.target(atLeast(0.95, "never replaced"))));
	}

	private static Work latencyUnderReload() {
		List<Line> lines = new ArrayList<>();
		for (int replacements : new int[] { 0, 20 }) {
			for (String percentile : List.of("p50", "p99", "p99.99")) {
				lines.add(new Line(percentile + ", replaced " + replacements + " times a second",
						jmh(ReadingUnderReload.class, "latency").threads(2)
							.with("replacements", replacements)
							.figure(percentile),
						""));
			}
		}
		return new Work("Read latency while the file is replaced", "Of the same reads, with the clock's own time.",
				lines);
	}

	private static Work preload(String title, boolean cached, double ratio) {
		String load = "JDK, load()";
		return new Work(title, "1 GiB of which " + ((cached) ? "all" : "nothing") + " is in the page cache.",
				List.of(preloaded(load, "jdkLoad", "1 GiB", cached, "on the calling thread"),
						preloaded("ours, preload()", "ours", "1 GiB", cached,
								"in the background, with progress, and can be cancelled")
							.target(atMost(ratio, load)),
						preloaded("ours, prefault()", "oursPrefault", "1 GiB", cached,
								"on the calling thread, by one system call")));
	}

	private static Work preloadOfLittle() {
		return new Work("Preload, 1 MiB", "Of which all is in the page cache: mostly the start of a thread.",
				List.of(preloaded("JDK, load()", "jdkLoad", "1 MiB", true, ""),
						preloaded("ours, preload()", "ours", "1 MiB", true, ""),
						preloaded("ours, prefault()", "oursPrefault", "1 MiB", true, "")));
	}

	private static Line preloaded(String name, String method, String size, boolean cached, String note) {
		return new Line(name,
				jmh(Preloading.class, method).with("size", size).with("cached", cached).figure(Figure.SCORE), note);
	}

	private static Work hugePages() {
		Run.Jmh reads = jmh(HugePageCopy.class, "randomReads").with("size", "2 GiB");
		return new Work("Random reads of 2 GiB in huge pages",
				"Eight bytes at a place that depends on the eight before.",
				List.of(new Line("the file mapping", reads.with("copy", false).figure(Figure.SCORE), ""),
						new Line("a copy in huge pages", reads.with("copy", true).figure(Figure.SCORE),
								"`copy: true, huge-pages: require`: takes the memory for itself")
							.target(atLeast(1.4, "the file mapping"))));
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
		List<Line> lines = new ArrayList<>();
		for (String kind : List.of("ad hoc", "set")) {
			lines.add(observed("scrape", kind, 1));
			lines.add(observed("scrape", kind, 100));
			lines.add(observed("scrape", kind, 10_000).target(atMost(5)));
		}
		return new Work("Scrape by Prometheus", "All meters of this project as text, after other scrapes.", lines);
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
		List<Line> lines = new ArrayList<>();
		for (String kind : List.of("ad hoc", "set", "declared")) {
			lines.add(observed("endpoint", kind, 1));
			lines.add(observed("endpoint", kind, 100));
			lines.add(observed("endpoint", kind, 10_000).target(atMost(50)));
		}
		return new Work("Call of the endpoint", "As JSON, at the default limit of mappings that are listed.", lines);
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
		String name = "%,d, %s".formatted(mappings, level.toLowerCase(java.util.Locale.ROOT))
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
		return jmh(Starting.class, "application").with("starter", starter)
			.with("web", web)
			.with("mappings", mappings)
			.figure("startMillis");
	}

	private static Work declared() {
		String loop = "JDK, in a loop";
		return new Work("1,000 declared mappings", "Small files, in a new JVM.",
				List.of(new Line(loop, jmh(Starting.class, "jdk").with("mappings", 1000).figure("startMillis"),
						"a shared arena for each"),
						new Line("ours, registry alone",
								jmh(Starting.class, "registry").with("mappings", 1000).figure("startMillis"), "")
							.target(atMost(1.5, loop)),
						new Line("ours, in `application.yml`",
								started(true, false, 1000).minus(started(true, false, 0)),
								"what the start takes longer than with none")
							.target(atMost(1.5, loop))));
	}

	private static Work declaredGrowth() {
		List<Line> lines = new ArrayList<>();
		for (int mappings : new int[] { 1, 100, 1000, 10_000 }) {
			String number = "%,d, ".formatted(mappings);
			lines.add(new Line(number + "JDK",
					jmh(Starting.class, "jdk").with("mappings", mappings).figure("startMillis"), ""));
			lines.add(new Line(number + "registry alone",
					jmh(Starting.class, "registry").with("mappings", mappings).figure("startMillis"), ""));
			lines.add(new Line(number + "whole start", started(true, false, mappings), ""));
		}
		return new Work("Declared mappings, growth", "The same, and the start of the application as a whole.", lines);
	}

	private static Work idle() {
		Run.Jmh idle = jmh(Idling.class, "idle");
		return new Work("Idle",
				"An application with Actuator, a web server and ten declared mappings at their defaults, which nobody"
						+ " asks for anything for 30 seconds.",
				List.of(new Line("processor, without the starter", idle.with("starter", false).figure("percentOfCore"),
						"percent of a core"),
						new Line("processor, with the starter", idle.with("starter", true).figure("percentOfCore"),
								"percent of a core"),
						new Line("the difference",
								idle.with("starter", true)
									.figure("percentOfCore")
									.minus(idle.with("starter", false).figure("percentOfCore")),
								"percent of a core")
							.target(atMost(0.1)),
						new Line("times that a thread of ours woke up", idle.with("starter", true).figure("wakeUps"),
								"")
							.target(atMost(0))));
	}

	private static Run.Jmh jmh(Class<?> type, String method) {
		return new Run.Jmh(type, method);
	}

}
