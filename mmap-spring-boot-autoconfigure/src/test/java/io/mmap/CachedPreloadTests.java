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
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.SystemCalls;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.MemoryRegion;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is in the page cache already is preloaded in another way than what is not.
 */
@ExtendWith(NothingLeftBehind.class)
class CachedPreloadTests {

	private static final int LENGTH = (int) CachedPiece.MIN_LENGTH + 5000;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[LENGTH]);
		this.registry = new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.build();
		// So that the probes have made their calls
		assertThat(this.registry.capabilities().isAvailable("cachestat")).isTrue();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		assertThat(ProcessMaps.descriptors(this.directory)).isEmpty();
	}

	@Test
	void whatIsInThePageCacheIsMappedByTouchingIt() throws Exception {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			assertThat(populatedPieces(mapping)).isZero();
			assertThat(MemoryRegion.at(mapping.address()).kilobytes("Rss")).isGreaterThanOrEqualTo(LENGTH / 1024);
		}
	}

	@Test
	void aMappingThatStartsAnywhereIsMappedToItsEnd() throws Exception {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).offset(4999).build())) {
			assertThat(populatedPieces(mapping)).isZero();
			assertThat(MemoryRegion.at(mapping.address()).kilobytes("Rss"))
				.isGreaterThanOrEqualTo(mapping.length() / 1024);
		}
	}

	@Test
	void whatIsNotInThePageCacheIsPopulated() throws Exception {
		evict();
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			assertThat(populatedPieces(mapping)).isPositive();
			assertThat(mapping.residency().resident()).isEqualTo(LENGTH);
		}
	}

	@Test
	void whatIsReadAheadIsPopulatedToo() throws Exception {
		evict();
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			assertThat(populatedPieces(mapping)).isEqualTo(17);
			assertThat(populatedPieces(mapping)).isZero();
		}
	}

	@Test
	void aShortMappingIsPopulatedWithoutADescriptor() throws Exception {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).length(1 << 20).build())) {
			assertThat(populatedPieces(mapping)).isEqualTo(1);
			assertThat(ProcessMaps.descriptors(this.directory)).isEmpty();
		}
	}

	@Test
	void privatePagesArePopulated() throws Exception {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(this.file).access(MappingAccess.COPY_ON_WRITE).build())) {
			assertThat(populatedPieces(mapping)).isEqualTo(17);
		}
	}

	@Test
	void whereThePageCacheCannotBeLookedAtPagesArePopulated() throws Exception {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			this.calls.failOnce("cachestat", Errno.EPERM);
			assertThat(populatedPieces(mapping)).isEqualTo(17);
		}
	}

	@Test
	void whereNobodyCanTellWhatTheKernelHasMappedPagesArePopulated() throws Exception {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			this.calls.failOnce("countPages", Errno.ENOMEM);
			assertThat(populatedPieces(mapping)).isEqualTo(17);
		}
	}

	@Test
	void whatWasTruncatedIsNotTouched() throws Exception {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE)) {
				channel.truncate(3 << 20);
			}
			MappingPreload preload = mapping.preload();
			assertThat(preload.await()).isEqualTo(MappingPreload.State.FAILED);
			assertThat(preload.loaded()).isEqualTo(3 << 20);
			assertThat(preload.failure()).isInstanceOfSatisfying(MappingException.class,
					(ex) -> assertThat(ex.errno()).hasValue(Errno.EFAULT));
		}
	}

	@Test
	void whatIsTruncatedJustBeforeItIsTouchedFailsAsIfItHadBeenPopulated() throws Exception {
		AtomicInteger pieces = new AtomicInteger();
		SystemCalls truncating = (SystemCalls) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { SystemCalls.class }, (proxy, method, arguments) -> {
					Object result = invoke(method, arguments);
					if (method.getName().equals("cachestat") && pieces.incrementAndGet() == 1) {
						try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE)) {
							channel.truncate(1);
						}
					}
					return result;
				});
		try (MappingRegistry registry = new DefaultMappingRegistryBuilder()
			.mapper(new NativeMapper(truncating, "for a test"))
			.build(); MemoryMapping mapping = registry.map(MappingSpec.file(this.file).build())) {
			assertThat(registry.capabilities().isAvailable("cachestat")).isTrue();
			pieces.set(0);
			MappingPreload preload = mapping.preload();
			assertThat(preload.await()).isEqualTo(MappingPreload.State.FAILED);
			assertThat(preload.failure()).isInstanceOfSatisfying(MappingException.class,
					(ex) -> assertThat(ex.errno()).hasValue(Errno.EFAULT));
		}
	}

	@Test
	void whatMayNotBeReadIsRefusedAndNotTheEndOfTheJvm() throws Exception {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).protection().build())) {
			MappingPreload preload = mapping.preload();
			assertThat(preload.await()).isEqualTo(MappingPreload.State.FAILED);
			assertThat(preload.failure()).isInstanceOf(UnsupportedMappingOperationException.class)
				.hasMessageContaining("its pages may not be read");
		}
	}

	private Object invoke(Method method, Object[] arguments) throws Throwable {
		try {
			return method.invoke(this.calls.proxy(), arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	private long populatedPieces(MemoryMapping mapping) throws InterruptedException {
		int before = this.calls.made().size();
		MappingPreload preload = mapping.preload();
		assertThat(preload.await()).isEqualTo(MappingPreload.State.COMPLETED);
		return this.calls.made().stream().skip(before).filter("madvise"::equals).count();
	}

	private void evict() throws Exception {
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE)) {
			channel.force(true);
		}
		Process process = new ProcessBuilder("dd", "if=" + this.file, "iflag=nocache", "count=0").inheritIO().start();
		assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).isZero();
	}

}
