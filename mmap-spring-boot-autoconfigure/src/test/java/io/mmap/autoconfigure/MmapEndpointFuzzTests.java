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
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.MappingInfo;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.HostileText;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Thousands of requests that nobody should send. Each run sends others; a failure says
 * which seed repeats it: {@code -Dmmap.seed=...}. {@code -Dmmap.requests=...} sends more.
 */
@ParameterizedClass(name = "{0}")
@EnumSource
@ExtendWith({ NothingLeftBehind.class, OutputCaptureExtension.class })
class MmapEndpointFuzzTests {

	private static final int REQUESTS = Integer.getInteger("mmap.requests", 300);

	private static final int MAX_ANSWER = 100_000;

	private static final Pattern OURS = Pattern.compile("^\\d{4}.*( io\\.mmap\\.|The parameter ')");

	private final long seed = Long.getLong("mmap.seed", System.nanoTime());

	private final Random random = new Random(this.seed);

	private final Map<String, Integer> statuses = new TreeMap<>();

	@Parameter
	WebApplication.Stack stack;

	@TempDir
	Path directory;

	private Path geoip;

	private Path counters;

	@BeforeEach
	void writeFiles() throws IOException {
		System.out.println("MmapEndpointFuzzTests, " + this.stack + ": to repeat it, " + seed());
		byte[] content = new byte[10_000];
		new Random(1).nextBytes(content);
		this.geoip = Files.write(this.directory.resolve("geoip.bin"), content);
		this.counters = Files.write(this.directory.resolve("counters.bin"), content);
	}

	@Test
	@Fault("malicious-request")
	void noRequestIsTooMuchForTheEndpointOrChangesAnythingByDefault(CapturedOutput output) throws IOException {
		try (WebApplication application = new WebApplication(this.stack, properties());
				MemoryMapping adHoc = application.registry().map(MappingSpec.file(this.geoip).build())) {
			List<String> before = state(application.registry());
			send(application, output);
			assertThat(state(application.registry())).as(seed()).isEqualTo(before);
			assertThat(application.registry().preloads()).as(seed()).isEmpty();
			assertThat(adHoc.length()).isEqualTo(10_000);
			assertThat(this.statuses).containsKeys("200", "400", "404", "405");
		}
	}

	@Test
	void noRequestIsTooMuchForTheEndpointWhereItMayChangeThings(CapturedOutput output) throws IOException {
		try (WebApplication application = WebApplication.ofOperators(this.stack, properties())) {
			try (MemoryMapping adHoc = application.registry().map(MappingSpec.anonymous(4096).build())) {
				send(application, output);
				assertThat(adHoc.name()).isEqualTo("ad-hoc-1");
			}
			catch (IllegalStateException ex) {
				// One of the requests was to unmap it
				assertThat(ex).hasMessageContaining("was unmapped");
			}
			assertThat(application.registry().mappings()).extracting(MappingInfo::name)
				.containsExactlyInAnyOrder("counters", "geoip", "all.1", "all.2");
			assertThat(this.statuses).containsKeys("200", "400", "404");
		}
	}

	private void send(WebApplication application, CapturedOutput output) throws IOException {
		byte[] content = Files.readAllBytes(this.geoip);
		// One of them costs as much as the other, and most do the same to both
		int requests = (this.stack == WebApplication.Stack.MVC) ? REQUESTS : REQUESTS / 2;
		int port = application.request("/").build().uri().getPort();
		for (int i = 0; i < requests; i++) {
			RawRequest request = RawRequest.any(this.random);
			List<String> hidden = hidden(application.registry());
			String answer = request.send(port);
			String description = seed() + ", request " + i + ": " + request;
			assertThat(answer.length()).as(description).isLessThan(MAX_ANSWER);
			if (!answer.isEmpty()) {
				String status = answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
				this.statuses.merge(status, 1, Integer::sum);
				assertThat(status).as(description).doesNotStartWith("5");
			}
			assertThat(hidden).as(description).noneMatch(answer::contains);
			assertThat(answer).as(description).doesNotContain("\tat ");
		}
		assertThat(Files.readAllBytes(this.geoip)).as(seed()).isEqualTo(content);
		assertThat(Files.readAllBytes(this.counters)).as(seed()).isEqualTo(content);
		assertThat(application.registry().get("counters").segment().toArray(ValueLayout.JAVA_BYTE)).as(seed())
			.isEqualTo(content);
		assertThat(ofOurs(output)).as(seed()).isNotEmpty().allSatisfy(HostileText::assertHarmless);
	}

	/**
	 * Return what we have logged, and what Spring has logged of our exceptions, each with
	 * the lines that follow it without being the beginning of another message. What
	 * servers write of requests that never reach us is up to them.
	 */
	private static List<String> ofOurs(CapturedOutput output) {
		return Pattern.compile("\\R(?=\\d{4}-\\d\\d-\\d\\dT)")
			.splitAsStream(output.getAll().stripTrailing())
			.filter((message) -> OURS.matcher(message).find())
			.toList();
	}

	private String seed() {
		return "-Dmmap.seed=" + this.seed;
	}

	private List<String> hidden(MappingRegistry registry) {
		List<String> hidden = new ArrayList<>(List.of(this.directory.toString(), "geoip.bin", "counters.bin"));
		registry.mappings()
			.stream()
			.map(MappingInfo::address)
			.flatMap((address) -> Stream.of(Long.toHexString(address), Long.toString(address)))
			.forEach(hidden::add);
		return hidden;
	}

	private static List<String> state(MappingRegistry registry) {
		List<String> state = new ArrayList<>();
		registry.mappings()
			.forEach((mapping) -> state
				.add(mapping.name() + " " + mapping.generation() + " " + mapping.address() + " " + mapping.length()
						+ " " + mapping.protection() + " " + mapping.lastFlush() + " " + mapping.leases()));
		registry.statistics()
			.forEach((figures) -> state.add(figures.name() + " " + figures.mappings() + " " + figures.mappedBytes()
					+ " " + figures.mapCount() + " " + figures.leases()));
		return state;
	}

	private String[] properties() {
		return new String[] { "mmap.mappings.geoip.location=" + this.geoip,
				"mmap.mappings.counters.location=" + this.counters, "mmap.mappings.counters.access=read-write",
				"mmap.mappings.all.location=" + this.directory + "/*.bin", "spring.web.error.include-message=always" };
	}

}
