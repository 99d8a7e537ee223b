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

import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * What somebody may ask of a builder, valid or not, and how to ask it.
 *
 * @param mapper who is to map it
 * @param source what is to be mapped
 * @param options the options, with their values
 */
record AskedMapping(MapperType mapper, Source source, Map<Option, Object> options) {

	/** How long the file is. */
	static final int SIZE = 10_000;

	private static final String LONG_LABEL = "x".repeat(201);

	/**
	 * Return everything that may be asked for; most of it makes sense.
	 */
	static Arbitrary<AskedMapping> any(MapperType mapper) {
		Arbitrary<Map.Entry<Option, Object>> option = Arbitraries.of(Option.values())
			.flatMap((each) -> each.value().map((value) -> Map.entry(each, value)));
		return Combinators
			.combine(Arbitraries.of(Source.values()), option.list().ofMaxSize(5).uniqueElements(Map.Entry::getKey))
			.as((source, options) -> {
				Map<Option, Object> map = new EnumMap<>(Option.class);
				options.stream()
					.filter((each) -> each.getKey().sources.contains(source))
					.forEach((each) -> map.put(each.getKey(), each.getValue()));
				return new AskedMapping(mapper, source, map);
			});
	}

	/**
	 * Build the spec.
	 */
	MappingSpec spec(Path file, Path missing, URL resource, int descriptor) {
		return switch (this.source) {
			case FILE -> with(MappingSpec.file(file));
			case MISSING_FILE -> with(MappingSpec.file(missing));
			case RESOURCE -> with(MappingSpec.resource(resource));
			case DESCRIPTOR -> with(MappingSpec.descriptor(descriptor));
			case ANONYMOUS -> with(MappingSpec.anonymous(length(4096L)));
			case IN_MEMORY_FILE -> with(MappingSpec.inMemoryFile("property", length(4096L)));
		};
	}

	private MappingSpec with(MappingBuilder<?> builder) {
		this.options.forEach((option, value) -> option.apply(builder, value));
		return builder.build();
	}

	boolean is(Option option) {
		return Boolean.TRUE.equals(this.options.get(option));
	}

	boolean has(Option option) {
		return this.options.containsKey(option);
	}

	boolean has(Option option, Object value) {
		return value.equals(this.options.get(option));
	}

	@Nullable Long number(Option option) {
		return (Long) this.options.get(option);
	}

	long offset() {
		Long offset = number(Option.OFFSET);
		return (offset != null) ? offset : 0;
	}

	long length(long otherwise) {
		Long length = number(Option.LENGTH);
		return (length != null) ? length : otherwise;
	}

	MappingAccess access() {
		MappingAccess access = (MappingAccess) this.options.get(Option.ACCESS);
		return (access != null) ? access : (isAllocated()) ? MappingAccess.READ_WRITE
				: is(Option.COPY_ON_WRITE) ? MappingAccess.COPY_ON_WRITE : MappingAccess.READ_ONLY;
	}

	@SuppressWarnings("unchecked")
	Set<Protection> protection() {
		Set<Protection> protection = (Set<Protection>) this.options.get(Option.PROTECTION);
		return (protection != null) ? protection : (access() == MappingAccess.READ_ONLY) ? Set.of(Protection.READ)
				: Set.of(Protection.READ, Protection.WRITE);
	}

	boolean isAllocated() {
		return this.source == Source.ANONYMOUS || this.source == Source.IN_MEMORY_FILE;
	}

	/**
	 * Where the content comes from.
	 */
	enum Source {

		FILE, MISSING_FILE, RESOURCE, DESCRIPTOR, ANONYMOUS, IN_MEMORY_FILE;

		private static final Set<Source> ALL = Set.of(values());

		private static final Set<Source> CONTENT = Set.of(FILE, MISSING_FILE, RESOURCE, DESCRIPTOR);

		private static final Set<Source> FILES = Set.of(FILE, MISSING_FILE);

		private static final Set<Source> OPENED = Set.of(FILE, MISSING_FILE, DESCRIPTOR);

		private static final Set<Source> ALLOCATED = Set.of(ANONYMOUS, IN_MEMORY_FILE);

	}

	/**
	 * What can be said of a mapping.
	 */
	enum Option {

