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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.internal.ffi.SystemCalls;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Dirty pages that are written, all of them or those of a range.
 */
@ExtendWith(NothingLeftBehind.class)
class RangeFlushTests {

	private static final int PAGE = (int) new LinuxSystemCalls().pageSize();

	private static final int SIZE = 64 * PAGE;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	private final List<List<Object>> flushes = new CopyOnWriteArrayList<>();

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

	/** The system calls, with the arguments of flushes written down. */
	private SystemCalls recording() {
		SystemCalls real = this.calls.proxy();
		return (SystemCalls) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { SystemCalls.class },
				(proxy, method, arguments) -> {
					if (method.getName().equals("msync")) {
						this.flushes.add(List.of(arguments));
					}
					try {
						return method.invoke(real, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	@Test
	void thePagesThatARangeTouchesAreFlushed() {
		try (MemoryMapping mapping = this.registry.map(readWrite())) {
			mapping.range(2 * PAGE + 10, PAGE).flush();
			assertThat(this.flushes)
				.containsExactly(List.of(mapping.address() + 2 * PAGE, (long) PAGE + 10, Linux.MS_SYNC));
		}
	}

	@Test
	void theWholeMappingIsFlushedFromItsFirstPage() {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).offset(10).build())) {
			mapping.flush();
			assertThat(this.flushes).containsExactly(List.of(mapping.address() - 10, (long) SIZE, Linux.MS_SYNC));
		}
	}

	@Test
	void anEmptyRangeNeedsNoSystemCall() {
		try (MemoryMapping mapping = this.registry.map(readWrite())) {
			mapping.range(SIZE, 0).flush();
			assertThat(this.flushes).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	void whatWasWrittenIsInTheFile(MapperType mapper) throws IOException {
		try (MappingRegistry each = MappingRegistry.builder().mapper(mapper).build();
				MemoryMapping mapping = each.map(readWrite())) {
			mapping.segment().set(JAVA_BYTE, PAGE + 1, (byte) 42);
			mapping.range(PAGE, PAGE).flush();
			assertThat(Files.readAllBytes(this.file)[PAGE + 1]).isEqualTo((byte) 42);
		}
	}

	@Test
	void aFlushOfARangeLeavesNothingOfItDirty() {
		try (MemoryMapping mapping = this.registry.map(readWrite())) {
			mapping.flush();
			mapping.segment().set(JAVA_BYTE, 0, (byte) 1);
			MappedRange range = mapping.range(0, PAGE);
			assertThat(range.residency().dirty()).isEqualTo(PAGE);
			range.flush();
			assertThat(range.residency().dirty()).isZero();
		}
	}

	@Test
	void aFlushThatWasStartedWritesWithoutAnybodyWaiting() throws InterruptedException {
		try (MemoryMapping mapping = this.registry.map(readWrite())) {
			mapping.flush();
			mapping.segment().fill((byte) 1);
			assertThat(mapping.residency().dirty()).isEqualTo(SIZE);
			mapping.startFlush();
			long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
			while (!Long.valueOf(0).equals(mapping.residency().dirty()) && System.nanoTime() < end) {
				Thread.sleep(5);
			}
			assertThat(mapping.residency().dirty()).isZero();
			assertThat(this.flushes).hasSize(1);
		}
	}

	@Test
	void aFlushThatCannotBeStartedIsReported() {
		try (MemoryMapping mapping = this.registry.map(readWrite())) {
			this.calls.failOnce("startWriting", Errno.EIO);
			assertThatExceptionOfType(MappingException.class).isThrownBy(mapping::startFlush)
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EIO));
		}
	}

	@Test
	void theJdkMapperCannotStartAFlushAndSaysWhatToDo() {
		try (MappingRegistry jdk = MappingRegistry.builder().mapper(MapperType.JDK).build();
				MemoryMapping mapping = jdk.map(readWrite())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::startFlush)
				.withMessageContaining("--enable-native-access=ALL-UNNAMED")
				.withMessageContaining("Enable-Native-Access: ALL-UNNAMED");
		}
	}

	@Test
	void anonymousMemoryCannotBeFlushed() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::flush)
				.withMessageContaining("no file is behind it");
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> mapping.range(0, 1).startFlush());
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "READ_WRITE")
	void whatNeverReachesTheFileCannotBeFlushed(MappingAccess access) {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).access(access).build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> mapping.range(0, 1).flush())
				.withMessageContaining("Map it with access read-write");
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::startFlush);
		}
	}

	private MappingSpec readWrite() {
		return MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build();
	}

}
