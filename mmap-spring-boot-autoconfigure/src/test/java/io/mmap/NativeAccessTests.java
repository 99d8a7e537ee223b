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

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.testsupport.Fault;
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

	@Test
	void withTheManifestOfAnExecutableJarTheNativeMapperMaps() throws Exception {
		JavaProcess result = runJar(true, List.of());
		assertThat(result.output()).contains("mapped with NATIVE").contains("locked").doesNotContain("WARNING");
		assertThat(result.exitCode()).isZero();
	}

	@Test
	void anExecutableJarWithoutThatManifestMapsWithTheJdk() throws Exception {
		JavaProcess result = runJar(false, List.of());
		assertThat(result.output()).contains("mapped with JDK").doesNotContain("WARNING");
		assertThat(result.exitCode()).isZero();
	}

	@Test
	void theManifestCountsWhereIllegalNativeAccessIsDenied() throws Exception {
		JavaProcess result = runJar(true, List.of("--illegal-native-access=deny"));
		assertThat(result.output()).contains("mapped with NATIVE").doesNotContain("WARNING");
		assertThat(result.exitCode()).isZero();
	}

	@Test
	void theFlagCountsWhereIllegalNativeAccessIsDenied() throws Exception {
		JavaProcess result = run(List.of("--enable-native-access=ALL-UNNAMED", "--illegal-native-access=deny"), "AUTO");
		assertThat(result.output()).contains("mapped with NATIVE").doesNotContain("WARNING");
		assertThat(result.exitCode()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "--illegal-native-access=warn", "--illegal-native-access=deny" })
	@Fault("no-native-access")
	void whatNeedsNativeAccessSaysHowToGrantIt(String option) throws Exception {
		JavaProcess result = run(List.of(option), "AUTO");
		for (String operation : List.of("lock", "protect", "anonymous")) {
			assertThat(result.output().lines().filter((line) -> line.startsWith(operation + ": "))).singleElement()
				.asString()
				.contains("UnsupportedMappingOperationException")
				.contains("--enable-native-access=ALL-UNNAMED")
				.contains("Enable-Native-Access: ALL-UNNAMED");
		}
		assertThat(result.output()).contains("capability mmap: false").doesNotContain("WARNING");
		assertThat(result.exitCode()).isZero();
	}

	private JavaProcess run(List<String> options, String mapper) throws IOException, InterruptedException {
		Path file = Files.writeString(this.directory.resolve("file"), "x");
		return JavaProcess.run(this.directory, System.getProperty("java.class.path"), options, Main.class, mapper,
				file.toString());
	}

	private JavaProcess runJar(boolean granted, List<String> options) throws IOException, InterruptedException {
		Path file = Files.writeString(this.directory.resolve("file"), "x");
		Manifest manifest = new Manifest();
		Attributes attributes = manifest.getMainAttributes();
		attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
		attributes.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
		attributes.put(Attributes.Name.CLASS_PATH,
				Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
					.map((each) -> Path.of(each).toUri().toString())
					.collect(Collectors.joining(" ")));
		if (granted) {
			attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
		}
		Path jar = this.directory.resolve("application.jar");
		new JarOutputStream(Files.newOutputStream(jar), manifest).close();
		return JavaProcess.runJar(this.directory, jar, options, "AUTO", file.toString());
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
				System.out.println("capability mmap: " + registry.capabilities().isAvailable("mmap"));
				tell("lock", mapping::lock);
				tell("protect", mapping::protect);
				tell("anonymous", () -> registry.map(MappingSpec.anonymous(4096).build()).close());
			}
		}

		private static void tell(String name, Runnable operation) {
			try {
				operation.run();
				System.out.println(name + "ed");
			}
			catch (UnsupportedMappingOperationException ex) {
				System.out.println(name + ": " + ex);
			}
		}

	}

}
