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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingLease;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.autoconfigure.MmapAutoConfiguration;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples of the Javadoc, which are parts of this class, do what it says.
 */
@ExtendWith(NothingLeftBehind.class)
class JavadocExampleTests {

	@TempDir
	Path directory;

	private Path path;

	@BeforeEach
	void writeFile() throws IOException {
		ByteBuffer countries = ByteBuffer.allocate(1 << 8).order(ByteOrder.nativeOrder());
		countries.putShort(2 * 42, (short) 756);
		this.path = Files.write(this.directory.resolve("ip-country.bin"), countries.array());
	}

	@Test
	void anApplicationReadsADeclaredMapping() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class))
			.withBean(GeoIp.class)
			.withPropertyValues("mmap.mappings.geoip.location=" + this.path)
			.run((context) -> assertThat(context.getBean(GeoIp.class).country(42)).isEqualTo((short) 756));
	}

	@Test
	void aProgramWithoutSpringReadsAFile() {
		assertThat(country(this.path, 42)).isEqualTo((short) 756);
	}

	private static short country(Path path, int ip) {
		// @start region = "plain-java"
		try (MappingRegistry registry = MappingRegistry.builder().build();
				MemoryMapping mapping = registry.map(MappingSpec.file(path).build())) {
			MemorySegment countries = mapping.segment();
			return countries.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * Integer.toUnsignedLong(ip));
		}
		// @end
	}

	// @start region = "injected"
	static class GeoIp {

		private final MemoryMapping countries;

		GeoIp(@Qualifier("geoip") MemoryMapping countries) {
			this.countries = countries;
		}

		short country(int ip) {
			try (MappingLease lease = this.countries.acquire()) {
				return lease.segment().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * Integer.toUnsignedLong(ip));
			}
		}

	}
	// @end

}
