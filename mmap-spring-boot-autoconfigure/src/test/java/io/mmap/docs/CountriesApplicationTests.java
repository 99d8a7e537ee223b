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
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import io.mmap.docs.IpCountries.Range;
import io.mmap.test.MappingLeakExtension;

import static org.assertj.core.api.Assertions.assertThat;

// tag::testing-application[]
@SpringBootTest(classes = CountriesApplication.class)
@DirtiesContext
@ExtendWith(MappingLeakExtension.class)
class CountriesApplicationTests {

	@TempDir
	static Path directory;

	@Autowired
	private IpCountries countries;

	@DynamicPropertySource
	static void declare(DynamicPropertyRegistry properties) throws IOException {
		Path file = directory.resolve("countries.bin");
		IpCountries.write(file, List.of(new Range(0x08000000, "US"), new Range(0x09000000, "ZZ")));
		properties.add("mmap.mappings.countries.location", file::toString);
	}

	@Test
	void anAddressHasItsCountry() {
		assertThat(this.countries.country(0x08080808)).isEqualTo("US");
	}

}
// end::testing-application[]
