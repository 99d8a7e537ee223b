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

/**
 * An application with WebFlux and Actuator.
 */
@Timeout(300)
class WebFluxIT {

	@Test
	void showsWhatItMaps(@TempDir Path directory) throws Exception {
		Mapped.create(directory);
		String jar = Packaged.of(Consumer.named("webflux")).jar();
		try (ConsumerProcess process = ConsumerProcess.start(directory,
				Mapped.withShutdown("--enable-native-access=ALL-UNNAMED", "-jar", jar))) {
			Mapped.isShownToTheEnd(process);
			Mapped.usesMapper(process, "native");
		}
	}

}
