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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application with MVC and Actuator on Spring Boot 3, which does not fit.
 */
@Timeout(300)
class SpringBoot3IT {

	private static final String BANNER = "(?s)\\A.*:: Spring Boot :: +\\(v3[^)]+\\)\\R+";

	private static final String TIME_AND_PROCESS = "(?m)^\\S+ +ERROR \\d+ --- \\[ +main] ";

	private static final Consumer CONSUMER = Consumer.named("spring-boot-3");

	@TempDir
	Path directory;

	@Test
	void doesNotStartAndSaysWhichVersionFits() throws Exception {
		Mapped.create(this.directory);
		ConsumerProcess process = ConsumerProcess.run(this.directory, "-jar", Packaged.of(CONSUMER).jar(),
				"--server.port=0");
		assertThat(process.exitCode()).as(process.toString()).isOne();
		assertThat(process.errors()).isEmpty();
		assertThat(process.output().replaceFirst(BANNER, "").replaceFirst(TIME_AND_PROCESS, "").strip()).isEqualTo("""
				o.s.b.d.LoggingFailureAnalysisReporter   :\s

				***************************
				APPLICATION FAILED TO START
				***************************

				Description:

				The application runs on Spring Boot %1$s, but mmap Spring Boot, which is on its class path, \
				fits Spring Boot 4.x only.

				Action:

				Run the application on Spring Boot 4.x, or use a version of mmap Spring Boot that fits \
				Spring Boot %1$s (see 'Versions' in its README). To start without mappings, remove \
				mmap-spring-boot-starter from the class path, or set 'mmap.enabled' to false."""
			.formatted(Consumer.property("consumers.spring-boot-3.version")));
	}

	@Test
	void saysWhatElseIsMissingWhenItIsDisabled() throws Exception {
		ConsumerProcess process = ConsumerProcess.run(this.directory, "-jar", Packaged.of(CONSUMER).jar(),
				"--server.port=0", "--mmap.enabled=false");
		// The application needs the mapping that it has declared
		assertThat(process.exitCode()).isOne();
		assertThat(process.output()).contains("required a mapping, but mappings are disabled")
			.doesNotContain("NoClassDefFoundError", "ClassNotFoundException");
	}

}
