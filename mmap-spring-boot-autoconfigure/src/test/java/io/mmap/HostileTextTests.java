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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.HostileText;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Whatever others call their files, threads and leases, a line of the log stays a line.
 */
@ExtendWith(NothingLeftBehind.class)
class HostileTextTests {

	private static final int SIZE = 100;

	private final CapturedLog log = new CapturedLog();

	@TempDir
	Path directory;

	private Path file;

	@BeforeEach
	void createFile() throws IOException {
		this.file = Files.write(this.directory.resolve(HostileText.fileName()), new byte[SIZE]);
	}

	@AfterEach
	void noLineOfTheLogIsForged() {
		this.log.close();
		assertThat(this.log.containing("")).allSatisfy((event) -> {
			HostileText.assertHarmless(event.getFormattedMessage());
			if (event.getThrowableProxy() instanceof ThrowableProxy proxy) {
				HostileText.assertHarmless(proxy.getThrowable());
			}
		});
	}

	@Test
	@Fault("hostile-file-name")
	void aNameOfAFileAddsNoLineToTheLog() {
		MappingRegistry registry = builder().leakDetection(LeakDetectionLevel.DETAILED)
			.declare("words", MappingSpec.file(this.file).build())
			.build();
		MemoryMapping leaked = registry.map(MappingSpec.file(this.file).build());
		registry.close();
		assertThat(leaked.length()).isEqualTo(SIZE);
		assertThat(this.log.containing("Mapped 'words'")).hasSize(1);
		assertThat(this.log.containing("LEAK: ")).singleElement()
			.satisfies((event) -> assertThat(event.getFormattedMessage()).contains("x\\n7f00-7fff rw-p"));
	}

	@Test
	void aNameOfAFileIsInNoMessageAsItIs() throws IOException {
		Files.delete(this.file);
		try (MappingRegistry registry = builder().build()) {
			assertHarmless(() -> registry.map(MappingSpec.file(this.file).build()));
			assertHarmless(() -> registry.map(MappingSpec.file(this.file.resolve("below")).build()));
			assertHarmless(() -> registry.map(MappingSpec.file(this.file)
				.access(MappingAccess.READ_WRITE)
				.length(1L << 60)
				.create(true)
				.build()));
			assertHarmless(() -> MappingSpec.file(this.file).offset(-1).build());
		}
		assertHarmless(() -> builder().declare("words", MappingSpec.file(this.file).build()).build());
	}

	@Test
	void aReloadThatFailsAddsNoLineToTheLog() throws IOException {
		try (MappingRegistry registry = builder().declare("words", spec()).build()) {
			Files.delete(this.file);
			assertHarmless(() -> registry.reload("words"));
			assertHarmless(
					() -> registry.map(MappingSpec.file(this.file.resolveSibling("missing" + HostileText.fileName()))
						.access(MappingAccess.READ_WRITE)
						.length(1)
						.build()));
			Path below = Files.writeString(this.file, "a file").resolve("directory/below");
			assertHarmless(() -> registry
				.map(MappingSpec.file(below).access(MappingAccess.READ_WRITE).length(1).create(true).build()));
		}
	}

	@Test
	void aDirectoryThatIsALinkOfOthersIsInNoMessageAsItIs() throws IOException {
		Path open = Files.createDirectory(this.directory.resolve("open" + HostileText.fileName()));
		Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
		Path link = Files.createSymbolicLink(open.resolve(HostileText.fileName()), this.file);
		try (MappingRegistry registry = builder().build()) {
			assertHarmless(() -> registry
				.map(MappingSpec.file(link).access(MappingAccess.READ_WRITE).length(1).create(true).build()));
		}
	}

	@Test
	void nothingDescribesItselfWithANameOfAFileAsItIs() {
		try (MappingRegistry registry = builder().declareSet("all", Map.of(HostileText.string(), spec())).build();
				MemoryMapping mapping = registry.map(spec());
				MappingLease lease = mapping.acquire();
				MappingSetLease setLease = registry.set("all").acquire()) {
			assertThat(List.of(spec(), mapping, mapping.range(0, 1), lease, setLease, registry.set("all"),
					mapping.preload()))
				.extracting(Object::toString)
				.allSatisfy(HostileText::assertHarmless);
			assertThat(registry.mappings()).hasSize(2)
				.extracting(Object::toString)
				.allSatisfy(HostileText::assertHarmless);
		}
	}

	@Test
	@Fault("hostile-file-in-set")
	void aFileThatComesToASetAddsNoLineToTheLog() {
		try (MappingRegistry registry = builder().declareSet("all", Map.of(HostileText.string(), spec())).build()) {
			assertThat(registry.set("all").asMap().keySet()).containsExactly(HostileText.string());
			assertHarmless(() -> registry.set("all").get("another"));
			assertHarmless(() -> registry.set("all").get(HostileText.string() + "?"));
			try (MappingSetLease lease = registry.set("all").acquire()) {
				assertThat(lease.segments()).hasSize(1);
				assertHarmless(() -> lease.segment(HostileText.string() + "?"));
			}
		}
		assertThat(this.log.containing("Mapped set 'all'")).hasSize(1);
	}

	@Test
	@Fault("hostile-lease-owner")
	void anOwnerOfALeaseAddsNoLineToTheLog() {
		MappingRegistry registry = builder().drainTimeout(Duration.ofMillis(10)).declare("words", spec()).build();
		MemoryMapping mapping = registry.get("words");
		try (MappingLease lease = mapping.acquire(HostileText.string())) {
			assertThat(lease.segment().byteSize()).isEqualTo(SIZE);
			assertThat(registry.mappings().getFirst().leaseHolders()).singleElement()
				.satisfies(HostileText::assertHarmless);
			registry.close();
		}
		assertThat(this.log.containing("stays mapped")).isNotEmpty();
		registry.close();
	}

