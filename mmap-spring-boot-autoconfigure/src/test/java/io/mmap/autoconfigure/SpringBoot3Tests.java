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

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.testsupport.Fault;
import io.mmap.testsupport.JavaProcess;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application on Spring Boot 3 is told. It is a process of its own, with the jars
 * of that Spring Boot, which the build puts into a directory.
 */
class SpringBoot3Tests {

	private static final Path SPRING_BOOT_3 = Path.of("target/spring-boot-3");

	@TempDir
	Path directory;

	@Test
	@Fault("wrong-spring-boot")
	void startUpFailsAndSaysWhatRunsAndWhatFits() throws Exception {
		JavaProcess result = run();
		assertThat(result.output()).contains("APPLICATION FAILED TO START")
			.contains("runs on Spring Boot " + springBoot3Version() + ", but mmap Spring Boot")
			.contains("fits Spring Boot 4.x only")
			.contains("Run the application on Spring Boot 4.x")
			.doesNotContain("Started")
			.doesNotContain("NoClassDefFoundError");
		assertThat(result.exitCode()).isOne();
	}

	@Test
	void theApplicationStartsWhenMappingsAreDisabled() throws Exception {
		JavaProcess result = run("-Dmmap.enabled=false");
		assertThat(result.output()).contains("Started on Spring Boot " + springBoot3Version())
			.doesNotContain("APPLICATION FAILED TO START")
			.doesNotContain("NoClassDefFoundError");
		assertThat(result.exitCode()).isZero();
	}

	@Test
	void noFailureAnalyzerIsMissingAClassThere() throws Exception {
		assertThat(run("-Dmmap.enabled=false").output())
			.contains("Analyzes failures: " + DeclaredMappingFailureAnalyzer.class.getName())
			.contains("Analyzes failures: " + UnsupportedSpringBootVersionFailureAnalyzer.class.getName());
	}

	private JavaProcess run(String... options) throws IOException, InterruptedException {
		// What this library brings itself stays, and so does what the tests are made of
		IsolatedClassPath classPath = new IsolatedClassPath().without("(?!jspecify-).*\\.jar")
			.withJarsIn(SPRING_BOOT_3);
		return JavaProcess.run(this.directory, classPath.asString(), List.of(options), Application.class);
	}

	private static String springBoot3Version() throws IOException {
		try (JarFile jar = new JarFile(SPRING_BOOT_3.resolve("spring-boot.jar").toFile())) {
			String version = jar.getManifest().getMainAttributes().getValue("Implementation-Version");
			assertThat(version).startsWith("3.");
			return version;
		}
	}

	/**
	 * What the process runs: compiled with Spring Boot 4, of what Spring Boot 3 has, too.
	 */
	@EnableAutoConfiguration
	static class Application {

		public static void main(String[] args) {
			try (ConfigurableApplicationContext context = SpringApplication.run(Application.class, args)) {
				System.out.println("Started on Spring Boot " + SpringBootVersion.getVersion());
				SpringFactoriesLoader.forDefaultResourceLocation()
					.load(FailureAnalyzer.class, ArgumentResolver.of(Environment.class, context.getEnvironment()),
							FailureHandler.handleMessage((message, failure) -> {
							}))
					.forEach((analyzer) -> System.out.println("Analyzes failures: " + analyzer.getClass().getName()));
			}
		}

	}

}
