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

package io.mmap;

import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import io.mmap.testsupport.Garbage;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Something that is done with mappings, of which each step can fail.
 *
 * @param name what it is
 * @param given what comes first, and does not fail
 * @param when what can fail; done again by who has met a failure
 * @param subject what the message of a failure has to say
 * @param spared calls that do not fail
 */
record FaultScenario(String name, Step given, Step when, String subject, Set<String> spared) {

	FaultScenario(String name, Step given, Step when, String subject) {
		this(name, given, when, subject, Set.of());
	}

	private static final Step NOTHING = (stage) -> {
	};

	/**
	 * What is found out when it is needed first is known.
	 */
	private static final Step PROBED = (stage) -> {
		for (MappingSpec spec : List.of(MappingSpec.anonymous(1).build(),
				MappingSpec.anonymous(1).hugePages(HugePages.TRY).build())) {
			stage.registry().map(spec).close();
		}
	};

	private static final String CONFINED = "a file of a confined thread";

	private static final long HUGE = 4 << 20;

	/**
	 * Return all of them.
	 */
	static Stream<FaultScenario> all() {
		return Stream
			.of(specs().entrySet().stream().flatMap((spec) -> lives(spec.getKey(), spec.getValue())), declared(),
					reloads(), replacements(), operations())
			.flatMap(Function.identity());
	}

	private static Map<String, Function<FaultStage, MappingSpec>> specs() {
		Map<String, Function<FaultStage, MappingSpec>> specs = new LinkedHashMap<>();
		specs.put("a file read-only", (stage) -> MappingSpec.file(stage.file()).build());
		specs.put("part of a file", (stage) -> MappingSpec.file(stage.file()).offset(5000).length(5000).build());
		specs.put("a file with advice",
				(stage) -> MappingSpec.file(stage.file()).populate(true).advice(Advice.DONT_DUMP).build());
		specs.put("a locked file",
				(stage) -> MappingSpec.file(stage.file()).locked(true).advice(Advice.WILL_NEED).build());
		specs.put("a file read-write", (stage) -> readWrite(stage).flushOnUnmap(true).build());
		specs.put("a file flushed from time to time",
				(stage) -> readWrite(stage).flushInterval(Duration.ofHours(1)).build());
		specs.put("a created file", FaultScenario::creating);
		specs.put("a file in a reserve", (stage) -> readWrite(stage).length(5000).reserve(40_000).build());
		specs.put("a file copy-on-write",
				(stage) -> MappingSpec.file(stage.file()).access(MappingAccess.COPY_ON_WRITE).build());
		specs.put("a copy of a file", (stage) -> MappingSpec.file(stage.file()).copy(true).build());
		specs.put("a copy in huge pages",
				(stage) -> MappingSpec.file(stage.file()).copy(true).hugePages(HugePages.TRY).build());
		specs.put(CONFINED, (stage) -> MappingSpec.file(stage.file()).confined(true).build());
		specs.put("a resource of a jar", (stage) -> MappingSpec.resource(stage.resource()).build());
		specs.put("a descriptor", (stage) -> MappingSpec.descriptor(stage.descriptor()).build());
		specs.put("anonymous memory", (stage) -> MappingSpec.anonymous(FaultStage.LENGTH).build());
		specs.put("anonymous memory, withheld",
				(stage) -> MappingSpec.anonymous(FaultStage.LENGTH).dontDump(true).dontFork(true).build());
		specs.put("anonymous memory, locked", (stage) -> MappingSpec.anonymous(FaultStage.LENGTH).locked(true).build());
		specs.put("anonymous memory in a reserve",
				(stage) -> MappingSpec.anonymous(FaultStage.LENGTH).reserve(100_000).build());
		Capability collapse = collapse();
		specs.put("anonymous memory in huge pages", (stage) -> {
			if (!collapse.available()) {
				throw new UnsupportedMappingOperationException(collapse.reason());
			}
			return MappingSpec.anonymous(HUGE).hugePages(HugePages.REQUIRE).locked(true).build();
		});
		specs.put("anonymous memory of the pool",
				(stage) -> MappingSpec.anonymous(HUGE).hugeTlb(HugePages.TRY).build());
		specs.put("an in-memory file",
				(stage) -> MappingSpec.inMemoryFile("memory", FaultStage.LENGTH).seals(Seal.SHRINK, Seal.GROW).build());
		return specs;
	}

	/**
	 * Asked elsewhere, so that it is none of the calls that fail.
	 */
	private static Capability collapse() {
		try (MappingRegistry registry = MappingRegistry.builder().mapper(MapperType.NATIVE).build()) {
			return registry.capabilities().get("collapse");
		}
	}

