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

package io.mmap.actuate.endpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.FileMappingBuilder;
import io.mmap.MappingAccess;
import io.mmap.MappingException;
import io.mmap.MappingLease;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.TruncationPolicy;
import io.mmap.actuate.endpoint.MappingDescriptor.FileDescriptor;
import io.mmap.actuate.endpoint.MappingDescriptor.FlushDescriptor;
import io.mmap.actuate.endpoint.MappingDescriptor.GuardDescriptor;
import io.mmap.actuate.endpoint.MappingDescriptor.ReloadDescriptor;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * What is shown of a mapping in each of the states that it can be in.
 */
@ExtendWith(NothingLeftBehind.class)
class MappingDescriptorTests {

	private static final int LENGTH = 10_000;

	@TempDir
	Path directory;

	private Path geoip;

	private MappingRegistry registry;

	@BeforeEach
	void writeFile() throws IOException {
		this.geoip = Files.write(this.directory.resolve("geoip.bin"), new byte[LENGTH]);
	}

	@AfterEach
	void close() {
		if (this.registry != null) {
			this.registry.close();
		}
	}

	@Test
	void nothingSpecialIsShownOfWhatIsOnlyRead() {
		declare(MappingSpec.file(this.geoip).build());
		MappingDescriptor shown = shown();
		assertThat(shown.state()).isEqualTo("mapped");
		assertThat(shown.generation()).isEqualTo(1);
		assertThat(shown.leases()).isZero();
		assertThat(shown.file()).isEqualTo(new FileDescriptor("unchanged", 0));
		assertThat(shown.reload()).isEqualTo(new ReloadDescriptor(false, null, false));
		assertThat(shown.flush()).isEqualTo(new FlushDescriptor(null, false, null, false, false));
		assertThat(shown.guard()).isEqualTo(new GuardDescriptor("detect", "none"));
		assertThat(shown.parts()).isNull();
		assertThat(shown.holders()).isNull();
		assertThat(shown.creationStack()).isNull();
	}

	@Test
	void ageIsInSecondsAndGrows() {
		declare(MappingSpec.file(this.geoip).build());
		double age = shown().age();
		assertThat(age).isBetween(0.0, 60.0);
		await().until(() -> shown().age() > age + 0.01);
	}

	@Test
	void aGenerationThatIsStillInUseIsShownAsReplaced() throws IOException {
		declare(MappingSpec.file(this.geoip).build());
		try (MappingLease lease = this.registry.get("geoip").acquire()) {
			replace(new byte[500]);
			this.registry.reload("geoip");
			assertThat(lease.segment().byteSize()).isEqualTo(LENGTH);
			assertThat(all()).extracting("name", "state", "generation", "length", "leases")
				.containsExactly(tuple("geoip", "mapped", 2, 500L, 0L), tuple("geoip", "replaced", 1, 10_000L, 1L));
			assertThat(all()).extracting((mapping) -> mapping.file().state()).containsExactly("unchanged", "replaced");
		}
		await().untilAsserted(() -> assertThat(all()).hasSize(1));
	}

	@Test
	void contentThatWasSavedFromItsFileIsShownAsDetached() throws IOException {
		declare(MappingSpec.file(this.geoip).truncation(TruncationPolicy.GUARD).build());
		assertThat(shown().guard()).isEqualTo(new GuardDescriptor("guard", "guarded"));
		truncate(0);
		await().untilAsserted(() -> assertThat(shown().state()).isEqualTo("detached"));
		assertThat(shown().guard()).isEqualTo(new GuardDescriptor("guard", "detached"));
		assertThat(shown().file()).isEqualTo(new FileDescriptor("unknown", 0));
		assertThat(endpoint(Show.NEVER).mmap(null, null, null, null, null, null).totals().detached()).isEqualTo(LENGTH);
		assertThat(details().residency().resident()).isNull();
		assertThat(details().residency().reason()).contains("detached from its file");
	}

