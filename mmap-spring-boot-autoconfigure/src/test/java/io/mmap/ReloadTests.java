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
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.testsupport.BlockedWrite;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What happens when a declared mapping is reloaded, with each mapper.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class ReloadTests {

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private final List<String> events = new CopyOnWriteArrayList<>();

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void declare() throws IOException {
		this.file = Files.writeString(this.directory.resolve("words.bin"), "old");
		this.registry = builder().declare("words", MappingSpec.file(this.file).build()).build();
	}

	@AfterEach
	void close() {
		this.registry.close();
	}

	@Test
	void theHandleGivesWhatTookThePlaceOfTheFile() throws IOException {
		MemoryMapping mapping = this.registry.get("words");
		replace("brand-new");
		this.registry.reload("words");
		assertThat(text(mapping)).isEqualTo("brand-new");
		assertThat(mapping.length()).isEqualTo(9);
		assertThat(this.registry.get("words")).isSameAs(mapping);
	}

	@Test
	void whatWasMappedBeforeIsUnmapped() throws IOException {
		MemorySegment old = this.registry.get("words").segment();
		replace("new");
		this.registry.reload("words");
		assertThat(ProcessMaps.regions(this.directory)).hasSize(1);
		assertThatIllegalStateException().isThrownBy(() -> old.get(JAVA_BYTE, 0));
	}

	@Test
	void countsAndDescriptionsAreThoseOfTheNewGeneration() throws IOException {
		replace("brand-new");
		this.registry.reload("words");
		assertThat(this.registry.mappings()).singleElement().satisfies((mapping) -> {
			assertThat(mapping.length()).isEqualTo(9);
			assertThat(mapping.generation()).isEqualTo(2);
		});
		MappingStatistics statistics = this.registry.statistics().iterator().next();
		assertThat(statistics.mappings()).isEqualTo(1);
		assertThat(statistics.mappedBytes()).isEqualTo(9);
		assertThat(statistics.mapCount()).isEqualTo(2);
		assertThat(statistics.unmapCount()).isEqualTo(1);
	}

	@Test
	void listenersAreToldOfTheReloadAndNothingElse() throws IOException {
		this.events.clear();
		replace("new");
		this.registry.reload("words");
		assertThat(this.events).containsExactly("reloaded words, generation 2");
	}

	@Test
	@Fault("replaced-by-what-cannot-be-mapped")
	void aReplacementThatCannotBeMappedLeavesWhatIsMapped() throws IOException {
		Files.delete(this.file);
		assertThatExceptionOfType(MappedFileNotFoundException.class).isThrownBy(() -> this.registry.reload("words"));
		assertThat(text(this.registry.get("words"))).isEqualTo("old");
		assertThat(ProcessMaps.regions(this.directory)).hasSize(1);
	}

	@Test
	void aReaderThatAsksTheHandleEachTimeNeverMeetsMemoryThatIsGone() throws Exception {
		MemoryMapping mapping = this.registry.get("words");
		AtomicBoolean done = new AtomicBoolean();
		List<Throwable> failures = new CopyOnWriteArrayList<>();
		Thread reader = Thread.ofPlatform().start(() -> {
			while (!done.get()) {
				try {
					mapping.address();
					assertThat(this.registry.get("words")).isSameAs(mapping);
				}
				catch (RuntimeException | AssertionError ex) {
					failures.add(ex);
				}
			}
		});
		for (int i = 0; i < 200; i++) {
			replace("new");
			this.registry.reload("words");
		}
		done.set(true);
		reader.join(Duration.ofSeconds(10));
		assertThat(failures).isEmpty();
		await().atMost(Duration.ofSeconds(1))
			.untilAsserted(() -> assertThat(ProcessMaps.regions(this.directory)).hasSize(1));
	}

	@Test
	void reloadsThatMeetTheEndOfTheRegistryLeaveNothingMapped() throws Exception {
		for (int i = 0; i < 50; i++) {
			MappingRegistry closing = builder().declare("words", MappingSpec.file(this.file).build())
				.declare("lazy", MappingSpec.file(this.file).lazy(true).build())
				.build();
			MemoryMapping lazy = closing.get("lazy");
			List<Thread> threads = List.of(untilClosed(() -> closing.reload("words")),
					untilClosed(() -> closing.reload("words")), untilClosed(lazy::address),
					untilClosed(() -> closing.reload("lazy")));
			Thread.sleep(Duration.ofMillis(i % 5));
			closing.close();
			for (Thread thread : threads) {
				assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
			}
			assertThat(ProcessMaps.regions(this.directory)).as("round " + i).hasSize(1);
			assertThat(closing.mappings()).isEmpty();
			assertThat(closing.statistics()).allSatisfy((statistics) -> {
				assertThat(statistics.mappings()).isZero();
				assertThat(statistics.mappedBytes()).isZero();
				assertThat(statistics.mapCount()).isEqualTo(statistics.unmapCount());
			});
			assertThat(closing.leaks()).isEmpty();
		}
	}

	private static Thread untilClosed(Runnable work) {
		return Thread.ofPlatform().start(() -> {
			try {
				while (true) {
					work.run();
				}
			}
			catch (IllegalStateException ex) {
				// The registry was closed
			}
		});
	}

	@Test
	void nothingIsReloadedAfterTheEndOfTheRegistry() {
		this.registry.close();
		assertThatIllegalStateException().isThrownBy(() -> this.registry.reload("words"))
			.withMessageContaining("closed");
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
	}

	@Test
	void memoryThatANativeCallUsesIsUnmappedSoonAfterThatHasEnded() throws Exception {
		Path large = Files.write(this.directory.resolve("large.bin"), new byte[1 << 20]);
		try (MappingRegistry impatient = builder().drainTimeout(Duration.ofMillis(20))
			.declare("large", MappingSpec.file(large).build())
			.build()) {
			try (CapturedLog log = new CapturedLog();
					BlockedWrite write = new BlockedWrite(impatient.get("large").asByteBuffer())) {
				impatient.reload("large");
				assertThat(write.isBlocked()).isTrue();
				await().untilAsserted(() -> assertThat(log.messages(Level.WARN)).singleElement()
					.asString()
					.contains("Generation 1 of mapping 'large'", "stays mapped", "native call"));
				assertThat(ProcessMaps.regions(large)).hasSize(2);
				assertThat(impatient.mappings()).extracting(MappingInfo::generation).containsExactly(2, 1);
				assertThat(impatient.warnings()).extracting(MappingWarning::kind)
					.containsExactly(MappingWarning.Kind.STILL_IN_USE);
			}
			await().atMost(Duration.ofSeconds(1))
				.untilAsserted(() -> assertThat(ProcessMaps.regions(large)).hasSize(1));
			assertThat(impatient.mappings()).extracting(MappingInfo::generation).containsExactly(2);
			await().untilAsserted(() -> assertThat(impatient.warnings()).isEmpty());
		}
	}

	@Test
	void aLeaseKeepsWhatWasThereWhenItWasAcquired() throws IOException {
		MemoryMapping mapping = this.registry.get("words");
		try (MappingLease old = mapping.acquire()) {
			replace("brand-new");
			this.registry.reload("words");
			try (MappingLease current = mapping.acquire()) {
				assertThat(text(current.segment())).isEqualTo("brand-new");
				assertThat(current.generation()).isEqualTo(2);
			}
			assertThat(text(old.segment())).isEqualTo("old");
			assertThat(old.generation()).isEqualTo(1);
			assertThat(this.registry.mappings()).extracting(MappingInfo::leases).containsExactly(0L, 1L);
		}
		await().atMost(Duration.ofSeconds(1))
			.untilAsserted(() -> assertThat(ProcessMaps.regions(this.directory)).hasSize(1));
	}

	@Test
	void theEndOfTheRegistryUnmapsWhatWasReplacedToo() throws IOException {
		MappingLease old = this.registry.get("words").acquire();
		replace("new");
		this.registry.reload("words");
		assertThat(ProcessMaps.regions(this.directory)).hasSize(2);
		old.close();
		this.registry.close();
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		assertThat(this.registry.mappings()).isEmpty();
	}

	@Test
	void aRegistryThatIsClosedWhileListenersAreToldWaitsForLeasesOnWhatWasReplaced() throws Exception {
		AtomicReference<MappingRegistry> closing = new AtomicReference<>();
		MappingListener listener = new MappingListener() {

			@Override
			public void reloaded(MappingInfo mapping) {
				closing.get().close();
			}

		};
		closing.set(builder().listener(listener).declare("words", MappingSpec.file(this.file).build()).build());
		MappingLease lease = closing.get().get("words").acquire();
		replace("new");
		Thread reloading = Thread.ofPlatform().start(() -> closing.get().reload("words"));
		assertThat(reloading.join(Duration.ofMillis(100))).isFalse();
		lease.close();
		assertThat(reloading.join(Duration.ofSeconds(10))).isTrue();
		assertThat(closing.get().mappings()).isEmpty();
		assertThat(ProcessMaps.regions(this.directory)).as("the other registry's").hasSize(1);
	}

	@Test
	void readersUnderLeasesMeetNeitherOldContentAfterTheReloadNorMemoryThatIsGone() throws Exception {
		MemoryMapping mapping = this.registry.get("words");
		MappingStatistics statistics = this.registry.statistics().iterator().next();
		AtomicBoolean done = new AtomicBoolean();
		List<Throwable> failures = new CopyOnWriteArrayList<>();
		Runnable reading = () -> {
			while (!done.get()) {
				long reloads = statistics.reloads(ReloadOutcome.SUCCESS);
				try (MappingLease lease = mapping.acquire()) {
					long found = Long.parseLong(text(lease.segment()).trim());
					assertThat(found).isGreaterThanOrEqualTo(reloads);
					Thread.yield();
					assertThat(Long.parseLong(text(lease.segment()).trim())).isEqualTo(found);
				}
				catch (RuntimeException | AssertionError ex) {
					failures.add(ex);
					return;
				}
			}
		};
		replace("1");
		this.registry.reload("words");
		List<Thread> readers = List.of(Thread.ofPlatform().start(reading), Thread.ofPlatform().start(reading),
				Thread.ofVirtual().start(reading));
		for (int i = 2; i < 300; i++) {
			replace(i + " ".repeat(i * 50));
			this.registry.reload("words");
		}
		done.set(true);
		for (Thread reader : readers) {
			assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
		}
		assertThat(failures).isEmpty();
		await().atMost(Duration.ofSeconds(1))
			.untilAsserted(() -> assertThat(ProcessMaps.regions(this.directory)).hasSize(1));
	}

	@Test
	void reloadsAreCountedByOutcome() throws IOException {
		MappingStatistics statistics = this.registry.statistics().iterator().next();
		replace("new");
		this.registry.reload("words");
		Files.delete(this.file);
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.reload("words"));
		}
		assertThat(statistics.reloads(ReloadOutcome.SUCCESS)).isEqualTo(1);
		assertThat(statistics.reloads(ReloadOutcome.FAILURE)).isEqualTo(2);
	}

	@Test
	void aFailedReloadIsWarnedOfUntilOneSucceeds() throws IOException {
		Files.delete(this.file);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.reload("words"));
		assertThat(this.registry.warnings()).singleElement().satisfies((warning) -> {
			assertThat(warning.name()).isEqualTo("words");
			assertThat(warning.kind()).isEqualTo(MappingWarning.Kind.RELOAD_FAILING);
			assertThat(warning.message()).contains("content before is still in use", "does not exist");
		});
		replace("new");
		this.registry.reload("words");
		assertThat(this.registry.warnings()).isEmpty();
	}

	private MappingRegistry.Builder builder() {
		return MappingRegistry.builder().mapper(this.mapper).listener(new MappingListener() {

			@Override
			public void mapped(MappingInfo mapping) {
				ReloadTests.this.events.add("mapped " + mapping.name());
			}

			@Override
			public void unmapped(MappingInfo mapping) {
				ReloadTests.this.events.add("unmapped " + mapping.name());
			}

			@Override
			public void reloaded(MappingInfo mapping) {
				ReloadTests.this.events.add("reloaded " + mapping.name() + ", generation " + mapping.generation());
			}

		});
	}

	private void replace(String content) throws IOException {
		Path next = Files.writeString(this.directory.resolve("next"), content);
		Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

	private static String text(MemoryMapping mapping) {
		return text(mapping.segment());
	}

	private static String text(MemorySegment segment) {
		return new String(segment.toArray(JAVA_BYTE), StandardCharsets.UTF_8);
	}

}
