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

package io.mmap.sample;

import java.nio.file.Path;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the application finds its files.
 *
 * @param home the application's own directory; set by
 * {@link SampleHomeEnvironmentPostProcessor} unless configured
 * @param wordnet directory of the WordNet database files that are read once, when the
 * application starts
 * @param dictionary directory of the index and data files, which may be replaced while
 * the application runs; by default a symbolic link in {@code data}, made on first use
 * @param data directory of the files that the application writes
 */
@ConfigurationProperties("sample")
public record SampleProperties(Path home, Path wordnet, Path dictionary, Path data) {

}
