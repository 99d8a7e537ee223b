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
import java.io.UncheckedIOException;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What can be made of an executable jar.
 *
 * @param jar its path
 */
record Packaged(String jar) {

	static Packaged of(Consumer consumer) {
		try {
			return new Packaged(consumer.jar().toAbsolutePath().toString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Extract it below a directory.
	 * @param directory the directory
	 * @return the jar to be started then
	 */
	String extract(Path directory) throws Exception {
		ConsumerProcess process = ConsumerProcess.run(directory, "-Djarmode=tools", "-jar", this.jar, "extract",
				"--destination", "extracted");
		assertThat(process.exitCode()).as(process.toString()).isZero();
		return directory.resolve("extracted").resolve(Path.of(this.jar).getFileName()).toString();
	}

	/**
	 * Train an AOT cache where there is nothing that could be mapped.
	 * @param directory where it is left
	 * @param extractedJar what is trained
	 * @param options further options of the JVM
	 * @return the cache
	 */
	Path train(Path directory, String extractedJar, String... options) throws Exception {
		Path cache = directory.resolve("hello.aot");
		String[] words = new String[options.length + 4];
		System.arraycopy(options, 0, words, 0, options.length);
		words[options.length] = "-XX:AOTCacheOutput=" + cache;
		words[options.length + 1] = "-Dspring.context.exit=onRefresh";
		words[options.length + 2] = "-jar";
		words[options.length + 3] = extractedJar;
		ConsumerProcess process = ConsumerProcess.run(directory, words);
		assertThat(process.exitCode()).as(process.toString()).isZero();
		assertThat(cache).exists();
		return cache;
	}

}
