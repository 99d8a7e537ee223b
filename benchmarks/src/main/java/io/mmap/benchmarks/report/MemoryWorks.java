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

import io.mmap.benchmarks.HugePageCopy;
import io.mmap.benchmarks.Leasing;
import io.mmap.benchmarks.MapTouchUnmap;
import io.mmap.benchmarks.Preloading;
import io.mmap.benchmarks.ReadingUnderReload;
import io.mmap.benchmarks.Reads;
import io.mmap.benchmarks.UnmapMany;

import static io.mmap.benchmarks.report.Target.atLeast;
import static io.mmap.benchmarks.report.Target.atMost;

/**
 * What is done with memory: to read it, map it, unmap it, lease it and bring it in.
 */
final class MemoryWorks {

	private static final String JDK = "JDK";

	private static final String NATIVE = "ours, native";

	private static final String LUCENE = "Lucene";

	private static final String NO_TRACKING = "no registry, no leak detection";

	private static final String UNSAFE_UNMAP = "an access after the unmapping ends the JVM";

	private MemoryWorks() {
	}

	static List<Work> works() {
		List<Work> works = new ArrayList<>();
		works.add(reads("Sequential scan of 1 GiB", "scan", "All of a file, eight bytes at a time."));
		works.add(reads("Random reads of 1 GiB", "random", "Eight bytes at a place that depends on the eight before."));
		works.add(readsOfLittle("Sequential scan of 1 MiB", "scan"));
		works.add(readsOfLittle("Random reads of 1 MiB", "random"));
		for (int idleThreads : new int[] { 0, 200, 1000 }) {
			works.add(mapTouchUnmap(idleThreads));
		}
		works.add(confined("1 MiB", "Map, touch and unmap 1 MiB, confined",
				"By one thread, of a file that is open already. Nobody has to be told. Every page is touched."));
		works.add(confined("4 KiB", "Map 1 MiB, touch a page, and unmap, confined",
				"The same with a single page touched: nearly all of it is what the calls cost."));
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
		return works;
	}

	private static Work reads(String title, String kind, String text) {
		String size = "1 GiB";
		List<Line> lines = new ArrayList<>(segments(kind, size));
		lines.add(new Line("MappedByteBuffer",
				jmh(Reads.class, kind + "Buffer").with("size", size).figure(Figure.SCORE), "at most 2 GiB"));
		lines.add(new Line(LUCENE, jmh(Reads.class, kind + "Lucene").with("size", size).figure(Figure.SCORE),
				"`RandomAccessInput`"));
		lines.add(new Line("Agrona", jmh(Reads.class, kind + "Agrona").with("size", size).figure(Figure.SCORE),
				"`UnsafeBuffer`: at most 2 GiB; " + UNSAFE_UNMAP));
		lines.add(new Line("Chronicle-Bytes",
				jmh(Reads.class, kind + "Chronicle").with("size", size).figure(Figure.SCORE),
				"`MappedBytes`, one chunk: " + UNSAFE_UNMAP));
		lines.add(new Line("C",
				new Run.C((kind.equals("scan")) ? "scan" : "random-reads", size, size).figure(Figure.SCORE),
				"`gcc -O3 -march=native`; no bounds are checked"));
		return new Work(title, text + " All of it is in memory, and every page was touched before.", lines);
	}

	private static Work readsOfLittle(String title, String kind) {
		return new Work(title, "The same, of what fits into a cache.", segments(kind, "1 MiB"));
	}

	private static List<Line> segments(String kind, String size) {
		Run.Jmh segment = jmh(Reads.class, kind + "Segment").with("size", size);
		return List.of(new Line(JDK, segment.with("by", "the JDK").figure(Figure.SCORE), "a shared arena's segment"),
				new Line(NATIVE, segment.with("by", "native").figure(Figure.SCORE), "`mapping.segment()`")
					.target(atLeast(0.98, JDK)),
				new Line("ours, jdk mapper", segment.with("by", "jdk").figure(Figure.SCORE), "`mapping.segment()`")
					.target(atLeast(0.98, JDK)));
	}

