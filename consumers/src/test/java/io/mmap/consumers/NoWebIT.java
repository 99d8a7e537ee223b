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
 * An application that has the starter, and nothing else.
 */
@Timeout(300)
class NoWebIT {

	private static final Consumer CONSUMER = Consumer.named("no-web");

	@Test
	void mapsWithoutNativeAccessAndEnds(@TempDir Path directory) throws Exception {
		Mapped.create(directory);
		ConsumerProcess process = ConsumerProcess.run(directory, "-jar", Packaged.of(CONSUMER).jar());
		assertThat(process.exitCode()).as(process.toString()).isZero();
		assertThat(process.output()).contains("Mapped: " + Mapped.CONTENT);
		Mapped.usesMapper(process, "jdk");
		Mapped.hasWarnedOfNothing(process);
	}

	@Test
	void theStarterBringsNeitherActuatorNorAWebServerNorWhatIsForTests() throws Exception {
		assertThat(CONSUMER.libraries()).isNotEmpty()
			.noneMatch((library) -> library.matches(".*(actuator|micrometer-core|health|tomcat|netty|crac|junit).*"));
	}

}