	private static FileMappingBuilder readWrite(FaultStage stage) {
		return MappingSpec.file(stage.file()).access(MappingAccess.READ_WRITE);
	}

	private static MappingSpec creating(FaultStage stage) {
		return MappingSpec.file(stage.created())
			.access(MappingAccess.READ_WRITE)
			.length(FaultStage.LENGTH)
			.create(true)
			.flushOnUnmap(true)
			.build();
	}

	private static String subject(String name) {
		return (name.contains("anonymous")) ? "anonymous" : (name.contains("in-memory")) ? "memory"
				: (name.contains("created")) ? "created" : (name.contains("descriptor")) ? "descriptor" : "words";
	}

	/**
	 * What happens to all mappings alike.
	 */
	private static Stream<FaultScenario> lives(String name, Function<FaultStage, MappingSpec> spec) {
		Step map = (stage) -> {
			try {
				stage.mapping(stage.registry().map(spec.apply(stage)));
			}
			catch (RuntimeException | Error ex) {
				assertThat(stage.created()).doesNotExist();
				throw ex;
			}
		};
		Step mapped = map.andThen(FaultScenario::write);
		return Stream
			.of(new FaultScenario("map " + name, PROBED, map.andThen(FaultScenario::assertUsable), subject(name)),
					new FaultScenario("unmap " + name, mapped, (stage) -> stage.mapping().close(), ""),
					new FaultScenario("end with " + name, mapped, (stage) -> stage.registry().close(), ""))
			// Which alone unmaps it
			.filter((scenario) -> !scenario.name().equals("end with " + CONFINED));
	}

	private static void assertUsable(FaultStage stage) {
		assertThat(stage.mapping().segment().get(JAVA_BYTE, stage.mapping().length() - 1)).isZero();
	}

	private static void write(FaultStage stage) {
		if (!stage.mapping().segment().isReadOnly()) {
			stage.mapping().segment().fill((byte) 1);
		}
	}

	private static Stream<FaultScenario> declared() {
		Step file = (stage) -> stage.registry(stage.builder(MapperType.NATIVE)
			.declare("words", MappingSpec.file(stage.file()).build())
			.validator((candidate) -> assertThat(candidate.segment().byteSize()).isEqualTo(FaultStage.LENGTH))
			.build());
		Step set = (stage) -> stage
			.registry(set(stage).validator((candidate) -> assertThat(candidate.segments()).hasSize(3)).build());
		Step lazy = (stage) -> stage.registry(stage.builder(MapperType.NATIVE)
			.declare("words", MappingSpec.file(stage.file()).lazy(true).build())
			.build());
		Step several = (stage) -> stage.registry(stage.builder(MapperType.NATIVE)
			.declare("created", creating(stage))
			.declare("words", readWrite(stage).build())
			.declare("memory", MappingSpec.inMemoryFile("memory", 5000).build())
			.build());
		return Stream.of(new FaultScenario("declare a file", NOTHING, file, "words"),
				new FaultScenario("end with a declared file", file, (stage) -> stage.registry().close(), ""),
				new FaultScenario("declare a set", NOTHING, set, "words"),
				new FaultScenario("end with a set", set, (stage) -> stage.registry().close(), ""),
				new FaultScenario("declare several", NOTHING, several, ""),
				new FaultScenario("use a lazy file first", lazy,
						(stage) -> assertThat(stage.registry().get("words").segment().byteSize()).isPositive(),
						"words"),
				guarded("guard a file", MapperType.NATIVE), guarded("guard a file with the jdk mapper", MapperType.JDK),
				endGuarded("end with a guarded file", MapperType.NATIVE),
				endGuarded("end with a guarded file of the jdk mapper", MapperType.JDK), saved(),
				watched("watch a file", MapperType.NATIVE),
				watched("watch a file with the jdk mapper", MapperType.JDK));
	}

	private static DefaultMappingRegistryBuilder set(FaultStage stage) {
		return stage.builder(MapperType.NATIVE)
			.declareSet("set",
					() -> Map.of("one", MappingSpec.file(stage.file("words.1")).build(), "two",
							MappingSpec.file(stage.file("words.2")).build(), "three",
							MappingSpec.file(stage.file("words.3")).build()));
	}

	private static DefaultMappingRegistry guarding(FaultStage stage, MapperType type) {
		return stage.builder(type)
			.declare("words", MappingSpec.file(stage.file()).truncation(TruncationPolicy.GUARD).build())
			.build();
	}

