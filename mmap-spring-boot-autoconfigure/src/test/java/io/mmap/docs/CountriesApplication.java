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

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.mmap.MappingValidator;
import io.mmap.MemoryMapping;
import io.mmap.autoconfigure.MmapAutoConfiguration;

/**
 * An application that looks countries up.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(MmapAutoConfiguration.class)
class CountriesApplication {

	// tag::lookup-table-beans[]
	@Bean
	IpCountries countries(@Qualifier("countries") MemoryMapping countries) {
		return new IpCountries(countries.segment());
	}

	@Bean
	MappingValidator countriesValidator() {
		return (candidate) -> {
			if (candidate.name().equals("countries")) {
				IpCountries.check(candidate.segment());
			}
		};
	}
	// end::lookup-table-beans[]

}
