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

package io.mmap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.testsupport.JavaProcess;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which mapper a process gets, depending on how it was started.
 */
class NativeAccessTests {

	@TempDir
	Path directory;

	@Test
	void withoutNativeAccessTheJdkMapsAndNoWarningIsPrinted() throws Exception {
		JavaProcess result = run(List.of(), "AUTO");
		assertThat(result.output()).contains("mapped with JDK")
			.contains("--enable-native-access=ALL-UNNAMED")
			.contains("Enable-Native-Access")
			.doesNotContain("WARNING");
		assertThat(result.exitCode()).isZero();
	}

	@Test
	void withNativeAccessTheNativeMapperMaps() throws Exception {
		JavaProcess result = run(List.of("--enable-native-access=ALL-UNNAMED"), "AUTO");
		assertThat(result.output()).contains("mapped with NATIVE").doesNotContain("WARNING");
		assertThat(result.exitCode()).isZero();
	}

	@Test
	void whereIllegalNativeAccessIsDeniedTheJdkMaps() throws Exception {
		JavaProcess result = run(List.of("--illegal-native-access=deny"), "AUTO");
		assertThat(result.output()).contains("mapped with JDK").doesNotContain("WARNING");
		assertThat(result.exitCode()).isZero();
	}

	@Test
	void theNativeMapperIsRefusedWithWhatToDoWhenNativeAccessIsNotGranted() throws Exception {
		JavaProcess result = run(List.of(), "NATIVE");
		assertThat(result.output()).contains("UnsupportedMappingOperationException")
			.contains("native access is not granted")
			.contains("--enable-native-access=ALL-UNNAMED");
		assertThat(result.exitCode()).isOne();
	}

	private JavaProcess run(List<String> options, String mapper) throws IOException, InterruptedException {
		Path file = Files.writeString(this.directory.resolve("file"), "x");
		return JavaProcess.run(this.directory, System.getProperty("java.class.path"), options, Main.class, mapper,
				file.toString());
	}

	/**
	 * What the process runs.
	 */
	static final class Main {

		public static void main(String[] args) {
			try (MappingRegistry registry = MappingRegistry.builder().mapper(MapperType.valueOf(args[0])).build();
					MemoryMapping mapping = registry.map(MappingSpec.file(Path.of(args[1])).build())) {
				System.out.println("mapped with " + registry.mapper().type() + ": " + registry.mapper().reason() + " "
						+ (char) mapping.segment().get(JAVA_BYTE, 0));
			}
		}

	}

}
