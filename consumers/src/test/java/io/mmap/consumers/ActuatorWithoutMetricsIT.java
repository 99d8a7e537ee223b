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
 * A web application with Actuator, from which metrics were excluded.
 */
@Timeout(300)
class ActuatorWithoutMetricsIT {

	@Test
	void hasEndpointAndHealthButNoMeters(@TempDir Path directory) throws Exception {
		Consumer consumer = Consumer.named("actuator-without-metrics");
		assertThat(consumer.libraries()).noneMatch((library) -> library.contains("micrometer-core"));
		Mapped.create(directory);
		try (ConsumerProcess process = ConsumerProcess.start(directory,
				Mapped.withShutdown("-jar", Packaged.of(consumer).jar(), "--debug"))) {
			Mapped.isRead(process);
			Mapped.isShownByTheEndpoint(process);
			Mapped.isHealthy(process);
			assertThat(process.status("/actuator/metrics")).isEqualTo(404);
			Mapped.endsByRequest(process);
			ConditionsReport conditions = ConditionsReport.of(process.output());
			assertThat(conditions.positive()).contains("MmapEndpointAutoConfiguration",
					"MmapHealthContributorAutoConfiguration");
			assertThat(conditions.negative()).contains("MmapMetricsAutoConfiguration");
		}
	}

}
