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
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.mmap.MappingRegistry;
import io.mmap.MemoryMapping;
import io.mmap.docs.RingPeer.Taken;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.Requirement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The ring of {@code docs/guides/shared-memory.md} between two JVMs, and between a JVM
 * and a C program, each in a process of its own.
 */
@ExtendWith(NothingLeftBehind.class)
// A peer that fails leaves the other one waiting
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedMemoryGuideTests {

	private static final long MESSAGES = 2_000_000;

	private static final Path SHARED_MEMORY = Path.of("/dev/shm");

	private static final Executor THREADS = (task) -> Thread.ofPlatform().start(task);

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = this.directory.resolve("prices-v1");
		this.registry = MappingRegistry.builder().build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
	}

	@Test
	void messagesReachAnotherJvm() throws Exception {
		try (MemoryMapping mapping = RingPeer.map(this.registry, this.file);
				OtherProcess receiver = OtherProcess.java(RingPeer.class, "receive", "JDK", this.file.toString(),
						"" + MESSAGES)) {
			RingPeer.send(new Ring(mapping.segment()), 0, MESSAGES);
			assertThat(receiver.line("taken")).isEqualTo(all().toString());
			assertThat(receiver.exitCode()).isZero();
		}
	}

	@Test
	void messagesOfAnotherJvmAreReceived() throws Exception {
		try (MemoryMapping mapping = RingPeer.map(this.registry, this.file);
				OtherProcess sender = OtherProcess.java(RingPeer.class, "send", "NATIVE", this.file.toString(),
						"" + MESSAGES)) {
			assertThat(RingPeer.receive(new Ring(mapping.segment()), MESSAGES)).isEqualTo(all());
			assertThat(sender.exitCode()).isZero();
		}
	}

	@Test
	void messagesReachACProgramThroughSharedMemoryOfTheSystem() throws Exception {
		Path program = compile("ring");
		Requirement.check(Files.isWritable(SHARED_MEMORY), "/dev/shm, a file system in memory");
		this.file = Files.createTempFile(SHARED_MEMORY, "mmap-guide-", "");
		try (MemoryMapping mapping = RingPeer.map(this.registry, this.file);
				OtherProcess receiver = OtherProcess
					.start(List.of(program.toString(), "receive", this.file.toString(), "" + MESSAGES))) {
			RingPeer.send(new Ring(mapping.segment()), 0, MESSAGES);
			assertThat(receiver.line("taken")).isEqualTo(all().toString());
			assertThat(receiver.exitCode()).isZero();
		}
		finally {
			Files.delete(this.file);
		}
	}

	@Test
	void messagesOfACProgramAreReceived() throws Exception {
		Path program = compile("ring");
		try (MemoryMapping mapping = RingPeer.map(this.registry, this.file);
				OtherProcess sender = OtherProcess
					.start(List.of(program.toString(), "send", this.file.toString(), "" + MESSAGES))) {
			assertThat(RingPeer.receive(new Ring(mapping.segment()), MESSAGES)).isEqualTo(all());
			assertThat(sender.exitCode()).isZero();
		}
	}

	@Test
	void aMessageThatIsAnnouncedBeforeItIsCompleteIsNoticed() throws Exception {
		try (MemoryMapping mapping = RingPeer.map(this.registry, this.file)) {
			Ring ring = new Ring(mapping.segment());
			CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> sendTooEarly(mapping.segment(), 10),
					THREADS);
			Taken taken = RingPeer.receive(ring, 10);
			sender.get();
			assertThat(taken.damaged()).isEqualTo(10);
		}
	}

	/**
	 * Do what the ring does, with the last two steps the other way round.
	 */
	private static void sendTooEarly(MemorySegment memory, int count) {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment message = arena.allocate(Ring.MESSAGE, Long.BYTES);
			for (long number = 0; number < count; number++) {
				RingPeer.write(message, number);
				ValueLayout.JAVA_LONG.varHandle().setRelease(memory, Ring.SENT, number + 1);
				long taken = number;
				RingPeer.until(() -> (long) ValueLayout.JAVA_LONG.varHandle().getAcquire(memory, Ring.TAKEN) > taken);
				MemorySegment.copy(message, 0, memory, Ring.slot(number), Ring.MESSAGE);
			}
		}
	}

	@Test
	void aReceiverThatIsKilledIsFollowedByOneThatGoesOnWhereItWas() throws Exception {
		try (MemoryMapping mapping = RingPeer.map(this.registry, this.file)) {
			MemorySegment memory = mapping.segment();
			CompletableFuture<Void> sender = CompletableFuture
				.runAsync(() -> RingPeer.send(new Ring(memory), 0, MESSAGES), THREADS);
			try (OtherProcess receiver = OtherProcess.java(RingPeer.class, "receive", "NATIVE", this.file.toString(),
					"" + Long.MAX_VALUE)) {
				RingPeer.until(() -> taken(memory) > 10_000);
				receiver.kill();
			}
			long taken = taken(memory);
			assertThat(taken).isBetween(10_000L, MESSAGES - 1);
			assertThat(RingPeer.receive(new Ring(memory), MESSAGES - taken))
				.isEqualTo(new Taken(taken, MESSAGES - 1, 0, 0));
			sender.get();
		}
	}

	private static long taken(MemorySegment memory) {
		return (long) ValueLayout.JAVA_LONG.varHandle().getAcquire(memory, Ring.TAKEN);
	}

	@Test
	void aFullRingTakesNoMoreUntilAMessageWasTaken() {
		try (MemoryMapping mapping = RingPeer.map(this.registry, this.file); Arena arena = Arena.ofConfined()) {
			Ring ring = new Ring(mapping.segment());
			MemorySegment message = arena.allocate(Ring.MESSAGE, Long.BYTES);
			assertThat(ring.receive(message)).isFalse();
			RingPeer.send(ring, 0, Ring.SLOTS);
			assertThat(ring.send(message)).isFalse();
			assertThat(ring.receive(message)).isTrue();
			assertThat(ring.send(message)).isTrue();
		}
	}

	@Test
	void whatIsNoRingIsNotTakenForOne() {
		try (MemoryMapping mapping = RingPeer.map(this.registry, this.file); Arena arena = Arena.ofConfined()) {
			mapping.segment().fill((byte) 0x55).set(ValueLayout.JAVA_LONG, Ring.TAKEN, 0);
			assertThatIllegalStateException()
				.isThrownBy(() -> new Ring(mapping.segment()).receive(arena.allocate(Ring.MESSAGE)))
				.withMessageStartingWith("No ring: ");
		}
	}

	@Test
	void anApplicationDeclaresIt() {
		GuideYaml.contextRunner("shared-memory.yml")
			.withPropertyValues("mmap.mappings.prices.location=" + this.file)
			.withUserConfiguration(PriceConfiguration.class)
			.run((context) -> {
				RingPeer.send(context.getBean(Ring.class), 0, 10);
				try (MemoryMapping other = RingPeer.map(this.registry, this.file)) {
					assertThat(RingPeer.receive(new Ring(other.segment()), 10)).isEqualTo(new Taken(0, 9, 0, 0));
				}
			});
	}

	private static Taken all() {
		return new Taken(0, MESSAGES - 1, 0, 0);
	}

	private Path compile(String name) throws Exception {
		return CProgram.compile(Path.of("src", "test", "c", name + ".c"), this.directory);
	}

	@Configuration(proxyBeanMethods = false)
	static class PriceConfiguration {

		// tag::shared-memory-bean[]
		@Bean
		Ring prices(@Qualifier("prices") MemoryMapping prices) {
			return new Ring(prices.segment());
		}
		// end::shared-memory-bean[]

	}

}