	private static FaultScenario guarded(String name, MapperType type) {
		return new FaultScenario(name, NOTHING, (stage) -> {
			stage.registry(guarding(stage, type));
			// The thread that waits for the signal
			if (stage.registry().warnings().isEmpty()) {
				stage.await("awaitSignal", 2);
			}
		}, "words");
	}

	private static FaultScenario endGuarded(String name, MapperType type) {
		return new FaultScenario(name, (stage) -> {
			stage.registry(guarding(stage, type));
			stage.await("awaitSignal", 2);
			// Without that signal the thread ends all the same, but seconds later
		}, (stage) -> stage.registry().close(), "", Set.of("signal"));
	}

	private static FaultScenario saved() {
		return new FaultScenario("save a guarded file", (stage) -> {
			stage.registry(stage.builder(MapperType.NATIVE)
				.declare("words",
						MappingSpec.file(stage.file())
							.truncation(TruncationPolicy.GUARD)
							.dontDump(true)
							.dontFork(true)
							.build())
				// Nobody else is to make calls meanwhile
				.truncationCheckInterval(Duration.ofHours(1))
				.build());
			stage.await("awaitSignal", 2);
		}, (stage) -> {
			MappingInfo words = stage.registry().mappings().iterator().next();
			// As by ': > file'
			FileChannel.open(stage.file(), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING).close();
			stage.await(() -> words.isDetached() || isSaidToBeUnguarded(stage));
			// The last call of the thread, which has nothing to guard any more
			stage.await("signal", 1);
			if (words.isDetached()) {
				assertThat(stage.registry().get("words").segment().get(JAVA_BYTE, FaultStage.LENGTH - 1)).isZero();
			}
			assertThat(words.isGuarded()).isFalse();
		}, "words");
	}

	private static boolean isSaidToBeUnguarded(FaultStage stage) {
		return stage.registry()
			.warnings()
			.stream()
			.anyMatch((warning) -> warning.kind() == MappingWarning.Kind.NOT_GUARDED
					&& warning.message().contains("words") && warning.message().contains("(injected)"));
	}

	private static FaultScenario watched(String name, MapperType type) {
		return new FaultScenario(name, NOTHING, (stage) -> {
			stage.registry(stage.builder(type)
				.declare("words", MappingSpec.file(stage.file()).build())
				.truncationCheckInterval(Duration.ofMillis(20))
				.build());
			stage.await("awaitEvents", 1);
		}, "words");
	}

	private static Stream<FaultScenario> reloads() {
		Step reloadable = (stage) -> {
			stage.registry(
					stage.builder(MapperType.NATIVE).declare("words", MappingSpec.file(stage.file()).build()).build());
			stage.replace("words");
		};
		Step guarded = (stage) -> {
			stage.registry(guarding(stage, MapperType.NATIVE));
			stage.await("awaitSignal", 2);
			stage.replace("words");
		};
		Step set = (stage) -> {
			stage.registry(set(stage).build());
			stage.replace("words.1");
			stage.replace("words.2");
		};
		return Stream.of(new FaultScenario("reload a file", reloadable, reload("words"), "words"),
				new FaultScenario("reload a guarded file", guarded, reload("words"), "words"),
				new FaultScenario("reload a set", set, reload("set"), "words"));
	}

	private static Step reload(String name) {
		return (stage) -> {
			stage.registry().reload(name);
			assertThat(stage.registry().mappings()).anyMatch((mapping) -> mapping.generation() > 1);
		};
	}

	private static Stream<FaultScenario> replacements() {
		Function<FaultStage, MappingSpec> memory = (stage) -> MappingSpec.anonymous(FaultStage.LENGTH).build();
		Function<FaultStage, MappingSpec> reserve = (
				stage) -> MappingSpec.anonymous(FaultStage.LENGTH).reserve(100_000).locked(true).build();
		return Stream.of(on("grow memory that moves", memory, (mapping) -> mapping.resize(1 << 20)),
				on("grow memory in its reserve", reserve, (mapping) -> mapping.resize(90_000)),
				on("shrink memory in its reserve", reserve, (mapping) -> mapping.resize(5000)),
				on("grow a created file", FaultScenario::creating, (mapping) -> mapping.resize(100_000)),
				on("grow a file in its reserve",
						(stage) -> MappingSpec.file(stage.created())
							.access(MappingAccess.READ_WRITE)
							.length(5000)
							.create(true)
							.reserve(100_000)
							.build(),
						(mapping) -> mapping.resize(90_000)),
				on("grow an in-memory file", (stage) -> MappingSpec.inMemoryFile("memory", FaultStage.LENGTH).build(),
						(mapping) -> mapping.resize(100_000)),
				on("make memory read-only", memory, (mapping) -> mapping.protect(Protection.READ)),
				on("make memory writable",
						(stage) -> MappingSpec.anonymous(FaultStage.LENGTH).protection(Protection.READ).build(),
						(mapping) -> mapping.protect(Protection.READ, Protection.WRITE)),
				on("make memory of a confined thread read-only",
						(stage) -> MappingSpec.anonymous(FaultStage.LENGTH).confined(true).build(),
						(mapping) -> mapping.protect(Protection.READ)),
				on("seal an in-memory file", (stage) -> MappingSpec.inMemoryFile("memory", FaultStage.LENGTH).build(),
						(mapping) -> mapping.seal(Seal.GROW)),
				on("seal an in-memory file against writing",
						(stage) -> MappingSpec.inMemoryFile("memory", FaultStage.LENGTH).locked(true).build(),
						(mapping) -> mapping.seal(Seal.WRITE)));
	}

