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

package io.mmap.docs;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingInfo;
import io.mmap.MappingLease;
import io.mmap.MappingPreload;
import io.mmap.MappingRegistry;
import io.mmap.MappingValidator;
import io.mmap.MappingWarning;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What {@code docs/lifecycle.md} shows works.
 */
@ExtendWith(NothingLeftBehind.class)
class LifecyclePageTests {

	@TempDir
	Path directory;

	private Path geoip;

	@BeforeEach
	void writeFile() throws IOException {
		this.geoip = write("ip-country.bin", 1, 64);
	}

	private Path write(String name, int content, int length) throws IOException {
		byte[] bytes = new byte[length];
		bytes[2] = (byte) content;
		return Files.write(this.directory.resolve(name), bytes);
	}

	@Test
	void whatIsDeclaredIsReloadedByItselfGuardedPreloadedAndFlushed() {
		application().run((context) -> {
			MemoryMapping mapping = context.getBean("mmap.geoip", MemoryMapping.class);
			MappingRegistry registry = context.getBean(MappingRegistry.class);
			assertThat(country(mapping, 1)).isEqualTo((short) 1);
			assertThat(info(registry, "geoip").isGuarded()).isTrue();
			replace(2, 64);
			await().until(() -> country(mapping, 1) == 2);
			await().untilAsserted(() -> assertThat(registry.preloads()).singleElement()
				.satisfies((preload) -> assertThat(preload.state()).isEqualTo(MappingPreload.State.COMPLETED)));
			assertThat(info(registry, "counters").flushInterval()).isEqualTo(Duration.ofSeconds(1));
			assertThat(info(registry, "counters").isFlushedOnUnmap()).isTrue();
			assertThat(this.directory.resolve("counters.bin")).hasSize(1 << 20);
		});
	}

	@Test
	void aLeaseKeepsWhatIsReadAsItIs() {
		application().withPropertyValues("mmap.mappings.geoip.reload-on-update=false").run((context) -> {
			MemoryMapping mapping = context.getBean("mmap.geoip", MemoryMapping.class);
			try (MappingLease lease = mapping.acquire()) {
				replace(2, 64);
				context.getBean(MappingRegistry.class).reload("geoip");
				assertThat(lease.segment().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2)).isEqualTo((short) 1);
				assertThat(country(mapping, 1)).isEqualTo((short) 2);
			}
		});
	}

	@Test
	void theValidatorRefusesWhatTakesThePlaceOfTheFile() {
		application().withUserConfiguration(Validation.class)
			.withPropertyValues("mmap.reload.check-interval=50ms", "mmap.reload.quiet-period=0s")
			.run((context) -> {
				MappingRegistry registry = context.getBean(MappingRegistry.class);
				replace(2, 63);
				await().until(() -> !registry.warnings().isEmpty());
				assertThat(country(registry.get("geoip"), 1)).isEqualTo((short) 1);
				assertThat(registry.warnings()).anySatisfy((warning) -> {
					assertThat(warning.kind()).isEqualTo(MappingWarning.Kind.RELOAD_FAILING);
					assertThat(warning.message()).contains("its length is odd");
				});
			});
	}

	@Test
	void whatTheValidatorRefusesAtFirstKeepsTheApplicationFromStarting() throws IOException {
		write("ip-country.bin", 1, 63);
		application().withUserConfiguration(Validation.class)
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("its length is odd"));
	}

	private ApplicationContextRunner application() {
		return DocumentedYaml.region("lifecycle-declarations")
			.with("/var/lib/geoip/ip-country.bin", this.geoip)
			.with("./data/counters.bin", this.directory.resolve("counters.bin"))
			.runner();
	}

	private void replace(int content, int length) throws IOException {
		Files.move(write("next", content, length), this.geoip, StandardCopyOption.ATOMIC_MOVE);
	}

	private static MappingInfo info(MappingRegistry registry, String name) {
		return registry.mappings().stream().filter((info) -> info.name().equals(name)).findFirst().orElseThrow();
	}

	private static short country(MemoryMapping geoip, int ip) {
		// tag::lifecycle-lease[]
		try (MappingLease lease = geoip.acquire()) {
			MemorySegment countries = lease.segment();
			return countries.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * Integer.toUnsignedLong(ip));
		}
		// end::lifecycle-lease[]
	}

	/**
	 * What the page adds to an application.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Validation {

		// tag::lifecycle-validator[]
		@Bean
		MappingValidator geoIpValidator() {
			return (candidate) -> {
				if (candidate.name().equals("geoip") && candidate.segment().byteSize() % 2 != 0) {
					throw new IOException("its length is odd");
				}
			};
		}
		// end::lifecycle-validator[]

	}

}