		ACCESS("access", Source.OPENED, List.of(MappingAccess.values()), List.of()),

		COPY_ON_WRITE("access", Set.of(Source.RESOURCE), List.of(true), List.of()),

		OFFSET("offset", Source.CONTENT, List.of(0L, 1L, 4095L, 4096L, 4097L, SIZE - 1L),
				List.of((long) SIZE, SIZE + 1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 4095)),

		LENGTH("length", Source.ALL, List.of(1L, 100L, 4095L, 4096L, 4097L, (long) SIZE),
				List.of(0L, -1L, -4096L, SIZE + 1L, 1L << 22, (1L << 62) + 1, Long.MAX_VALUE, Long.MIN_VALUE)),

		CREATE("create", Source.FILES, List.of(true, false), List.of()),

		EXCLUSIVE("exclusive", Source.FILES, List.of(true, false), List.of()),

		COPY("copy", Source.CONTENT, List.of(true, false), List.of()),

		PRELOAD("preload", Source.CONTENT, List.of(true, false), List.of()),

		MAP_SYNC("map-sync", Source.OPENED, List.of(false), List.of(true)),

		RESERVE("reserve", union(Source.OPENED, Source.ALLOCATED), List.of((long) SIZE, 1L << 20),
				List.of(1L, 0L, -1L, (1L << 62) + 1, Long.MAX_VALUE)),

		RELOAD_ON_UPDATE("reload-on-update", Source.FILES, List.of(true, false), List.of()),

		TRUNCATION("truncation", Source.FILES, List.of(TruncationPolicy.values()), List.of()),

		FLUSH_INTERVAL("flush-interval", Source.FILES, List.of(Duration.ofMillis(1), Duration.ofDays(1)),
				List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofNanos(999_999))),

		FLUSH_ON_UNMAP("flush-on-unmap", Source.FILES, List.of(true, false), List.of()),

		HUGE_TLB("huge-tlb", Source.ALLOCATED, List.of(HugePages.NEVER, HugePages.TRY), List.of(HugePages.REQUIRE)),

		HUGE_PAGE_SIZE("huge-page-size", Source.ALLOCATED, List.of(1L << 21),
				List.of(0L, -1L, 3L, 1L << 20, Long.MIN_VALUE)),

		SHARED("shared", Set.of(Source.ANONYMOUS), List.of(true, false), List.of()),

		SEALS("seals", Set.of(Source.IN_MEMORY_FILE), List.of(Seal.SHRINK, Seal.GROW, Seal.FUTURE_WRITE, Seal.SEAL),
				List.of(Seal.WRITE)),

		LAZY("lazy", Source.ALL, List.of(false), List.of(true)),

		CONFINED("confined", Source.ALL, List.of(true, false), List.of()),

		LABEL("label", Source.ALL, List.of("", "fine", "\u00e4\u6f22\ud83d\ude00"),
				List.of("a\nb", "\u2028", LONG_LABEL)),

		PROTECTION("protection", Source.ALL,
				List.of(Set.of(Protection.READ), Set.of(Protection.READ, Protection.WRITE), Set.of(Protection.WRITE),
						Set.of()),
				List.of(Set.of(Protection.READ, Protection.EXECUTE), Set.of(Protection.values()))),

		WRITABLE_AND_EXECUTABLE("writable-and-executable", Source.ALL, List.of(true, false), List.of()),

		ADVICE("advice", Source.ALL, List.of(Advice.SEQUENTIAL, Advice.DONT_DUMP, Advice.COLD),
				List.of(Advice.WIPE_ON_FORK)),

		LOCKED("locked", Source.ALL, List.of(true, false), List.of()),

		NO_RESERVE("no-reserve", Source.ALL, List.of(true, false), List.of()),

		MAP_32_BIT("map-32bit", Source.ALL, List.of(true, false), List.of()),

		POPULATE("populate", Source.ALL, List.of(true, false), List.of()),

		HUGE_PAGES("huge-pages", Source.ALL, List.of(HugePages.NEVER, HugePages.TRY), List.of(HugePages.REQUIRE)),

		// MAP_STACK; MAP_FIXED, MAP_GROWSDOWN, MAP_HUGETLB, MAP_PRIVATE
		FLAGS("flags", Source.ALL, List.of(0, 0x20000), List.of(0x10, 0x100, 0x40000, 2, -1)),