	private static Stream<FaultScenario> operations() {
		Function<FaultStage, MappingSpec> file = (stage) -> readWrite(stage).build();
		Function<FaultStage, MappingSpec> memory = (stage) -> MappingSpec.anonymous(FaultStage.LENGTH).build();
		return Stream.of(probed("look what is resident", file, MemoryMapping::residency),
				probed("look what of memory is resident", memory, MemoryMapping::residency),
				on("prefault", file, MemoryMapping::prefaultForWriting), on("flush", file, MemoryMapping::flush),
				on("start to flush", file, MemoryMapping::startFlush), on("lock", file, MemoryMapping::lock),
				on("lock on fault", memory, MemoryMapping::lockOnFault),
				on("advise", memory, (mapping) -> mapping.advise(Advice.COLD)),
				on("discard", memory, (mapping) -> mapping.discard(DestructiveAdvice.DONT_NEED)),
				on("preload", (stage) -> MappingSpec.file(stage.file()).build(), FaultScenario::preload),
				probed("track changes", memory, (mapping) -> {
					try (ChangeTracking tracking = mapping.trackChanges()) {
						tracking.mark();
						assertThat(tracking.changes()).isEmpty();
					}
				}), new FaultScenario("unmap what is tracked", (stage) -> {
					stage.mapping(stage.registry().map(memory.apply(stage)));
					assertThat(stage.mapping().trackChanges().changes()).isNotNull();
				}, (stage) -> stage.mapping().close(), ""), leaked(),
				// A page that cannot be unmapped stays
				new FaultScenario("find out what the system offers", FaultStage::registry,
						(stage) -> assertThat(stage.registry().capabilities().all()).isNotEmpty(), "",
						Set.of("munmap")));
	}

	private static void preload(MemoryMapping mapping) throws InterruptedException {
		MappingPreload preload = mapping.preload();
		preload.await();
		switch (preload.failure()) {
			case null -> {
			}
			case RuntimeException ex -> throw ex;
			case Error ex -> throw ex;
			default -> throw new IllegalStateException(preload.failure());
		}
	}

	private static FaultScenario on(String name, Function<FaultStage, MappingSpec> spec, Use use) {
		return new FaultScenario(name, (stage) -> {
			stage.mapping(stage.registry().map(spec.apply(stage)));
			write(stage);
		}, (stage) -> use.of(stage.mapping()), "");
	}

	private static FaultScenario probed(String name, Function<FaultStage, MappingSpec> spec, Use use) {
		FaultScenario scenario = on(name, spec, use);
		Step probe = (stage) -> assertThat(stage.registry().capabilities().all()).isNotEmpty();
		return new FaultScenario(name, probe.andThen(scenario.given()), scenario.when(), "");
	}

	private static FaultScenario leaked() {
		return new FaultScenario("give back what was dropped", FaultStage::registry, (stage) -> {
			int leaks = stage.registry().leaks().size();
			assertThat(stage.registry().map(readWrite(stage).build()).length()).isEqualTo(FaultStage.LENGTH);
			Garbage.collectUntil(() -> stage.registry().leaks().size() > leaks);
			// What is still mapped then stays mapped, and is counted as that
		}, "words", Set.of("munmap"));
	}

	@Override
	public String toString() {
		return this.name;
	}

	/**
	 * Does something.
	 */
	@FunctionalInterface
	interface Step {

		void on(FaultStage stage) throws Exception;

		default Step andThen(Step next) {
			return (stage) -> {
				on(stage);
				next.on(stage);
			};
		}

	}

	/**
	 * Uses a mapping.
	 */
	@FunctionalInterface
	interface Use {

		void of(MemoryMapping mapping) throws Exception;

	}

}