	private static Work mapTouchUnmap(int idleThreads) {
		List<Line> lines = new ArrayList<>();
		lines.add(mapped(JDK, "jdkShared", idleThreads, "`FileChannel.map` with a shared arena; " + NO_TRACKING));
		lines.add(ours(NATIVE, "native", "SIMPLE", idleThreads, "registered, counted, and its leak would be found")
			.target(atMost(1.10, JDK))
			.target(atMost(1.00, LUCENE)));
		lines.add(mapped(LUCENE, "lucene", idleThreads, "`MMapDirectory` at its defaults; read-only"));
		if (idleThreads == 0) {
			lines.add(ours("ours, native, no leak detection", "native", "DISABLED", 0, ""));
			lines.add(ours("ours, jdk mapper", "jdk", "SIMPLE", 0,
					"maps on a thread of its own, since an interrupt would lose the mapping"));
			lines.add(mapped("JDK, automatic arena", "jdkAuto", 0,
					"unmapped by the collector, for which the JDK waits when no more can be mapped"));
			lines.add(mapped("Agrona", "agrona", 0, UNSAFE_UNMAP));
			lines.add(mapped("Chronicle-Bytes", "chronicle", 0,
					UNSAFE_UNMAP + "; unmapped at once here, in the background by default"));
			lines.add(new Line("C", new Run.C("open-map-touch-unmap", "1 MiB", "1 MiB").figure(Figure.SCORE),
					"one thread, nothing else"));
		}
		return new Work("Open, map, touch and unmap 1 MiB, " + idleThreads + " idle threads",
				"Every page is touched. To unmap shared memory is to tell each thread of the process, also of those"
						+ " that do nothing.",
				lines);
	}

	private static Line mapped(String name, String method, int idleThreads, String note) {
		return new Line(name, map(method, "1 MiB", "1 MiB", idleThreads).figure(Figure.SCORE), note);
	}

	private static Line ours(String name, String mapper, String level, int idleThreads, String note) {
		return new Line(name,
				ours("ours", mapper, level, 0, map("ours", "1 MiB", "1 MiB", idleThreads)).figure(Figure.SCORE), note);
	}

	private static Run.Jmh map(String method, String size, String touch, int idleThreads) {
		return jmh(MapTouchUnmap.class, method).with("size", size)
			.with("touch", touch)
			.with("idleThreads", idleThreads);
	}

	private static Run.Jmh ours(String method, String mapper, String level, int others, Run.Jmh run) {
		return new Run.Jmh(run.type(), method, run.parameters(), 1).with("mapper", mapper)
			.with("level", level)
			.with("others", others);
	}

	private static Work confined(String touch, String title, String text) {
		String jdk = "JDK, confined arena";
		Run.Jmh run = map("jdkConfined", "1 MiB", touch, 0);
		return new Work(title, text,
				List.of(new Line(jdk, run.figure(Figure.SCORE), NO_TRACKING),
						new Line("ours, no leak detection",
								ours("oursConfined", "native", "DISABLED", 0, run).figure(Figure.SCORE),
								"registered and counted")
							.target(atMost(1.15, jdk)),
						new Line("ours, simple leak detection",
								ours("oursConfined", "native", "SIMPLE", 0, run).figure(Figure.SCORE),
								"and the line is known that maps")
							.target(atMost(1.35, jdk)),
						new Line("C", new Run.C("map-touch-unmap", "1 MiB", touch).figure(Figure.SCORE), "")));
	}

	private static Work mapGrowth() {
		List<Line> lines = new ArrayList<>();
		for (String size : List.of("1 MiB", "1 GiB", "1 TiB")) {
			lines.add(new Line(size + ", JDK", map("jdkShared", size, "1 MiB", 0).figure(Figure.SCORE), ""));
			lines.add(new Line(size + ", ours", mapWithOthers(size, 0), ""));
		}
		lines.add(new Line("1 MiB, ours, 100 others", mapWithOthers("1 MiB", 100), "open in the same registry"));
		lines.add(new Line("1 MiB, ours, 10,000 others", mapWithOthers("1 MiB", 10_000), "likewise"));
		return new Work("Map and unmap, growth",
				"Open, map, touch the first 1 MiB, unmap, for larger files and among more mappings.", lines);
	}

	private static Figure mapWithOthers(String size, int others) {
		return ours("ours", "native", "SIMPLE", others, map("ours", size, "1 MiB", 0)).figure(Figure.SCORE);
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

	private static Run.Jmh jmh(Class<?> type, String method) {
		return new Run.Jmh(type, method);
	}

}
