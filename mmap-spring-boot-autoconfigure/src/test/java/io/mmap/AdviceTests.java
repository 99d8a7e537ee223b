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

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.internal.ffi.SystemCalls;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Advice that reaches the kernel, as its own record of the pages shows.
 */
@ExtendWith(NothingLeftBehind.class)
class AdviceTests {

	private static final int PAGE = (int) new LinuxSystemCalls().pageSize();

	private static final int SIZE = 16 * PAGE;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	private final List<Object> numbers = new CopyOnWriteArrayList<>();

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[SIZE]);
		this.registry = new DefaultMappingRegistryBuilder().mapper(new NativeMapper(recording(), "for a test")).build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
		assertThat(ProcessMaps.regions(this.file)).isEmpty();
		assertThat(ProcessMaps.descriptors(this.file)).isEmpty();
	}

	private SystemCalls recording() {
		SystemCalls real = this.calls.proxy();
		return (SystemCalls) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { SystemCalls.class },
				(proxy, method, arguments) -> {
					if (method.getName().equals("madvise")) {
						this.numbers.add(arguments[2]);
					}
					try {
						return method.invoke(real, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	@ParameterizedTest
	@CsvSource({ "random, rr", "sequential, sr", "dont-fork, dc", "dont-dump, dd", "huge-page, hg", "no-huge-page, nh",
			"mergeable, mg", "wipe-on-fork, wf" })
	void theKernelNotesAdvice(String name, String flag) throws IOException {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			assertThat(ProcessMaps.flags(mapping.address())).doesNotContain(flag);
			mapping.advise(Advice.of(name));
			assertThat(ProcessMaps.flags(mapping.address())).contains(flag);
		}
	}

	@ParameterizedTest
	@CsvSource({ "random, normal, rr", "dont-fork, do-fork, dc", "dont-dump, do-dump, dd",
			"huge-page, no-huge-page, hg", "mergeable, unmergeable, mg", "wipe-on-fork, keep-on-fork, wf" })
	void adviceIsUndoneByItsOpposite(String name, String opposite, String flag) throws IOException {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			mapping.advise(Advice.of(name));
			mapping.advise(Advice.of(opposite));
			assertThat(ProcessMaps.flags(mapping.address())).doesNotContain(flag);
		}
	}

	@ParameterizedTest
	@CsvSource({ "normal, 0", "random, 1", "sequential, 2", "will-need, 3", "dont-fork, 10", "do-fork, 11",
			"mergeable, 12", "unmergeable, 13", "huge-page, 14", "no-huge-page, 15", "dont-dump, 16", "do-dump, 17",
			"wipe-on-fork, 18", "keep-on-fork, 19", "cold, 20", "page-out, 21" })
	void eachAdviceIsPassedByItsNumber(String name, int number) {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			mapping.segment().set(JAVA_BYTE, 0, (byte) 42);
			mapping.advise(Advice.of(name));
			assertThat(this.numbers).containsExactly(number);
			assertThat(Advice.ofNumber(number)).isEqualTo(Advice.of(name)).hasToString(name);
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 42);
		}
	}

	@Test
	void collapsingIsAdviceTwentyFive() {
		assertThat(Advice.COLLAPSE.number()).isEqualTo(25);
	}

	@Test
	void adviceForARangeIsForThePagesThatItTouches() throws IOException {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			mapping.range(4 * PAGE + 10, PAGE).advise(Advice.RANDOM);
			assertThat(ProcessMaps.regions(this.file)).hasSize(3);
			assertThat(ProcessMaps.flags(mapping.address())).doesNotContain("rr");
			assertThat(ProcessMaps.flags(mapping.address() + 4 * PAGE)).contains("rr");
			assertThat(ProcessMaps.flags(mapping.address() + 5 * PAGE)).contains("rr");
			assertThat(ProcessMaps.flags(mapping.address() + 6 * PAGE)).doesNotContain("rr");
		}
	}

	@Test
	void aNumberWithoutANameIsMarkedAsSuchAndPassed() {
		Advice populate = Advice.ofNumber(22);
		assertThat(populate.isNumberOnly()).isTrue();
		assertThat(populate).hasToString("advice 22 (a number without a name here)");
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			mapping.advise(populate);
			assertThat(this.numbers).containsExactly(22);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 4, 8, 9, 24, 100, 101, 102, 103, -1 })
	void numbersThatDoHarmAreRefused(int number) {
		assertThatIllegalArgumentException().isThrownBy(() -> Advice.ofNumber(number));
		assertThatIllegalArgumentException().isThrownBy(() -> Advice.of(Integer.toString(number)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "will-need", "WILL_NEED", " Will-Need ", "3" })
	void namesAreReadInAnySpelling(String text) {
		assertThat(Advice.of(text)).isEqualTo(Advice.WILL_NEED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "soon", "99999999999", "1x" })
	void unknownNamesAreRefusedWithThoseThatThereAre(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Advice.of(text))
			.withMessageContaining("normal, random, sequential, will-need");
	}

	@Test
	void adviceOfASpecIsGivenWhenItIsMapped() throws IOException {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(this.file).advice(Advice.RANDOM, Advice.DONT_DUMP).build())) {
			assertThat(ProcessMaps.flags(mapping.address())).contains("rr", "dd");
		}
	}

	@Test
	void adviceOfASpecThatTheSystemRefusesIsLoggedOnceAndTheMappingWorks() {
		this.calls.failOnce("madvise", Errno.EINVAL);
		try (CapturedLog log = new CapturedLog();
				MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).advice(Advice.RANDOM).build())) {
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isZero();
			assertThat(log.messages(Level.INFO).stream().filter((message) -> message.contains("without option")))
				.singleElement()
				.asString()
				.contains("'advice random'", "EINVAL");
		}
	}

	@Test
	void adviceForAnonymousMemoryIsRefusedInTheSpecOfAFile() {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.file(this.file).advice(Advice.MERGEABLE).build())
			.withMessageContaining("private anonymous memory only");
	}

	@Test
	void adviceThatTheSystemRefusesIsExplained() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping.advise(Advice.WIPE_ON_FORK))
				.withMessageContaining("does not support this for this kind of memory")
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EINVAL));
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isZero();
		}
	}

	@Test
	void theJdkMapperRefusesWithWhatToDo() {
		try (MappingRegistry jdk = MappingRegistry.builder().mapper(MapperType.JDK).build();
				MemoryMapping mapping = jdk.map(MappingSpec.file(this.file).build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> mapping.advise(Advice.RANDOM))
				.withMessageContaining("--enable-native-access=ALL-UNNAMED");
		}
	}

}