	@Test
	@Fault("hostile-thread-name")
	void aNameOfAThreadIsInNoMessageAsItIs() throws Exception {
		Thread thread = Thread.ofPlatform().name(HostileText.string()).start(() -> {
			try (MappingRegistry registry = builder().drainTimeout(Duration.ofMillis(10)).build()) {
				MemoryMapping confined = registry.map(MappingSpec.file(this.file).confined(true).build());
				assertHarmlessElsewhere(confined::unmap);
				confined.close();
				MemoryMapping mapping = registry.map(spec());
				MappingLease lease = mapping.acquire("owner");
				assertHarmless(mapping::unmap);
				MemorySegment segment = lease.segment();
				lease.close();
				mapping.unmap();
				assertHarmless(mapping::acquire);
				assertThatThrownBy(mapping::segment)
					.satisfies((ex) -> HostileText.assertHarmless(String.valueOf(ex.getCause())));
				assertThat(segment.scope().isAlive()).isFalse();
			}
		});
		Throwable[] failure = new Throwable[1];
		thread.setUncaughtExceptionHandler((_, ex) -> failure[0] = ex);
		thread.join();
		assertThat(failure[0]).isNull();
	}

	@Test
	void aNameThatIsAskedForIsInNoMessageAsItIs() {
		try (MappingRegistry registry = builder().declare("words", spec()).build()) {
			assertHarmless(() -> registry.get(HostileText.string()));
			assertHarmless(() -> registry.set(HostileText.string()));
			assertHarmless(() -> registry.reload(HostileText.string()));
			assertHarmless(() -> registry.capabilities().get(HostileText.string()));
		}
		assertHarmless(() -> builder().declare(HostileText.string(), spec()));
		assertHarmless(() -> Advice.of(HostileText.string()));
		assertHarmless(() -> Seal.of(HostileText.string()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\nb", "a\rb", "\u001b[31m", "a\tb", "\u007f", "\u0085", "\u2028", "\u2029", "\u202e",
			"\u2066", "\u200f", "\ud800" })
	void aLabelOrNameOfAnInMemoryFileIsPlainText(String text) {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.anonymous(1).label(text).build())
			.satisfies((ex) -> assertThat(ex.option()).isEqualTo("label"));
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.inMemoryFile(text, 1).build())
			.satisfies((ex) -> assertThat(ex.option()).isEqualTo("name"))
			.satisfies((ex) -> HostileText.assertHarmless(String.valueOf(ex.getMessage())));
	}

	@ParameterizedTest
	@ValueSource(strings = { "G\u00f6del", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
			"\ud83d\udc69\u200d\ud83d\udd2c", "a\u00a0b", "\ufeffa", "c:\\words" })
	void aLabelInAnyScriptIsShownAsItIs(String label) {
		MappingSpec spec = MappingSpec.file(this.file).label(label).build();
		try (MappingRegistry registry = builder().build(); MemoryMapping mapping = registry.map(spec)) {
			assertThat(mapping.toString()).contains("(" + label + ")");
		}
	}

	@Test
	void whatAValidatorSaysIsInNoMessageAsItIs() {
		// The cause is what it has thrown, which is its own to word
		assertThatThrownBy(() -> builder().validator((_) -> {
			throw new IOException(HostileText.string());
		}).declare("words", spec()).build())
			.satisfies((ex) -> HostileText.assertHarmless(String.valueOf(ex.getMessage())));
	}

	@Test
	void theFlightRecorderHasNoNameOfAFileAsItIs() throws IOException {
		Path dump = this.directory.resolve("dump.jfr");
		try (Recording recording = new Recording()) {
			List.of("Map", "Unmap", "Flush", "Leak").forEach((name) -> recording.enable("io.mmap." + name));
			recording.start();
			try (MappingRegistry registry = builder().declareSet("all", Map.of(HostileText.string(), spec())).build()) {
				registry.map(MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build()).flush();
			}
			recording.stop();
			recording.dump(dump);
		}
		List<RecordedEvent> events = RecordingFile.readAllEvents(dump);
		assertThat(events).extracting((event) -> event.getEventType().getName())
			.contains("io.mmap.Map", "io.mmap.Flush", "io.mmap.Unmap", "io.mmap.Leak");
		assertThat(events).allSatisfy((event) -> event.getFields().forEach((field) -> {
			if (field.getTypeName().equals("java.lang.String") && event.getString(field.getName()) != null) {
				HostileText.assertHarmless(event.getString(field.getName()));
			}
		}));
	}

	@Test
	void aMountPointAddsNoMount() {
		String mounts = "21 1 0:19 / /data\\012ro\r22 1 0:20 / /data ro - tmpfs none ro rw,relatime - ext4 /dev/vda rw\n"
				+ "20 1 0:18 / / rw,relatime - ext4 /dev/vda rw\n";
		assertThat(Mount.find(mounts, Path.of("/data/file"))).isEqualTo(new Mount("/", "ext4", false, false));
	}

	private static void assertHarmless(ThrowingCallable call) {
		assertThatThrownBy(call).satisfies((ex) -> HostileText.assertHarmless(ex));
	}

	private static void assertHarmlessElsewhere(ThrowingCallable call) {
		try {
			Throwable[] failure = new Throwable[1];
			Thread thread = Thread.ofPlatform().name(HostileText.string()).unstarted(() -> assertHarmless(call));
			thread.setUncaughtExceptionHandler((_, ex) -> failure[0] = ex);
			thread.start();
			thread.join();
			assertThat(failure[0]).isNull();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private MappingSpec spec() {
		return MappingSpec.file(this.file).build();
	}

	private static MappingRegistry.Builder builder() {
		return MappingRegistry.builder();
	}

}
