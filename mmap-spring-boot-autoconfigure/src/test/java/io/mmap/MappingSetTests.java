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
import java.util.LinkedHashMap;
import java.util.Map;

import ch.qos.logback.classic.Level;
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

/**
 * Mappings that are declared together, with each mapper.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class MappingSetTests {

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private final Map<String, MappingSpec> specs = new LinkedHashMap<>();

	@BeforeEach
	void writeFiles() throws IOException {
		for (String name : new String[] { "zebra", "ape", "bee" }) {
			this.specs.put(name, MappingSpec.file(Files.writeString(this.directory.resolve(name), name)).build());
		}
	}

	@Test
	void membersAreMappedInTheOrderOfDeclaration() {
		try (MappingRegistry registry = builder().declareSet("animals", this.specs).build()) {
			assertThat(registry.set("animals").asMap().keySet()).containsExactly("zebra", "ape", "bee");
			assertThat(registry.set("animals").get("bee").length()).isEqualTo(3);
			assertThat(ProcessMaps.regions(this.directory)).hasSize(3);
		}
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
	}

	@Test
	void theMemoryOfAllMembersEndsTogether() {
		MemorySegment zebra;
		try (MappingRegistry registry = builder().declareSet("animals", this.specs).build()) {
			zebra = registry.set("animals").get("zebra").segment();
			assertThat(zebra.scope()).isEqualTo(registry.set("animals").get("bee").segment().scope());
		}
		assertThatIllegalStateException().isThrownBy(() -> zebra.get(JAVA_BYTE, 0));
	}

	@Test
	void aMemberCannotBeClosed() {
		try (MappingRegistry registry = builder().declareSet("animals", this.specs).build()) {
			MemoryMapping member = registry.set("animals").get("bee");
			assertThatIllegalStateException().isThrownBy(member::close)
				.withMessageContaining("'animals.3' (bee)")
				.withMessageContaining("Do not close it.");
			assertThat(member.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 'b');
		}
	}

	@Test
	void aMemberThatCannotBeMappedLeavesNothingMapped() {
		this.specs.put("missing", MappingSpec.file(this.directory.resolve("missing")).build());
		assertThatExceptionOfType(DeclaredMappingException.class)
			.isThrownBy(() -> builder().declareSet("animals", this.specs).build())
			.withMessageStartingWith(
					"Mapping 'animals' could not be made: Cannot map file '" + this.directory.resolve("missing") + "'");
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
	}

	@Test
	void aSetMayBeEmpty() {
		try (MappingRegistry registry = builder().declareSet("animals", Map.of()).build()) {
			assertThat(registry.set("animals").mappings()).isEmpty();
			assertThat(registry.set("animals")).hasToString("MappingSet 'animals' of 0 mappings");
		}
	}

	@Test
	void whatIsDeclaredLaterDoesNotChangeTheSet() {
		MappingRegistry.Builder builder = builder().declareSet("animals", this.specs);
		this.specs.clear();
		try (MappingRegistry registry = builder.build()) {
			assertThat(registry.set("animals").mappings()).hasSize(3);
		}
	}

	@Test
	void anUnknownKeyIsRefusedWithTheNearestOne() {
		try (MappingRegistry registry = builder().declareSet("animals", this.specs).build()) {
			assertThatExceptionOfType(NoSuchMappingException.class)
				.isThrownBy(() -> registry.set("animals").get("zebar"))
				.withMessage("There is no mapping in set 'animals' for 'zebar'. Did you mean 'zebra'? There are: ape,"
						+ " bee, zebra.");
		}
	}

	@Test
	void aSetIsNotOneMapping() {
		try (MappingRegistry registry = builder().declareSet("animals", this.specs).build()) {
			assertThat(registry.find("animals")).isEmpty();
			assertThatExceptionOfType(NoSuchMappingException.class).isThrownBy(() -> registry.get("animals"))
				.withMessage("'animals' is not one mapping, but a set of mappings. Get it with MappingRegistry.set, or"
						+ " inject a MappingSet.");
		}
	}

	@Test
	void oneMappingIsNotASet() {
		try (MappingRegistry registry = builder().declare("ape", this.specs.get("ape")).build()) {
			assertThatExceptionOfType(NoSuchMappingException.class).isThrownBy(() -> registry.set("ape"))
				.withMessage("'ape' is not a set of mappings, but one. Get it with MappingRegistry.get, or declare its"
						+ " location with a pattern.");
		}
	}

	@Test
	void aSetIsLoggedInOneLine() {
		try (CapturedLog log = new CapturedLog();
				MappingRegistry registry = builder().declareSet("animals", this.specs).build()) {
			assertThat(registry.set("animals").mappings()).hasSize(3);
			assertThat(log.messages(Level.INFO)).filteredOn((line) -> line.startsWith("Mapped"))
				.singleElement()
				.asString()
				.matches("Mapped set 'animals' of 3 files, read-only, 11 bytes, in [0-9.]+ ms");
		}
	}

	private MappingRegistry.Builder builder() {
		return MappingRegistry.builder().mapper(this.mapper);
	}

}
