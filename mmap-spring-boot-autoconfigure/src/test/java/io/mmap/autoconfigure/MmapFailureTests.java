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

package io.mmap.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.DeclaredMappingException;
import io.mmap.MappingException;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Declarations that cannot be made: start-up fails, the message says why, and nothing
 * stays mapped.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapFailureTests {

	@TempDir
	Path directory;

	private Path geoip;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class));

	@BeforeEach
	void writeFile() throws IOException {
		this.geoip = Files.writeString(this.directory.resolve("geoip.bin"), "countries");
	}

	@Test
	void aMissingFileFailsStartUpWithTheNameOfTheMapping() {
		Path missing = this.directory.resolve("missing.bin");
		this.contextRunner.withPropertyValues("mmap.mappings.words.location=" + missing)
			.run((context) -> assertThat(context).getFailure()
				.cause()
				.cause()
				.isInstanceOfSatisfying(DeclaredMappingException.class,
						(ex) -> assertThat(ex.name()).isEqualTo("words"))
				.hasMessageStartingWith("Mapping 'words' could not be made: ")
				.hasMessageContaining(missing.toString())
				.hasMessageContaining("does not exist")
				.hasCauseInstanceOf(MappingException.class));
	}

	@Test
	void whatWasMappedBeforeTheFailureIsUnmapped() {
		this.contextRunner
			.withPropertyValues("mmap.mappings.geoip.location=" + this.geoip,
					"mmap.mappings.words.location=" + this.directory.resolve("missing.bin"))
			.run(fails("Mapping 'words' could not be made"));
	}

	@Test
	void whatWasMappedIsUnmappedWhenAnotherBeanFails() {
		this.contextRunner.withPropertyValues("mmap.mappings.geoip.location=" + this.geoip)
			.withBean("failing", Object.class, () -> {
				throw new IllegalStateException("a bean of the application failed");
			}, (definition) -> definition.setDependsOn("mappingRegistry"))
			.run(fails("a bean of the application failed"));
	}

	@Test
	void aDeclarationWithoutALocationFailsStartUp() {
		this.contextRunner.withPropertyValues("mmap.mappings.words.access=read-only")
			.run(fails("Mapping 'mmap.mappings.words' is not valid: location is missing"));
	}

	@Test
	void anEmptyLocationFailsStartUp() {
		this.contextRunner.withPropertyValues("mmap.mappings.words.location=")
			.run(fails("Mapping 'mmap.mappings.words' is not valid: location is missing"));
	}

	@Test
	void aResourceThatIsNotOnTheClassPathFailsStartUp() {
		this.contextRunner.withPropertyValues("mmap.mappings.words.location=classpath:no/such/file.bin")
			.run(fails("Mapping 'mmap.mappings.words' is not valid: there is no class path resource"
					+ " [no/such/file.bin]. Check the location"));
	}

	@Test
	void aLocationOnTheNetworkFailsStartUp() {
		this.contextRunner.withPropertyValues("mmap.mappings.words.location=https://localhost/words.bin")
			.run(fails("Mapping 'mmap.mappings.words' is not valid: location 'https://localhost/words.bin' is neither a"
					+ " file nor on the class path, but URL [https://localhost/words.bin]."));
	}

	@Test
	void aDirectoryFailsStartUp() {
		this.contextRunner.withPropertyValues("mmap.mappings.words.location=" + this.directory)
			.run(fails("it is a directory"));
	}

	@Test
	void aRangeBeyondTheEndOfTheFileFailsStartUp() {
		this.contextRunner
			.withPropertyValues("mmap.mappings.geoip.location=" + this.geoip, "mmap.mappings.geoip.length=4KB")
			.run(fails("goes beyond the end of the file, which has 9 bytes"));
	}

	@Test
	void aNameThatCannotBeUsedFailsStartUp() {
		this.contextRunner.withPropertyValues("mmap.mappings.GeoIP.location=" + this.geoip)
			.run(fails("'GeoIP' cannot be the name of a mapping"));
	}

	@Test
	void theNameOfAdHocMappingsIsReserved() {
		this.contextRunner.withPropertyValues("mmap.mappings.ad-hoc.location=" + this.geoip)
			.run(fails("'ad-hoc' cannot be the name of a declared mapping"));
	}

	private ContextConsumer<AssertableApplicationContext> fails(String message) {
		return (context) -> {
			assertThat(context).hasFailed().getFailure().hasStackTraceContaining(message);
			assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		};
	}

}