	@Test
	void whatCannotBeGuardedIsShownAsSuch() throws IOException {
		try (FileChannel writer = FileChannel.open(this.geoip, StandardOpenOption.WRITE)) {
			declare(MappingSpec.file(this.geoip).truncation(TruncationPolicy.GUARD).build());
			assertThat(writer.isOpen()).isTrue();
			assertThat(shown().guard()).isEqualTo(new GuardDescriptor("guard", "not-guarded"));
		}
	}

	@Test
	void aFileThatWasChangedInPlaceIsShownAsModified() throws IOException {
		declare(MappingSpec.file(this.geoip).build());
		Files.setLastModifiedTime(this.geoip, FileTime.from(Instant.now().plusSeconds(60)));
		assertThat(shown().file()).isEqualTo(new FileDescriptor("modified", 0));
	}

	@Test
	void aFileThatWasTruncatedIsShownWithWhatIsLost() throws IOException {
		declare(MappingSpec.file(this.geoip).build());
		truncate(4_000);
		assertThat(shown().file()).isEqualTo(new FileDescriptor("truncated", 6_000));
		assertThat(shown().state()).isEqualTo("mapped");
	}

	@Test
	void aFileThatWasReplacedIsShownAsReplaced() throws IOException {
		declare(MappingSpec.file(this.geoip).build());
		replace(new byte[500]);
		assertThat(shown().file()).isEqualTo(new FileDescriptor("replaced", 0));
		assertThat(shown().state()).isEqualTo("mapped");
	}

	@Test
	void aFileThatWasDeletedIsShownAsDeleted() throws IOException {
		declare(MappingSpec.file(this.geoip).build());
		Files.delete(this.geoip);
		assertThat(shown().file()).isEqualTo(new FileDescriptor("deleted", 0));
	}

	@Test
	void ofMemoryWithoutAFileNothingIsKnownOfOne() {
		declare(MappingSpec.anonymous(LENGTH).build());
		assertThat(shown().file()).isEqualTo(new FileDescriptor("unknown", 0));
	}

	@Test
	void theLastReloadIsShown() throws IOException {
		declare(MappingSpec.file(this.geoip).reloadOnUpdate(true).build());
		assertThat(shown().reload()).isEqualTo(new ReloadDescriptor(true, null, false));
		replace(new byte[500]);
		Instant before = Instant.now();
		this.registry.reload("geoip");
		assertThat(shown().reload().onUpdate()).isTrue();
		assertThat(shown().reload().last()).isBetween(before, Instant.now());
		assertThat(shown().reload().failing()).isFalse();
	}

