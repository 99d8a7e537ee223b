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
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.testsupport.JavaProcess;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a registry makes when it is needed first.
 */
@ExtendWith(NothingLeftBehind.class)
class LazyMapperTests {

	@TempDir
	Path directory;

	@Test
	void aRegistryThatMapsNothingDoesNotGetReadyForNativeCalls() throws Exception {
		assertThat(run()).contains("registry closed").doesNotContain("LinuxSystemCalls", "NativeMapper");
	}

	@Test
	void aRegistryGetsReadyForNativeCallsWhenItMapsFirst() throws Exception {
		Path file = Files.write(this.directory.resolve("file"), new byte[10]);
		assertThat(run(file.toString())).contains("registry closed", "LinuxSystemCalls", "NativeMapper");
	}

	@Test
	void aMapperIsMadeOnce() {
		LazyMapper mapper = new LazyMapper(() -> Mappers.of(MapperType.JDK));
		assertThat(mapper.info()).isSameAs(mapper.info());
	}

	private String run(String... files) throws IOException, InterruptedException {
		JavaProcess result = JavaProcess.run(this.directory, System.getProperty("java.class.path"),
				List.of("--enable-native-access=ALL-UNNAMED", "-Xlog:class+load"), Main.class, files);
		assertThat(result.exitCode()).isZero();
		return result.output();
	}

	/**
	 * What the process runs.
	 */
	static final class Main {

		public static void main(String[] files) {
			try (MappingRegistry registry = MappingRegistry.builder().build()) {
				for (String file : files) {
					registry.map(MappingSpec.file(Path.of(file)).build()).close();
				}
				registry.warnings();
				registry.process();
				registry.statistics();
			}
			System.out.println("registry closed");
		}

	}

}
