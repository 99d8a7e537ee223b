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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.testsupport.BlockedWrite;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Nobody gets content that a validator has refused.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class MappingValidatorTests {

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private final List<String> seen = new ArrayList<>();

	private Path file;

	@BeforeEach
	void write() throws IOException {
		this.file = Files.writeString(this.directory.resolve("words.bin"), "good");
	}

	@Test
	void contentThatItLetsPassIsPublished() throws IOException {
		try (MappingRegistry registry = builder().declare("words", MappingSpec.file(this.file).build()).build()) {
			replace("great");
			registry.reload("words");
			assertThat(registry.get("words").length()).isEqualTo(5);
			assertThat(this.seen).containsExactly("words 1 [words]", "words 2 [words]");
		}
	}

	@Test
	void contentThatItRefusesIsNotPublishedAndNotLeftMapped() throws IOException {
		try (MappingRegistry registry = builder().declare("words", MappingSpec.file(this.file).build()).build()) {
			replace("bad");
			assertThatExceptionOfType(MappingRefusedException.class).isThrownBy(() -> registry.reload("words"))
				.withMessageContainingAll("Cannot use generation 2 of mapping 'words' of 3 bytes",
						"has refused its content: it starts with b", "Put content there that it accepts.")
				.withCauseInstanceOf(IOException.class);
			assertThat(registry.get("words").length()).isEqualTo(4);
			assertThat(registry.warnings()).extracting(MappingWarning::kind)
				.containsExactly(MappingWarning.Kind.RELOAD_FAILING);
			assertThat(ProcessMaps.regions(this.directory)).hasSize(1);
		}
	}

	@Test
	void theTimeThatItTakesIsCounted() throws IOException {
		try (MappingRegistry registry = builder().validator((candidate) -> Thread.sleep(20))
			.declare("words", MappingSpec.file(this.file).build())
			.build()) {
			MappingStatistics words = registry.statistics().iterator().next();
			assertThat(words.validateCount()).isEqualTo(1);
			assertThat(words.validateNanos()).isBetween(20_000_000L, 10_000_000_000L);
			assertThat(words.mapNanos()).as("which is not mapping").isLessThan(words.validateNanos());
			replace("bad");
			assertThatExceptionOfType(MappingRefusedException.class).isThrownBy(() -> registry.reload("words"));
			assertThat(words.validateCount()).isEqualTo(2);
		}
	}

	@Test
	void whereThereIsNoneNothingIsCounted() {
		try (MappingRegistry registry = MappingRegistry.builder()
			.declare("words", MappingSpec.file(this.file).build())
			.build()) {
			assertThat(registry.statistics()).extracting(MappingStatistics::validateCount).containsOnly(0L);
		}
	}

	@Test
	void contentThatItRefusesAtFirstKeepsTheRegistryFromBeingMade() throws IOException {
		replace("bad");
		MappingRegistry.Builder builder = builder().declare("words", MappingSpec.file(this.file).build());
		assertThatExceptionOfType(DeclaredMappingException.class).isThrownBy(builder::build)
			.withCauseInstanceOf(MappingRefusedException.class);
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
	}

	@Test
	void itIsAskedForLazyMappingsOnFirstUse() throws IOException {
		replace("bad");
		try (MappingRegistry registry = builder().declare("words", MappingSpec.file(this.file).lazy(true).build())
			.build()) {
			assertThatExceptionOfType(MappingRefusedException.class).isThrownBy(() -> registry.get("words").segment());
			replace("good");
			assertThat(registry.get("words").segment().byteSize()).isEqualTo(4);
		}
	}

	@Test
	void itSeesAllMembersOfASet() {
		try (MappingRegistry registry = builder()
			.declareSet("animals", Map.of("cat", MappingSpec.file(this.file).build()))
			.build()) {
			assertThat(registry.set("animals").asMap()).hasSize(1);
			assertThat(this.seen).containsExactly("animals 1 [cat]");
		}
	}

	@Test
	void aSetHasNoSegmentOfItsOwn() {
		MappingRegistry.Builder builder = MappingRegistry.builder()
			.mapper(this.mapper)
			.validator(MappingCandidate::segment)
			.declareSet("animals", Map.of("cat", MappingSpec.file(this.file).build()));
		assertThatExceptionOfType(DeclaredMappingException.class).isThrownBy(builder::build)
			.withMessageContaining("Set 'animals' has a segment for each member. Use segments().");
	}

	@Test
	void allOfThemAreAskedInOrderUntilOneRefuses() throws IOException {
		try (MappingRegistry registry = builder().validator((candidate) -> this.seen.add("second"))
			.declare("words", MappingSpec.file(this.file).build())
			.build()) {
			replace("bad");
			assertThatExceptionOfType(MappingRefusedException.class).isThrownBy(() -> registry.reload("words"));
			assertThat(this.seen).containsExactly("words 1 [words]", "second", "words 2 [words]");
		}
	}

	@Test
	void itMustNotReloadWhatItValidates() throws IOException {
		AtomicReference<MappingRegistry> registry = new AtomicReference<>();
		registry.set(MappingRegistry.builder().mapper(this.mapper).validator((candidate) -> {
			if (candidate.generation() > 1) {
				registry.get().reload("words");
			}
		}).declare("words", MappingSpec.file(this.file).build()).build());
		try (MappingRegistry closing = registry.get()) {
			replace("great");
			assertThatExceptionOfType(MappingRefusedException.class).isThrownBy(() -> closing.reload("words"));
			assertThat(closing.get("words").length()).isEqualTo(4);
			assertThat(ProcessMaps.regions(this.directory)).hasSize(1);
		}
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
	}

	@Test
	void whatItLeavesBehindDoesNotHideWhyItHasRefused() throws Exception {
		Files.write(this.file, new byte[1 << 20]);
		AtomicReference<BlockedWrite> write = new AtomicReference<>();
		MappingRegistry.Builder builder = MappingRegistry.builder().mapper(this.mapper).validator((candidate) -> {
			if (candidate.generation() > 1) {
				write.set(new BlockedWrite(candidate.segment().asByteBuffer()));
				throw new IOException("no");
			}
		});
		try (MappingRegistry closing = builder.declare("words", MappingSpec.file(this.file).build()).build()) {
			assertThatExceptionOfType(MappingRefusedException.class).isThrownBy(() -> closing.reload("words"))
				.withMessageContaining("has refused its content: no");
			assertThat(ProcessMaps.regions(this.directory)).hasSize(2);
			write.get().close();
			await().untilAsserted(() -> assertThat(ProcessMaps.regions(this.directory)).hasSize(1));
			assertThat(closing.statistics().iterator().next().mappings()).isEqualTo(1);
		}
	}

	@Test
	@Fault("validator-uses-what-it-validates")
	void itMustNotUseWhatItValidates() {
		AtomicReference<MappingRegistry> registry = new AtomicReference<>();
		registry.set(MappingRegistry.builder()
			.mapper(this.mapper)
			.validator((candidate) -> registry.get().get("words").segment())
			.declare("words", MappingSpec.file(this.file).lazy(true).build())
			.build());
		try (MappingRegistry closing = registry.get()) {
			assertThatExceptionOfType(MappingRefusedException.class).isThrownBy(() -> closing.get("words").segment())
				.withMessageContaining("a validator must look at the candidate that it is given");
			assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		}
	}

	@Test
	void whatCodeMapsByItselfIsItsOwnToValidate() {
		try (MappingRegistry registry = builder().build();
				MemoryMapping mapping = registry.map(MappingSpec.file(this.file).build())) {
			assertThat(mapping.length()).isEqualTo(4);
			assertThat(this.seen).isEmpty();
		}
	}

	private MappingRegistry.Builder builder() {
		return MappingRegistry.builder().mapper(this.mapper).validator((candidate) -> {
			this.seen.add(candidate.name() + " " + candidate.generation() + " " + candidate.segments().keySet());
			if (candidate.segments().values().iterator().next().get(JAVA_BYTE, 0) == 'b') {
				throw new IOException("it starts with b");
			}
		});
	}

	private void replace(String content) throws IOException {
		Path next = Files.writeString(this.directory.resolve("next"), content);
		Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

}