	@Test
	void aReloadThatFailsIsShownUntilOneSucceeds() throws IOException {
		declare(MappingSpec.file(this.geoip).build());
		Files.delete(this.geoip);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.reload("geoip"));
		assertThat(shown().reload()).isEqualTo(new ReloadDescriptor(false, null, true));
		Files.write(this.geoip, new byte[1]);
		this.registry.reload("geoip");
		assertThat(shown().reload().failing()).isFalse();
		assertThat(shown().reload().last()).isNotNull();
	}

	@Test
	void howChangesAreWrittenIsShown() {
		declare(readWrite().flushInterval(Duration.ofMillis(1500)).build());
		assertThat(shown().flush()).isEqualTo(new FlushDescriptor(1.5, true, null, false, false));
		Instant before = Instant.now();
		this.registry.get("geoip").flush();
		assertThat(shown().flush().last()).isBetween(before, Instant.now());
	}

	@Test
	void changesThatAreWrittenWhenItIsUnmappedOnlyAreShownSo() {
		declare(readWrite().flushOnUnmap(true).build());
		assertThat(shown().flush()).isEqualTo(new FlushDescriptor(null, true, null, false, false));
	}

	@Test
	void accessAndProtectionAreShown() {
		declare(readWrite().build());
		assertThat(shown().access()).isEqualTo("read-write");
		assertThat(shown().protection()).containsExactly("read", "write");
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(this.geoip).access(MappingAccess.COPY_ON_WRITE).offset(4096).length(7).build())) {
			MappingDescriptor shown = all().getLast();
			assertThat(shown.name()).isEqualTo(mapping.name());
			assertThat(shown.access()).isEqualTo("copy-on-write");
			assertThat(shown.offset()).isEqualTo(4096);
			assertThat(shown.length()).isEqualTo(7);
		}
	}

	@Test
	void eachKindOfSourceIsShown() throws IOException {
		this.registry = MappingRegistry.builder().build();
		try (MemoryMapping inMemoryFile = this.registry.map(MappingSpec.inMemoryFile("notes", LENGTH).build());
				MemoryMapping resource = this.registry
					.map(MappingSpec.resource(Test.class.getResource("Test.class")).build())) {
			assertThat(all()).extracting("name", "source")
				.containsExactly(tuple(inMemoryFile.name(), "in-memory-file"), tuple(resource.name(), "resource"));
			assertThat(all().getLast().path()).isNull();
			assertThat(all().getLast().resource()).asString().startsWith("jar:").endsWith("/Test.class");
			assertThat(endpoint(Show.NEVER).mmap(null, null, null, null, null, null).mappings().getLast().resource())
				.isEqualTo(SanitizableData.SANITIZED_VALUE);
		}
	}

	@Test
	void theFileOfAMemberOfASetIsHiddenUnlessItMayBeShown() throws IOException {
		Path cat = Files.write(this.directory.resolve("cat"), new byte[1]);
		Path dog = Files.write(this.directory.resolve("dog"), new byte[2]);
		this.registry = MappingRegistry.builder()
			.declareSet("animals",
					Map.of("2026/cat", MappingSpec.file(cat).build(), "2026/dog", MappingSpec.file(dog).build()))
			.build();
		assertThat(all()).extracting(MappingDescriptor::of).containsOnly("animals").hasSize(2);
		assertThat(all()).extracting(MappingDescriptor::name).allMatch((name) -> name.startsWith("animals."));
		assertThat(all()).extracting(MappingDescriptor::label).containsExactlyInAnyOrder("2026/cat", "2026/dog");
		assertThat(endpoint(Show.NEVER).mmap(null, null, null, null, null, null).mappings())
			.extracting(MappingDescriptor::label)
			.containsOnly(SanitizableData.SANITIZED_VALUE);
	}

	@Test
	void aLabelIsShownToEverybody() {
		declare(MappingSpec.file(this.geoip).label("countries by address").build());
		assertThat(endpoint(Show.NEVER).mmap(null, null, null, null, null, null).mappings())
			.extracting(MappingDescriptor::label)
			.containsExactly("countries by address");
	}

	private FileMappingBuilder readWrite() {
		return MappingSpec.file(this.geoip).access(MappingAccess.READ_WRITE);
	}

	private void declare(MappingSpec spec) {
		this.registry = MappingRegistry.builder().declare("geoip", spec).build();
	}

	private void replace(byte[] content) throws IOException {
		Path next = Files.write(this.directory.resolve("next"), content);
		Files.move(next, this.geoip, StandardCopyOption.ATOMIC_MOVE);
	}

	private void truncate(long length) throws IOException {
		try (FileChannel channel = FileChannel.open(this.geoip, StandardOpenOption.WRITE)) {
			channel.truncate(length);
		}
	}

	private MappingDescriptor shown() {
		return all().getFirst();
	}

	private MappingDescriptor details() {
		return endpoint(Show.ALWAYS).mapping("geoip", null, null).mappings().getFirst();
	}

	private List<MappingDescriptor> all() {
		return endpoint(Show.ALWAYS).mmap(null, null, null, null, null, null).mappings();
	}

	private MmapEndpoint endpoint(Show showValues) {
		return new MmapEndpoint(this.registry, List.of(), showValues);
	}

}
