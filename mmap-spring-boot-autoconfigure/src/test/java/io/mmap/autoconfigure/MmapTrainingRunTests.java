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

package io.mmap.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingRegistry;
import io.mmap.MappingSet;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.JavaProcess;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.DefaultLifecycleProcessor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A context that is started to train a cache of the JVM, or for a checkpoint, needs
 * nothing of what is declared, and changes nothing on disk.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapTrainingRunTests {

	@TempDir
	Path directory;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class));

	/**
	 * Spring reads the property once, and would end this process if that were now.
	 */
	@BeforeAll
	static void letSpringReadThePropertyBefore() throws ClassNotFoundException {
		Class.forName(DefaultLifecycleProcessor.class.getName());
	}

	@BeforeEach
	void train() {
		System.setProperty("spring.context.exit", "onRefresh");
	}

	@AfterEach
	void trainNoMore() {
		System.clearProperty("spring.context.exit");
		System.clearProperty("spring.context.checkpoint");
	}

	@Test
	void nothingIsMappedUntilItIsUsed() throws IOException {
		Path file = Files.writeString(this.directory.resolve("geoip.bin"), "countries");
		this.contextRunner.withPropertyValues("mmap.mappings.geoip.location=" + file).run((context) -> {
			MappingRegistry registry = context.getBean(MappingRegistry.class);
			MemoryMapping mapping = context.getBean(MemoryMapping.class);
			assertThat(registry.mappings()).isEmpty();
			assertThat(MappedText.of(mapping)).isEqualTo("countries");
			assertThat(registry.mappings()).hasSize(1);
		});
	}

	@Test
	void aCheckpointIsTreatedAlike() {
		System.clearProperty("spring.context.exit");
		System.setProperty("spring.context.checkpoint", "onRefresh");
		this.contextRunner.withPropertyValues("mmap.mappings.geoip.location=" + this.directory.resolve("missing"))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void inAnyOtherRunFilesAreNeeded() {
		System.clearProperty("spring.context.exit");
		this.contextRunner.withPropertyValues("mmap.mappings.geoip.location=" + this.directory.resolve("missing"))
			.run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void anApplicationThatExitsOnRefreshNeedsAndChangesNothingOnDisk() throws Exception {
		Path data = this.directory.resolve("data");
		List<String> options = new ArrayList<>(
				List.of("--enable-native-access=ALL-UNNAMED", "-Dspring.context.exit=onRefresh"));
		options.add("-Dmmap.mappings.geoip.location=" + data.resolve("geoip.bin"));
		options.add("-Dmmap.mappings.shards.location=" + data.resolve("*.shard"));
		options.add("-Dmmap.mappings.counters.location=" + data.resolve("counters.bin"));
		options.add("-Dmmap.mappings.counters.access=read-write");
		options.add("-Dmmap.mappings.counters.length=1MB");
		options.add("-Dmmap.mappings.counters.create=true");
		// Spring Security warns of the password that it makes
		String classPath = new IsolatedClassPath().without("spring-(boot-)?(starter-)?security-.*\\.jar").asString();
		JavaProcess result = JavaProcess.run(this.directory, classPath, options, Application.class);
		assertThat(result.output()).contains("injected")
			.doesNotContain("APPLICATION FAILED", "Mapped '", "ERROR", "WARN");
		assertThat(result.exitCode()).isZero();
		assertThat(data).doesNotExist();
		assertThat(this.directory.toFile().listFiles()).extracting(File::getName).containsExactly("output");
	}

	@EnableAutoConfiguration
	static class Application {

		@Bean
		Object user(@Qualifier("geoip") MemoryMapping geoip, @Qualifier("counters") MemoryMapping counters,
				MappingSet shards) {
			System.out.println("injected " + geoip + counters + shards);
			return new Object();
		}

		public static void main(String[] args) {
			SpringApplication.run(Application.class, args);
		}

	}

}
