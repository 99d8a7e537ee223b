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
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * The members of a set are leased and replaced together.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class SetReloadTests {

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private MappingRegistry registry;

	private MappingSet set;

	@BeforeEach
	void declare() throws IOException {
		replace("cat", "cat 1");
		replace("dog", "dog 1");
		this.registry = MappingRegistry.builder()
			.mapper(this.mapper)
			.drainTimeout(Duration.ofMillis(50))
			.declareSet("animals", this::files)
			.build();
		this.set = this.registry.set("animals");
	}

	@AfterEach
	void close() {
		this.registry.close();
	}

	private Map<String, MappingSpec> files() {
		Map<String, MappingSpec> specs = new TreeMap<>();
		try (Stream<Path> files = Files.list(this.directory)) {
			files.forEach((file) -> specs.put(file.getFileName().toString(), MappingSpec.file(file).build()));
		}
		catch (IOException ex) {
			throw new IllegalStateException("The directory cannot be listed", ex);
		}
		return specs;
	}

	@Test
	void allHandlesGiveTheNewMemory() throws IOException {
		MemoryMapping cat = this.set.get("cat");
		MemoryMapping dog = this.registry.get("animals.2");
		replace("cat", "cat 2");
		replace("dog", "dog 2");
		this.registry.reload("animals");
		assertThat(text(cat)).isEqualTo("cat 2");
		assertThat(text(dog)).isEqualTo("dog 2");
		assertThat(this.set.get("cat")).isSameAs(cat);
		assertThat(ProcessMaps.regions(this.directory)).hasSize(2);
		assertThat(this.registry.mappings()).extracting(MappingInfo::generation).containsExactly(2, 2);
	}

	@Test
	void aFileThatIsNewBecomesAMember() throws IOException {
		replace("ape", "ape 1");
		this.registry.reload("animals");
		assertThat(this.set.asMap()).containsOnlyKeys("ape", "cat", "dog");
		assertThat(this.set.asMap().keySet()).containsExactly("ape", "cat", "dog");
		assertThat(text(this.set.get("ape"))).isEqualTo("ape 1");
		assertThat(this.set.get("ape").name()).as("no id is given twice").isEqualTo("animals.3");
		assertThat(this.registry.get("animals.3")).isSameAs(this.set.get("ape"));
	}

	@Test
	void aFileThatIsGoneIsNoMemberAnyMore() throws IOException {
		MemoryMapping dog = this.set.get("dog");
		Files.delete(this.directory.resolve("dog"));
		this.registry.reload("animals");
		assertThat(this.set.asMap()).containsOnlyKeys("cat");
		assertThatExceptionOfType(NoSuchMappingException.class).isThrownBy(() -> this.set.get("dog"));
		assertThat(this.registry.find("animals.2")).isEmpty();
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(dog::segment);
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(dog::acquire);
		assertThat(ProcessMaps.regions(this.directory)).hasSize(1);
	}

	@Test
	void aMemberThatIsGoneAndStillLeasedSaysSo() throws IOException {
		MemoryMapping dog = this.set.get("dog");
		try (MappingLease lease = dog.acquire()) {
			Files.delete(this.directory.resolve("dog"));
			this.registry.reload("animals");
			assertThatExceptionOfType(MappingClosedException.class).isThrownBy(dog::acquire)
				.withMessageContaining("its file was not found when its set was reloaded");
			assertThat(text(lease.segment())).isEqualTo("dog 1");
		}
	}

	@Test
	void whatCannotBeMappedLeavesAllAsItWas() throws IOException {
		replace("cat", "cat 2");
		Files.delete(this.directory.resolve("dog"));
		Files.createDirectory(this.directory.resolve("dog"));
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.reload("animals"));
		assertThat(text(this.set.get("cat"))).isEqualTo("cat 1");
		assertThat(text(this.set.get("dog"))).isEqualTo("dog 1");
		assertThat(this.registry.warnings()).extracting(MappingWarning::name).containsExactly("animals");
		assertThat(ProcessMaps.regions(this.directory)).hasSize(2);
	}

	@Test
	void aLeaseOnOneMemberKeepsAllOfThem() throws IOException {
		try (MappingLease lease = this.set.get("cat").acquire()) {
			replace("dog", "dog 2");
			this.registry.reload("animals");
			assertThat(text(lease.segment())).isEqualTo("cat 1");
			assertThat(ProcessMaps.regions(this.directory)).hasSize(4);
		}
		await().atMost(Duration.ofSeconds(1))
			.untilAsserted(() -> assertThat(ProcessMaps.regions(this.directory)).hasSize(2));
	}

	@Test
	void aLeaseOnTheSetGivesWhatBelongsTogether() throws IOException {
		try (MappingSetLease old = this.set.acquire()) {
			replace("cat", "cat 2");
			replace("dog", "dog 2");
			this.registry.reload("animals");
			assertThat(text(old.segment("cat")) + text(old.segment("dog"))).isEqualTo("cat 1dog 1");
			assertThat(old.generation()).isEqualTo(1);
			try (MappingSetLease current = this.set.acquire("reader")) {
				assertThat(current.segments()).containsOnlyKeys("cat", "dog");
				assertThat(text(current.segment("dog"))).isEqualTo("dog 2");
				assertThat(current).hasToString("MappingSetLease on generation 2 of 'animals'");
				assertThat(this.registry.mappings()).extracting(MappingInfo::leases).containsExactly(1L, 1L, 1L, 1L);
			}
		}
	}

	@Test
	void aKnownKeyMayLeadToAnotherFile() throws IOException {
		Path other = Files.writeString(Files.createTempFile("other", null), "elsewhere");
		AtomicReference<Path> cat = new AtomicReference<>(this.directory.resolve("cat"));
		try (MappingRegistry changing = MappingRegistry.builder()
			.mapper(this.mapper)
			.declareSet("animals", () -> Map.of("cat", MappingSpec.file(cat.get()).build()))
			.build()) {
			MemoryMapping handle = changing.set("animals").get("cat");
			cat.set(other);
			changing.reload("animals");
			assertThat(text(handle)).isEqualTo("elsewhere");
			assertThat(changing.mappings().getFirst().path()).isEqualTo(other);
		}
		finally {
			Files.delete(other);
		}
	}

	@Test
	void aMemberThatCouldBeWrittenIsNotLetIn() {
		AtomicBoolean writable = new AtomicBoolean();
		try (MappingRegistry changing = MappingRegistry.builder()
			.mapper(this.mapper)
			.declareSet("animals",
					() -> Map.of((writable.get()) ? "dog" : "cat",
							MappingSpec.file(this.directory.resolve("cat"))
								.access((writable.get()) ? MappingAccess.READ_WRITE : MappingAccess.READ_ONLY)
								.build()))
			.build()) {
			writable.set(true);
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> changing.reload("animals"))
				.withMessageContaining("its access is read-write");
			writable.set(false);
			changing.reload("animals");
			assertThat(changing.set("animals").asMap()).containsOnlyKeys("cat");
		}
	}

	@Test
	void aLazySetIsOfTheFilesThatAreThereWhenItIsUsedFirst() throws IOException {
		try (MappingRegistry lazy = MappingRegistry.builder().mapper(this.mapper).declareSet("animals", () -> {
			Map<String, MappingSpec> specs = new TreeMap<>();
			files().forEach(
					(key, spec) -> specs.put(key, MappingSpec.file(this.directory.resolve(key)).lazy(true).build()));
			return specs;
		}).build()) {
			Files.delete(this.directory.resolve("dog"));
			replace("ape", "ape 1");
			try (MappingSetLease lease = lazy.set("animals").acquire()) {
				assertThat(lease.segments()).containsOnlyKeys("ape", "cat");
			}
		}
	}

	@Test
	void listenersAreToldOfNewMembersAsMapped() throws IOException {
		List<String> news = new CopyOnWriteArrayList<>();
		MappingListener listener = new MappingListener() {

			@Override
			public void mapped(MappingInfo mapping) {
				news.add("mapped " + mapping.label());
			}

			@Override
			public void reloaded(MappingInfo mapping) {
				news.add("reloaded " + mapping.label());
			}

		};
		try (MappingRegistry told = MappingRegistry.builder()
			.mapper(this.mapper)
			.listener(listener)
			.declareSet("animals", this::files)
			.build()) {
			Files.delete(this.directory.resolve("dog"));
			replace("ape", "ape 1");
			news.clear();
			told.reload("animals");
			assertThat(news).containsExactly("mapped ape", "reloaded cat");
		}
	}

	@Test
	void whatWasWrongWithAMemberThatIsGoneIsForgotten() throws Exception {
		try (MappingRegistry rolling = MappingRegistry.builder().mapper(this.mapper).declareSet("animals", () -> {
			Map<String, MappingSpec> specs = new TreeMap<>();
			files().forEach(
					(key, spec) -> specs.put(key, MappingSpec.file(this.directory.resolve(key)).preload(true).build()));
			return specs;
		}).build()) {
			for (MappingPreload preload : rolling.preloads()) {
				preload.await();
			}
			Files.write(this.directory.resolve("dog"), new byte[0]);
			assertThat(rolling.set("animals").get("dog").preload().await()).isEqualTo(MappingPreload.State.FAILED);
			await().untilAsserted(() -> assertThat(rolling.warnings()).hasSize(1));
			Files.delete(this.directory.resolve("dog"));
			rolling.reload("animals");
			assertThat(rolling.warnings()).isEmpty();
			assertThat(rolling.preloads()).extracting(MappingPreload::name).containsExactly("animals.1");
		}
	}

	@Test
	void aLeaseKnowsItsMembersOnly() {
		try (MappingSetLease lease = this.set.acquire()) {
			assertThatExceptionOfType(NoSuchMappingException.class).isThrownBy(() -> lease.segment("cow"))
				.withMessageContaining("cat");
		}
	}

	@Test
	void aLeaseThatWasClosedGivesNothing() {
		MappingSetLease lease = this.set.acquire();
		lease.close();
		lease.close();
		assertThatIllegalStateException().isThrownBy(() -> lease.segment("cat")).withMessageContaining("was closed");
		assertThatIllegalStateException().isThrownBy(lease::segments);
		assertThat(this.registry.mappings()).extracting(MappingInfo::leases).containsOnly(0L);
	}

	@Test
	void afterTheEndOfTheRegistryNobodyGetsALease() {
		this.registry.close();
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(this.set::acquire)
			.satisfies((ex) -> assertThat(ex.getCause()).isNotNull());
	}

	@Test
	void theEndOfTheRegistryWaitsForALeaseOnTheSet() {
		MappingSetLease lease = this.set.acquire("reader");
		this.registry.close();
		assertThat(text(lease.segment("dog"))).isEqualTo("dog 1");
		assertThat(ProcessMaps.regions(this.directory)).hasSize(2);
		lease.close();
		this.registry.close();
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
	}

	@Test
	void whoHoldsASetForTooLongIsNamedWhileItIsHeld() {
		try (MappingSetLease lease = this.set.acquire("reader")) {
			try (CapturedLog log = new CapturedLog()) {
				this.registry.close();
				assertThat(log.messages(Level.WARN)).hasSize(2)
					.allSatisfy((message) -> assertThat(message)
						.contains("it is held by reader (thread '" + Thread.currentThread().getName() + "')")
						.doesNotContain("without an owner's name"));
			}
			assertThat(lease.generation()).isEqualTo(1);
			this.set.acquire("another").close();
			try (CapturedLog log = new CapturedLog()) {
				this.registry.close();
				assertThat(log.messages(Level.WARN)).isNotEmpty()
					.allSatisfy((message) -> assertThat(message).doesNotContain("another ("));
			}
		}
	}

	@Test
	void aLazySetIsMappedWhenItIsLeasedFirst() {
		try (MappingRegistry lazy = MappingRegistry.builder()
			.mapper(this.mapper)
			.lazy(true)
			.declareSet("animals", this::files)
			.build()) {
			assertThat(lazy.mappings()).isEmpty();
			lazy.reload("animals");
			assertThat(lazy.mappings()).isEmpty();
			try (MappingSetLease lease = lazy.set("animals").acquire()) {
				assertThat(text(lease.segment("cat"))).isEqualTo("cat 1");
			}
		}
	}

	@Test
	void readersUnderALeaseNeverSeeTwoGenerations() throws Exception {
		AtomicBoolean done = new AtomicBoolean();
		List<Throwable> failures = new CopyOnWriteArrayList<>();
		Runnable reading = () -> {
			while (!done.get()) {
				try (MappingSetLease lease = this.set.acquire()) {
					String cat = text(lease.segment("cat")).substring(4);
					Thread.yield();
					assertThat(text(lease.segment("dog")).substring(4)).isEqualTo(cat);
				}
				catch (RuntimeException | AssertionError ex) {
					failures.add(ex);
					return;
				}
			}
		};
		List<Thread> readers = List.of(Thread.ofPlatform().start(reading), Thread.ofPlatform().start(reading),
				Thread.ofVirtual().start(reading));
		for (int i = 2; i < 200; i++) {
			replace("cat", "cat " + i);
			replace("dog", "dog " + i);
			this.registry.reload("animals");
		}
		done.set(true);
		for (Thread reader : readers) {
			assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
		}
		assertThat(failures).isEmpty();
		await().atMost(Duration.ofSeconds(1))
			.untilAsserted(() -> assertThat(ProcessMaps.regions(this.directory)).hasSize(2));
	}

	private void replace(String name, String content) throws IOException {
		Path next = Files.writeString(Files.createTempFile("next", null), content);
		Files.move(next, this.directory.resolve(name), StandardCopyOption.ATOMIC_MOVE,
				StandardCopyOption.REPLACE_EXISTING);
	}

	private static String text(MemoryMapping mapping) {
		return text(mapping.segment());
	}

	private static String text(MemorySegment segment) {
		return new String(segment.toArray(JAVA_BYTE), StandardCharsets.UTF_8);
	}

}
