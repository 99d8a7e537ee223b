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
import java.lang.foreign.ValueLayout;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Where memory is mapped helps whoever wants to misuse a mistake in native code, and is
 * told to nobody who does not ask a mapping for its address.
 */
@ExtendWith(NothingLeftBehind.class)
class HiddenAddressTests {

	private static final int SIZE = 10_000;

	// Nothing is mapped there, and it does not start a page
	private static final long NOWHERE = 0x5eadbeef001L;

	private static final Set<String> ADDRESSES = Set.of("address", "target", "start", "end");

	private final FaultySystemCalls calls = new FaultySystemCalls();

	private final List<Object> told = new ArrayList<>();

	private final List<Throwable> mistakes = new ArrayList<>();

	private final Set<Long> addresses = new TreeSet<>();

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[SIZE]);
		this.registry = registry();
	}

	private MappingRegistry registry() {
		return new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.leakDetection(LeakDetectionLevel.DETAILED)
			.drainTimeout(Duration.ofMillis(10))
			.listener(new Listener())
			.declare("words", MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build())
			.declareSet("all", Map.of("one", MappingSpec.file(this.file).build()))
			.build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
	}

	@Test
	@Fault("address-in-system-call-error")
	void noSystemCallThatFailsTellsTheAddress() throws Exception {
		SystemCalls real = new LinuxSystemCalls();
		List<String> failed = new ArrayList<>();
		for (Method method : SystemCalls.class.getMethods()) {
			List<Parameter> parameters = List.of(method.getParameters());
			if (parameters.stream().noneMatch((parameter) -> ADDRESSES.contains(parameter.getName()))
					|| !List.of(method.getExceptionTypes()).contains(SystemCallException.class)) {
				continue;
			}
			Object[] arguments = parameters.stream().map((parameter) -> argument(parameter, real)).toArray();
			Throwable failure = catchThrowable(() -> method.invoke(real, arguments));
			assertThat(failure).as(method.toString()).isInstanceOf(InvocationTargetException.class);
			assertThat(failure.getCause()).as(method.toString()).isInstanceOf(SystemCallException.class);
			assertHidden(failure.getCause(), Set.of(NOWHERE, NOWHERE + real.pageSize()));
			failed.add(method.getName());
		}
		assertThat(failed).contains("mmap", "munmap", "mprotect", "mremap", "moveOver", "madvise", "msync", "mlock",
				"mlock2", "munlock", "mincore", "nameMemory", "pread", "trackWrites", "countPages");
	}

	private static Object argument(Parameter parameter, SystemCalls calls) {
		if (parameter.getType() == String.class) {
			return "name";
		}
		if (parameter.getType() == int.class) {
			return parameter.getName().equals("flags") ? 0 : -1;
		}
		long length = calls.pageSize();
		return switch (parameter.getName()) {
			case "address", "start", "target" -> NOWHERE;
			case "end" -> NOWHERE + length;
			default -> length;
		};
	}

	@Test
	@Fault("address-in-exception")
	void noOperationThatFailsTellsTheAddress() {
		MemoryMapping words = remember(this.registry.get("words"));
		fails("msync", words::flush);
		fails("startWriting", words::startFlush);
		fails("madvise", () -> words.advise(Advice.SEQUENTIAL));
		fails("madvise", words::prefault);
		fails("mlock", words::lock);
		fails("mlock2", words::lockOnFault);
		fails("munlock", words::unlock);
		fails("mprotect", () -> words.protect(Protection.READ));
		MemoryMapping memory = remember(this.registry.map(MappingSpec.anonymous(SIZE).build()));
		fails("madvise", () -> memory.discard(DestructiveAdvice.DONT_NEED));
		fails("mremap", () -> memory.resize(100 * SIZE));
		fails("userfaultfd", memory::trackChanges);
		fails("munmap", memory::unmap);
		memory.unmap();
	}

	private void fails(String call, ThrowingCallable operation) {
		this.calls.failOnce(call, Errno.EIO);
		Throwable failure = catchThrowable(operation);
		assertThat(failure).as(call).isNotNull();
		assertHidden(failure);
	}

	@Test
	void noMistakeIsAnsweredWithTheAddress() throws Exception {
		MemoryMapping words = remember(this.registry.get("words"));
		MemoryMapping memory = remember(this.registry.map(MappingSpec.anonymous(SIZE).confined(true).build()));
		mistake(() -> words.range(0, SIZE + 1));
		mistake(() -> words.range(-1, 1));
		mistake(() -> words.resize(-1));
		mistake(words::close);
		mistake(() -> words.protect(Protection.WRITE, Protection.EXECUTE));
		mistake(() -> words.seal(Seal.WRITE));
		mistake(() -> words.range(1, 1).discard(DestructiveAdvice.DONT_NEED));
		mistake(() -> this.registry.get("word"));
		mistake(() -> this.registry.reload("words"));
		Thread thread = Thread.ofPlatform().start(() -> mistake(memory::unmap));
		thread.join();
		memory.unmap();
		mistake(memory::unmap);
		mistake(memory::segment);
		mistake(memory::acquire);
		mistake(memory::flush);
		MemoryMapping other = remember(this.registry.map(MappingSpec.file(this.file).build()));
		MappingLease lease = other.acquire("reader");
		mistake(other::unmap);
		MemorySegment segment = lease.segment();
		lease.close();
		mistake(lease::segment);
		other.unmap();
		try (MappingLease second = words.acquire()) {
			mistake(() -> second.read((_) -> segment.get(ValueLayout.JAVA_BYTE, 0)));
		}
		Files.delete(this.file);
		mistake(() -> this.registry.map(MappingSpec.file(this.file).build()));
		mistake(() -> this.registry.reload("all"));
		assertThat(this.mistakes).hasSize(19).allSatisfy((failure) -> assertHidden(failure));
	}

	private void mistake(ThrowingCallable call) {
		Throwable failure = catchThrowable(call);
		assertThat(failure).isNotNull();
		this.mistakes.add(failure);
	}

	@Test
	@Fault("address-in-log")
	void noLineOfTheLogTellsTheAddress() throws Exception {
		try (CapturedLog log = new CapturedLog()) {
			Garbage.collect(leak());
			MemoryMapping open = remember(this.registry.map(MappingSpec.file(this.file).build()));
			remember(this.registry.get("words"));
			this.calls.failOnce("close", Errno.EIO);
			remember(this.registry.map(MappingSpec.file(this.file).build())).unmap();
			this.registry.reload("all");
			this.registry.mappings().forEach((mapping) -> this.addresses.add(mapping.address()));
			Garbage.collectUntil(() -> !this.registry.leaks().isEmpty());
			try (MappingLease lease = this.registry.get("words").acquire("reader")) {
				assertThat(lease.segment().byteSize()).isEqualTo(SIZE);
				this.registry.close();
			}
			assertThat(open.length()).isEqualTo(SIZE);
			assertThat(log.containing("LEAK: ")).hasSize(2);
			assertThat(log.containing("stays mapped")).isNotEmpty();
			assertThat(log.messages(Level.WARN)).hasSizeGreaterThan(1);
			assertThat(log.containing("")).hasSizeGreaterThan(5).allSatisfy(this::assertHidden);
		}
	}

	private void assertHidden(ILoggingEvent event) {
		assertHidden(event.getFormattedMessage());
		IThrowableProxy proxy = event.getThrowableProxy();
		if (proxy instanceof ThrowableProxy throwable) {
			assertHidden(throwable.getThrowable());
		}
	}

	private WeakReference<Object> leak() {
		MemoryMapping mapping = remember(this.registry.map(MappingSpec.file(this.file).build()));
		return new WeakReference<>(mapping.segment().scope());
	}

	@Test
	void nothingDescribesItselfWithTheAddress() {
		MappingSpec spec = MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build();
		MappingRegistry second = registry();
		MemoryMapping leaked = remember(second.map(spec));
		MappingPreload preload = leaked.preload();
		second.close();
		assertThat(second.leaks()).hasSize(1);
		MemoryMapping words = remember(this.registry.get("words"));
		MappingSet set = this.registry.set("all");
		remember(set.get("one"));
		try (MappingLease lease = words.acquire("owner"); MappingSetLease setLease = set.acquire()) {
			List<Object> all = new ArrayList<>(List.of(spec, words, words.range(1, 2), lease, set, setLease, preload,
					words.residency(), second.leaks().getFirst(), second.leaks().getFirst().mapping(), this.registry,
					this.registry.process(), this.registry.mapper(), this.registry.capabilities()));
			all.addAll(this.registry.mappings());
			all.addAll(this.registry.statistics());
			this.registry.mappings().forEach((mapping) -> {
				all.addAll(mapping.leaseHolders());
				all.add(mapping.residencyMap(2));
			});
			assertThat(all).hasSizeGreaterThan(20).allSatisfy((each) -> assertHidden(each.toString()));
		}
	}

	@Test
	void aTrackingOfChangesTellsPagesByTheirOffset() {
		MemoryMapping memory = remember(this.registry.map(MappingSpec.anonymous(SIZE).build()));
		try (ChangeTracking tracking = memory.trackChanges()) {
			memory.segment().fill((byte) 1);
			assertThat(tracking.changes()).isNotEmpty().allSatisfy((range) -> assertHidden(range.toString()));
			assertHidden(tracking.toString());
		}
		catch (UnsupportedMappingOperationException ex) {
			assertHidden(ex);
		}
		memory.unmap();
	}

	@Test
	@Fault("address-in-flight-recording")
	void noEventOfTheFlightRecorderTellsTheAddress() throws Exception {
		Path dump = this.directory.resolve("dump.jfr");
		try (Recording recording = new Recording()) {
			List.of("Map", "Unmap", "Flush", "Prefault", "Preload", "Leak")
				.forEach((name) -> recording.enable("io.mmap." + name));
			recording.start();
			MappingRegistry second = registry();
			remember(second.map(MappingSpec.file(this.file).build()));
			remember(second.get("words")).flush();
			second.get("words").prefault();
			second.close();
			recording.stop();
			recording.dump(dump);
		}
		List<RecordedEvent> events = RecordingFile.readAllEvents(dump);
		assertThat(events).extracting((event) -> event.getEventType().getName())
			.contains("io.mmap.Map", "io.mmap.Flush", "io.mmap.Prefault", "io.mmap.Unmap", "io.mmap.Leak");
		assertThat(events).allSatisfy((event) -> event.getFields()
			.stream()
			.filter((field) -> !Set.of("stackTrace", "eventThread", "startTime", "duration").contains(field.getName()))
			.forEach((field) -> assertHidden(event.getValue(field.getName()) + "")));
	}

	@Test
	void noListenerIsToldTheAddressUnlessItAsks() {
		remember(this.registry.map(MappingSpec.file(this.file).build()));
		remember(this.registry.get("words"));
		this.registry.reload("all");
		this.registry.mappings().forEach((mapping) -> this.addresses.add(mapping.address()));
		this.registry.close();
		assertThat(this.told).hasSizeGreaterThan(6).allSatisfy((news) -> assertHidden(news.toString()));
	}

	private MemoryMapping remember(MemoryMapping mapping) {
		this.addresses.add(mapping.address());
		return mapping;
	}

	private void assertHidden(Throwable failure) {
		assertThat(this.addresses).isNotEmpty();
		assertHidden(failure, this.addresses);
	}

	private static void assertHidden(Throwable failure, Set<Long> addresses) {
		assertHidden(failure.toString(), addresses);
		Stream.concat(Stream.ofNullable(failure.getCause()), Stream.of(failure.getSuppressed()))
			.forEach((each) -> assertHidden(each, addresses));
	}

	private void assertHidden(String text) {
		assertThat(this.addresses).isNotEmpty();
		assertHidden(text, this.addresses);
	}

	private static void assertHidden(String text, Set<Long> addresses) {
		assertThat(addresses)
			.allSatisfy((address) -> assertThat(text).doesNotContainIgnoringCase(Long.toHexString(address))
				.doesNotContain(Long.toString(address)));
	}

	/**
	 * Notes what it is told.
	 */
	private final class Listener implements MappingListener {

		@Override
		public void mapped(MappingInfo mapping) {
			HiddenAddressTests.this.told.add(mapping);
		}

		@Override
		public void unmapped(MappingInfo mapping) {
			HiddenAddressTests.this.told.add(mapping);
		}

		@Override
		public void reloaded(MappingInfo mapping) {
			HiddenAddressTests.this.told.add(mapping);
		}

		@Override
		public void leaked(MappingLeak leak) {
			HiddenAddressTests.this.told.add(leak);
		}

	}

}
