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

package io.mmap.consumers;

import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with MVC and Actuator, in each way in which Spring Boot packages one.
 */
@Timeout(300)
class WebMvcActuatorIT {

	private final Packaged application = Packaged.of(Consumer.named("webmvc-actuator"));

	@TempDir
	Path directory;

	@BeforeEach
	void createFile() throws Exception {
		Mapped.create(this.directory);
	}

	@Test
	void isBuiltWithTheVersionsOfTheQuickStart() throws Exception {
		assertThat(Consumer.named("webmvc-actuator").libraries()).contains(
				"mmap-spring-boot-autoconfigure-%s.jar".formatted(Consumer.property("consumers.version")),
				"spring-boot-%s.jar".formatted(Consumer.property("consumers.spring-boot.version")));
	}

	@Test
	void mapsNativelyByTheManifestOfTheExecutableJar() throws Exception {
		try (ConsumerProcess process = ConsumerProcess.start(this.directory, "-jar", this.application.jar())) {
			Mapped.isShownToASignal(process);
			Mapped.usesMapper(process, "native");
		}
	}

	@Test
	void mapsNativelyWhenExtracted() throws Exception {
		String jar = this.application.extract(this.directory);
		try (ConsumerProcess process = ConsumerProcess.start(this.directory, Mapped.withShutdown("-jar", jar))) {
			Mapped.isShownToTheEnd(process);
			Mapped.usesMapper(process, "native");
		}
	}

	@Test
	void runsWhatWasProcessedAheadOfTime() throws Exception {
		try (ConsumerProcess process = ConsumerProcess.start(this.directory, "-Dspring.aot.enabled=true", "-jar",
				this.application.jar())) {
			assertThat(process.output()).contains("Starting AOT-processed HelloApplication");
			Mapped.isShownToASignal(process);
			Mapped.usesMapper(process, "native");
		}
	}

	@Test
	void trainsAnAotCacheWithoutItsFileAndRunsOnThat(@TempDir Path elsewhere) throws Exception {
		String jar = this.application.extract(elsewhere);
		Path cache = this.application.train(elsewhere, jar);
		try (ConsumerProcess process = ConsumerProcess.start(this.directory, Mapped.withShutdown(
				"-XX:AOTCache=" + cache, "-XX:AOTMode=on", "-Xlog:class+load:file=classes.txt", "-jar", jar))) {
			Mapped.isShownToTheEnd(process);
			Mapped.usesMapper(process, "native");
		}
		assertThat(this.directory.resolve("classes.txt")).content()
			.contains("io.mmap.MappingRegistry source: shared objects file");
	}

}
