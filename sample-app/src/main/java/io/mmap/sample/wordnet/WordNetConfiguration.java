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

package io.mmap.sample.wordnet;

import java.io.IOException;

import io.mmap.MappingRegistry;
import io.mmap.sample.SampleProperties;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Makes the dictionary from the mappings that {@code application.yml} declares.
 */
@Configuration(proxyBeanMethods = false)
class WordNetConfiguration {

	@Bean
	WordNet wordNet(SampleProperties properties, MappingRegistry mappings) throws IOException {
		// The mapping of index.noun is index-noun
		return new WordNet(properties.wordnet(), (file) -> mappings.get(file.replace('.', '-'))::segment);
	}

}
