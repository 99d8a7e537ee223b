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
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.testsupport.Fault;
import io.mmap.testsupport.MemoryRegion;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Mappings are brought into memory in the background.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class MappingPreloadTests {

	private static final int LENGTH = (3 << 20) + 5000;

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private final List<String> news = new CopyOnWriteArrayList<>();

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void write() throws IOException {
		this.file = Files.write(this.directory.resolve("words.bin"), new byte[LENGTH]);
	}

	@AfterEach
	void close() {
		if (this.registry != null) {
			this.registry.close();
		}
	}

	@Test
	void aMappingIsPreloadedWhenItIsAskedFor() throws Exception {
		MemoryMapping words = declare(MappingSpec.file(this.file).build());
		assertThat(this.registry.preloads()).isEmpty();
		MappingPreload preload = words.preload();
		assertThat(preload.await()).isEqualTo(MappingPreload.State.COMPLETED);
		assertThat(preload.loaded()).isEqualTo(LENGTH);
		assertThat(MemoryRegion.at(words.address()).kilobytes("Rss")).isGreaterThanOrEqualTo(LENGTH / 1024);
	}

	@Test
	void aMappingIsPreloadedFromTheStart() throws Exception {
		declare(MappingSpec.file(this.file).preload(true).build());
		MappingPreload preload = this.registry.preloads().getFirst();
		assertThat(preload.name()).isEqualTo("words");
		assertThat(preload.await()).isEqualTo(MappingPreload.State.COMPLETED);
		await().untilAsserted(() -> assertThat(this.news).containsExactly("words COMPLETED"));
	}

	@Test
	void whatIsLazyIsPreloadedOnceItIsMapped() {
		MemoryMapping words = declare(MappingSpec.file(this.file).preload(true).lazy(true).build());
		assertThat(this.registry.preloads()).isEmpty();
		assertThat(words.length()).isEqualTo(LENGTH);
		await().untilAsserted(() -> assertThat(this.registry.preloads()).extracting(MappingPreload::state)
			.containsExactly(MappingPreload.State.COMPLETED));
	}

	@Test
	void whatIsReloadedIsPreloadedAgain() throws Exception {
		declare(MappingSpec.file(this.file).preload(true).build());
		MappingPreload first = this.registry.preloads().getFirst();
		first.await();
		Path next = Files.write(this.directory.resolve("next"), new byte[100]);
		Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE);
		this.registry.reload("words");
		MappingPreload second = this.registry.preloads().getFirst();
		assertThat(second).isNotSameAs(first);
		assertThat(second.await()).isEqualTo(MappingPreload.State.COMPLETED);
		assertThat(second.length()).isEqualTo(100);
	}

	@Test
	void aReloadCancelsAPreloadOfWhatWasThereBefore() throws Exception {
		MemoryMapping words = declareSlow(MappingSpec.file(this.file).build());
		MappingPreload preload = words.preload();
		await().until(() -> preload.loaded() > 0);
		this.registry.reload("words");
		assertThat(preload.await(Duration.ofSeconds(10))).isTrue();
		assertThat(preload.state()).isEqualTo(MappingPreload.State.CANCELLED);
		assertThat(this.registry.warnings()).isEmpty();
	}

	@Test
	void anUnmapDoesNotWaitForAPreloadButCancelsIt() throws Exception {
		this.registry = builder().preloadRateLimit(1L << 20).build();
		MemoryMapping words = this.registry.map(MappingSpec.file(this.file).build());
		MappingPreload preload = words.preload();
		assertThat(this.registry.preloads()).containsExactly(preload);
		await().until(() -> preload.loaded() > 0);
		words.unmap();
		assertThat(preload.await(Duration.ofSeconds(10))).isTrue();
		assertThat(preload.state()).isEqualTo(MappingPreload.State.CANCELLED);
		await().untilAsserted(() -> assertThat(this.registry.preloads()).isEmpty());
	}

	@Test
	void theEndOfTheRegistryCancelsPreloads() throws Exception {
		MemoryMapping words = declareSlow(MappingSpec.file(this.file).preload(true).build());
		MappingPreload preload = this.registry.preloads().getFirst();
		await().until(() -> preload.loaded() > 0);
		this.registry.close();
		assertThat(preload.state()).isEqualTo(MappingPreload.State.CANCELLED);
		assertThat(ProcessMaps.regions(this.file)).isEmpty();
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(words::segment);
		assertThatIllegalStateException().isThrownBy(words::preload);
	}

	@Test
	void theRateIsLimited() throws Exception {
		this.registry = builder().preloadRateLimit(8L << 20)
			.declare("words", MappingSpec.file(this.file).preload(true).build())
			.build();
		long start = System.nanoTime();
		MappingPreload preload = this.registry.preloads().getFirst();
		assertThat(preload.await()).isEqualTo(MappingPreload.State.COMPLETED);
		// The first piece goes at once
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(300));
	}

	@Test
	@Fault("truncated-while-preloaded")
	void aPreloadThatFailsIsWarnedOfUntilOneSucceeds() throws Exception {
		MemoryMapping words = declare(MappingSpec.file(this.file).build());
		truncate(1 << 20);
		MappingPreload failing = words.preload();
		assertThat(failing.await()).isEqualTo(MappingPreload.State.FAILED);
		assertThat(failing.loaded()).isEqualTo(1 << 20);
		await().untilAsserted(() -> assertThat(this.registry.warnings()).singleElement().satisfies((warning) -> {
			assertThat(warning.kind()).isEqualTo(MappingWarning.Kind.PRELOAD_FAILED);
			assertThat(warning.message()).contains("Only 1048576 of " + LENGTH + " bytes");
		}));
		truncate(0);
		Files.write(this.file, new byte[LENGTH]);
		assertThat(words.preload().await()).isEqualTo(MappingPreload.State.COMPLETED);
		await().untilAsserted(() -> assertThat(this.registry.warnings()).isEmpty());
	}

	@Test
	void preloadsThatWereCompletedAreCountedWithTheirTimes() throws Exception {
		MemoryMapping words = declare(MappingSpec.file(this.file).build());
		try (MemoryMapping adHoc = this.registry.map(MappingSpec.file(this.file).build())) {
			words.preload().await();
			long first = statistics("words").preloadNanos();
			assertThat(first).isPositive();
			words.preload().await();
			adHoc.preload().await();
			assertThat(statistics("words").preloadCount()).isEqualTo(2);
			assertThat(statistics("words").preloadNanos()).isGreaterThan(first);
			assertThat(statistics(MappingStatistics.AD_HOC).preloadCount()).isEqualTo(1);
			assertThat(statistics(MappingStatistics.AD_HOC).preloadNanos()).isPositive();
		}
	}

	@Test
	void preloadsThatHaveFailedOrWereCancelledAreNotCounted() throws Exception {
		MemoryMapping words = declareSlow(MappingSpec.file(this.file).build());
		MappingPreload cancelled = words.preload();
		cancelled.cancel();
		truncate(0);
		MappingPreload failing = words.preload();
		assertThat(failing.await()).isEqualTo(MappingPreload.State.FAILED);
		assertThat(statistics("words").preloadCount()).isZero();
		assertThat(statistics("words").preloadNanos()).isZero();
	}

	private MappingStatistics statistics(String name) {
		return this.registry.statistics().stream().filter((each) -> each.name().equals(name)).findFirst().orElseThrow();
	}

	private void truncate(long length) throws IOException {
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE)) {
			channel.truncate(length);
		}
	}

	private MemoryMapping declare(MappingSpec spec) {
		this.registry = builder().declare("words", spec).build();
		return this.registry.get("words");
	}

	/**
	 * So slow that a preload is sure to be met under way.
	 */
	private MemoryMapping declareSlow(MappingSpec spec) {
		this.registry = builder().preloadRateLimit(1L << 20).declare("words", spec).build();
		return this.registry.get("words");
	}

	private MappingRegistry.Builder builder() {
		return MappingRegistry.builder().mapper(this.mapper).listener(new MappingListener() {

			@Override
			public void preloading(MappingPreload preload) {
				MappingPreloadTests.this.news.add(preload.name() + " " + preload.state());
			}

		});
	}

}