		PROTECTION_BITS("protection-bits", Source.ALL, List.of(0), List.of(1, 2, 4, -1));

		final String property;

		private final Set<Source> sources;

		private final List<?> usual;

		private final List<?> odd;

		Option(String property, Set<Source> sources, List<?> usual, List<?> odd) {
			this.property = property;
			this.sources = sources;
			this.usual = usual;
			this.odd = odd;
		}

		private static Set<Source> union(Set<Source> some, Set<Source> others) {
			return Stream.concat(some.stream(), others.stream()).collect(Collectors.toSet());
		}

		private Arbitrary<Object> value() {
			Arbitrary<Object> usual = Arbitraries.of(List.<Object>copyOf(this.usual));
			return (this.odd.isEmpty()) ? usual : Arbitraries.frequencyOf(Tuple.of(6, usual),
					Tuple.of(1, Arbitraries.of(List.<Object>copyOf(this.odd))));
		}

		@SuppressWarnings("unchecked")
		private void apply(MappingBuilder<?> builder, Object value) {
			switch (this) {
				case ACCESS -> {
					if (builder instanceof FileMappingBuilder file) {
						file.access((MappingAccess) value);
					}
					else {
						((DescriptorMappingBuilder) builder).access((MappingAccess) value);
					}
				}
				case COPY_ON_WRITE -> ((ResourceMappingBuilder) builder).copyOnWrite();
				case OFFSET -> ((ContentMappingBuilder<?>) builder).offset((long) value);
				case LENGTH -> builder.length((long) value);
				case CREATE -> ((FileMappingBuilder) builder).create((boolean) value);
				case EXCLUSIVE -> ((FileMappingBuilder) builder).exclusive((boolean) value);
				case COPY -> ((ContentMappingBuilder<?>) builder).copy((boolean) value);
				case PRELOAD -> ((ContentMappingBuilder<?>) builder).preload((boolean) value);
				case MAP_SYNC -> {
					if (builder instanceof FileMappingBuilder file) {
						file.mapSync((boolean) value);
					}
					else {
						((DescriptorMappingBuilder) builder).mapSync((boolean) value);
					}
				}
				case RESERVE -> {
					switch (builder) {
						case FileMappingBuilder file -> file.reserve((long) value);
						case DescriptorMappingBuilder descriptor -> descriptor.reserve((long) value);
						default -> ((AllocatedMappingBuilder<?>) builder).reserve((long) value);
					}
				}
				case RELOAD_ON_UPDATE -> ((FileMappingBuilder) builder).reloadOnUpdate((boolean) value);
				case TRUNCATION -> ((FileMappingBuilder) builder).truncation((TruncationPolicy) value);
				case FLUSH_INTERVAL -> ((FileMappingBuilder) builder).flushInterval((Duration) value);
				case FLUSH_ON_UNMAP -> ((FileMappingBuilder) builder).flushOnUnmap((boolean) value);
				case HUGE_TLB -> ((AllocatedMappingBuilder<?>) builder).hugeTlb((HugePages) value);
				case HUGE_PAGE_SIZE -> ((AllocatedMappingBuilder<?>) builder).hugePageSize((long) value);
				case SHARED -> ((AnonymousMappingBuilder) builder).shared((boolean) value);
				case SEALS -> ((InMemoryFileMappingBuilder) builder).seals((Seal) value);
				case LAZY -> builder.lazy((boolean) value);
				case CONFINED -> builder.confined((boolean) value);
				case LABEL -> builder.label((String) value);
				case PROTECTION -> builder.protection(((Set<Protection>) value).toArray(Protection[]::new));
				case WRITABLE_AND_EXECUTABLE -> builder.writableAndExecutable((boolean) value);
				case ADVICE -> builder.advice((Advice) value);
				case LOCKED -> builder.locked((boolean) value);
				case NO_RESERVE -> builder.noReserve((boolean) value);
				case MAP_32_BIT -> builder.map32Bit((boolean) value);
				case POPULATE -> builder.populate((boolean) value);
				case HUGE_PAGES -> builder.hugePages((HugePages) value);
				case FLAGS -> builder.flags((int) value);
				case PROTECTION_BITS -> builder.protectionBits((int) value);
			}
		}

	}

}
