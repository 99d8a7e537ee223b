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

package io.mmap.docs;

import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.lang.invoke.WrongMethodTypeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.MapperType;
import io.mmap.MappingAccess;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The code of {@code docs/records.md} is the code below, between the tags, and works.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class RecordTableTests {

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private Path path;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() {
		this.path = this.directory.resolve("cities.bin");
		this.registry = MappingRegistry.builder().mapper(this.mapper).build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
	}

	@Test
	void thePageSaysHowLongARecordIs() {
		assertThat(Page.of("docs/records.md").text()).contains("A record has " + Cities.CITY.byteSize() + " bytes");
	}

	@Test
	void recordsAreFoundByTheirKey() {
		create(this.registry, this.path);
		assertThat(describe(this.registry, this.path, 2_643_743)).isEqualTo("London has 8961989 inhabitants");
		assertThat(describe(this.registry, this.path, 1_850_147)).isEqualTo("東京 has 9733276 inhabitants");
		assertThat(describe(this.registry, this.path, 2_950_159)).isEqualTo("Berlin has 3426354 inhabitants");
		assertThat(describe(this.registry, this.path, 42)).isEqualTo("unknown");
	}

	@Test
	void aKeyThatIsNotThereIsNotFound() {
		try (MemoryMapping mapping = map(3)) {
			Cities cities = new Cities(mapping.segment());
			for (int i = 0; i < 3; i++) {
				cities.write(i, 10 * (i + 1), 0, "");
			}
			assertThat(List.of(cities.find(Long.MIN_VALUE), cities.find(15), cities.find(25), cities.find(31)))
				.containsExactly(-1L, -2L, -3L, -4L);
		}
	}

	@Test
	void theFileHasItsFieldsWhereTheLayoutSaysInItsByteOrder() throws IOException {
		try (MemoryMapping mapping = map(2)) {
			new Cities(mapping.segment()).write(1, 0x0102030405060708L, 0x01020304, "Ulm");
		}
		ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(this.path)).order(ByteOrder.LITTLE_ENDIAN);
		assertThat(file.capacity()).isEqualTo(96);
		assertThat(file.getLong(48)).isEqualTo(0x0102030405060708L);
		assertThat(file.getInt(48 + 16)).isEqualTo(0x01020304);
		assertThat(new String(file.array(), 48 + 20, 3, StandardCharsets.UTF_8)).isEqualTo("Ulm");
	}

	@Test
	void aNameMayFillItsField() {
		try (MemoryMapping mapping = map(1)) {
			Cities cities = new Cities(mapping.segment());
			cities.write(0, 1, 0, "123456789012345678901234");
			assertThat(cities.name(0)).isEqualTo("123456789012345678901234");
			cities.write(0, 1, 0, "Ulm");
			assertThat(cities.name(0)).isEqualTo("Ulm");
		}
	}

	@Test
	void aNameThatDoesNotFitIsRefusedInsteadOfBeingCutWithinACharacter() {
		try (MemoryMapping mapping = map(1)) {
			Cities cities = new Cities(mapping.segment());
			assertThatIllegalArgumentException().isThrownBy(() -> cities.write(0, 1, 0, "東京".repeat(5)))
				.withMessage("A name has at most 24 bytes: " + "東京".repeat(5));
		}
	}

	@Test
	void visitsThatAreCountedByManyThreadsAreAllCounted() throws Exception {
		Executor threads = (task) -> Thread.ofPlatform().start(task);
		try (MemoryMapping mapping = map(2)) {
			Cities cities = new Cities(mapping.segment());
			Runnable visitor = () -> {
				for (int i = 0; i < 100_000; i++) {
					cities.visit(1);
				}
			};
			CompletableFuture<Void> other = CompletableFuture.runAsync(visitor, threads);
			CompletableFuture.runAsync(visitor, threads).get();
			other.get();
			assertThat(cities.visits(1)).isEqualTo(200_000);
			assertThat(cities.visits(0)).isZero();
		}
	}

	@Test
	void aMappingThatDoesNotStartAtAMultipleOfEightIsRefusedByTheLayout() throws IOException {
		Files.write(this.path, new byte[100]);
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.path).offset(4).build())) {
			Cities cities = new Cities(mapping.segment());
			assertThatIllegalArgumentException().isThrownBy(() -> cities.find(1)).withMessageContaining("alignment");
		}
	}

	@Test
	void aLayoutWhoseFieldIsNotAlignedIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> MemoryLayout.structLayout(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
	}

	@Test
	void withoutPaddingAtTheEndEveryOtherRecordIsRefused() {
		VarHandle id = MemoryLayout.structLayout(ValueLayout.JAVA_LONG.withName("id"), ValueLayout.JAVA_INT)
			.arrayElementVarHandle(PathElement.groupElement("id"));
		try (MemoryMapping mapping = map(1)) {
			assertThat((long) id.get(mapping.segment(), 0L, 2L)).isZero();
			assertThatIllegalArgumentException().isThrownBy(() -> id.get(mapping.segment(), 0L, 1L));
		}
	}

	@Test
	void aFieldThatNeedNotBeAlignedIsReadAndWrittenOnlyPlainly() {
		VarHandle id = MemoryLayout.structLayout(ValueLayout.JAVA_LONG_UNALIGNED.withName("id"))
			.arrayElementVarHandle(PathElement.groupElement("id"));
		try (MemoryMapping mapping = map(1)) {
			assertThat((long) id.get(mapping.segment(), 4L, 0L)).isZero();
			assertThatExceptionOfType(UnsupportedOperationException.class)
				.isThrownBy(() -> id.getAndAdd(mapping.segment(), 0L, 0L, 1L));
		}
	}

	@Test
	void aSlowMistakeIsAnException() {
		try (MemoryMapping mapping = map(1)) {
			assertThatExceptionOfType(WrongMethodTypeException.class)
				.isThrownBy(() -> Cities.POPULATION.get(mapping.segment(), 0, 0));
		}
	}

	@Test
	void aRecordPastTheEndIsRefused() {
		try (MemoryMapping mapping = map(2)) {
			Cities cities = new Cities(mapping.segment());
			assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> cities.population(2));
		}
	}

	// tag::records-write[]
	static void create(MappingRegistry registry, Path path) {
		MappingSpec spec = MappingSpec.file(path)
			.access(MappingAccess.READ_WRITE)
			.create(true)
			.length(3 * Cities.CITY.byteSize())
			.build();
		try (MemoryMapping mapping = registry.map(spec)) {
			Cities cities = new Cities(mapping.segment());
			cities.write(0, 1_850_147, 9_733_276, "東京");
			cities.write(1, 2_643_743, 8_961_989, "London");
			cities.write(2, 2_950_159, 3_426_354, "Berlin");
			mapping.flush(); // it survives a power failure from now on
		}
	}
	// end::records-write[]

	// tag::records-read[]
	static String describe(MappingRegistry registry, Path path, long id) {
		try (MemoryMapping mapping = registry.map(MappingSpec.file(path).build())) {
			Cities cities = new Cities(mapping.segment());
			long index = cities.find(id);
			return (index >= 0) ? cities.name(index) + " has " + cities.population(index) + " inhabitants" : "unknown";
		}
	}
	// end::records-read[]

	private MemoryMapping map(int records) {
		return this.registry.map(MappingSpec.file(this.path)
			.access(MappingAccess.READ_WRITE)
			.create(true)
			.length(records * Cities.CITY.byteSize())
			.build());
	}

	/**
	 * The table of the page.
	 */
	private static final class Cities {

		// tag::records-layout[]
		private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

		private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

		static final StructLayout CITY = MemoryLayout.structLayout( // byte
				LONG.withName("id"), // 0: the key, in ascending order
				LONG.withName("visits"), // 8: a counter
				INT.withName("population"), // 16
				MemoryLayout.sequenceLayout(24, ValueLayout.JAVA_BYTE).withName("name"), // 20
				MemoryLayout.paddingLayout(4)); // 44: up to a multiple of 8

		// end::records-layout[]

		// tag::records-handles[]
		private static final VarHandle ID = handle("id");

		private static final VarHandle VISITS = handle("visits");

		private static final VarHandle POPULATION = handle("population");

		private static final long NAME = CITY.byteOffset(PathElement.groupElement("name"));

		private static final int NAME_LENGTH = (int) CITY.select(PathElement.groupElement("name")).byteSize();

		private static VarHandle handle(String field) {
			return CITY.arrayElementVarHandle(PathElement.groupElement(field)).withInvokeExactBehavior();
		}
		// end::records-handles[]

		// tag::records-fields[]
		private final MemorySegment table;

		Cities(MemorySegment table) {
			this.table = table;
		}

		long count() {
			return this.table.byteSize() / CITY.byteSize();
		}

		int population(long index) {
			return (int) POPULATION.get(this.table, 0L, index);
		}
		// end::records-fields[]

		// tag::records-search[]
		long find(long id) {
			long low = 0;
			long high = count() - 1;
			while (low <= high) {
				long middle = (low + high) >>> 1;
				int order = Long.compare((long) ID.get(this.table, 0L, middle), id);
				if (order == 0) {
					return middle;
				}
				if (order < 0) {
					low = middle + 1;
				}
				else {
					high = middle - 1;
				}
			}
			return -low - 1; // as Arrays.binarySearch does
		}
		// end::records-search[]

		// tag::records-text[]
		String name(long index) {
			byte[] name = new byte[NAME_LENGTH];
			MemorySegment.copy(this.table, ValueLayout.JAVA_BYTE, index * CITY.byteSize() + NAME, name, 0, NAME_LENGTH);
			int length = 0;
			while (length < NAME_LENGTH && name[length] != 0) {
				length++;
			}
			return new String(name, 0, length, StandardCharsets.UTF_8);
		}

		void write(long index, long id, int population, String name) {
			byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
			if (bytes.length > NAME_LENGTH) {
				throw new IllegalArgumentException("A name has at most " + NAME_LENGTH + " bytes: " + name);
			}
			ID.set(this.table, 0L, index, id);
			POPULATION.set(this.table, 0L, index, population);
			MemorySegment field = this.table.asSlice(index * CITY.byteSize() + NAME, NAME_LENGTH);
			field.fill((byte) 0).copyFrom(MemorySegment.ofArray(bytes));
		}
		// end::records-text[]

		// tag::records-counter[]
		long visit(long index) {
			return (long) VISITS.getAndAdd(this.table, 0L, index, 1L) + 1;
		}

		long visits(long index) {
			return (long) VISITS.getVolatile(this.table, 0L, index);
		}
		// end::records-counter[]

	}

}
