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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The file that each of the applications maps, and what is seen of that.
 */
final class Mapped {

	static final String CONTENT = "Hello, mapped memory";

	private static final String TEXT = CONTENT + "\n";

	private Mapped() {
	}

	/**
	 * Return what follows 'java' so that the application can be ended by a request.
	 */
	static String[] withShutdown(String... words) {
		return Stream
			.concat(Stream.of(words),
					Stream.of("--management.endpoint.shutdown.access=unrestricted",
							"--management.endpoints.web.exposure.include=health,metrics,mmap,shutdown"))
			.toArray(String[]::new);
	}

	static void create(Path directory) throws IOException {
		Files.writeString(directory.resolve("hello.txt"), TEXT);
	}

	static void isRead(ConsumerProcess process) throws Exception {
		assertThat(process.get("/hello?from=7&length=6")).isEqualTo("mapped");
	}

	static void isShownByTheEndpoint(ConsumerProcess process) throws Exception {
		JsonNode shown = process.json("/actuator/mmap");
		assertThat(shown.at("/totals/mapped").asLong()).isEqualTo(TEXT.length());
		assertThat(shown.at("/mappings/0/name").asString()).isEqualTo("hello");
		assertThat(shown.at("/mappings/0/state").asString()).isEqualTo("mapped");
	}

	static void isMetered(ConsumerProcess process) throws Exception {
		JsonNode meter = process.json("/actuator/metrics/mmap.mapped?tag=name:hello");
		assertThat(meter.at("/measurements/0/value").asDouble()).isEqualTo(TEXT.length());
	}

	static void isHealthy(ConsumerProcess process) throws Exception {
		assertThat(process.json("/actuator/health").at("/components/mmap/status").asString()).isEqualTo("UP");
	}

	/**
	 * Expect all that there is with Actuator, and that the application ends well.
	 */
	static void isShownToTheEnd(ConsumerProcess process) throws Exception {
		isShown(process);
		endsByRequest(process);
	}

	/**
	 * Expect all that there is with Actuator, and that the application, which has no
	 * endpoint to end it, obeys a signal.
	 */
	static void isShownToASignal(ConsumerProcess process) throws Exception {
		isShown(process);
		endsBySignal(process);
	}

	private static void isShown(ConsumerProcess process) throws Exception {
		isRead(process);
		isShownByTheEndpoint(process);
		isMetered(process);
		isHealthy(process);
	}

	static void endsByRequest(ConsumerProcess process) throws Exception {
		assertThat(process.send("POST", "/actuator/shutdown").statusCode()).isEqualTo(200);
		assertThat(process.exitCode()).as(process.toString()).isZero();
		isUnmapped(process);
	}

	static void endsBySignal(ConsumerProcess process) throws Exception {
		assertThat(process.terminate()).as(process.toString()).isEqualTo(ConsumerProcess.TERMINATED);
		isUnmapped(process);
	}

	private static void isUnmapped(ConsumerProcess process) throws IOException {
		assertThat(process.output()).contains("Unmapped 1 mapping, 21 bytes");
		hasWarnedOfNothing(process);
	}

	static void usesMapper(ConsumerProcess process, String mapper) throws IOException {
		assertThat(process.output()).contains("Mapping with the " + mapper + " mapper");
	}

	/**
	 * Expect no warning of the JVM, nor one of the application.
	 */
	static void hasWarnedOfNothing(ConsumerProcess process) throws IOException {
		assertThat(process.errors()).isEmpty();
		assertThat(process.output()).doesNotContain(" WARN ", " ERROR ", "WARNING:", "LEAK:");
	}

}
