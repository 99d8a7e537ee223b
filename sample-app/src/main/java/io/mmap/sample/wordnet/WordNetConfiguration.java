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

import io.mmap.MappingSet;
import io.mmap.MappingValidator;
import io.mmap.sample.SampleProperties;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Makes the dictionary from the set that {@code application.yml} declares.
 */
@Configuration(proxyBeanMethods = false)
class WordNetConfiguration {

	private static final String DICTIONARY = "dictionary";

	@Bean
	WordNet wordNet(SampleProperties properties, @Qualifier(DICTIONARY) MappingSet dictionary) throws IOException {
		return new WordNet(properties.wordnet(), dictionary);
	}

	@Bean
	static MappingValidator dictionaryValidator() {
		return new DictionaryValidator(DICTIONARY);
	}

}
