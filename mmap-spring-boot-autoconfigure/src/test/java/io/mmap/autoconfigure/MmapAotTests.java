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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingSet;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.FileSystemGeneratedFiles;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Ahead-of-time processing: what it generates is compiled and started.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapAotTests {

	@TempDir
	Path directory;

	private Path geoip;

	private Path words;

	@BeforeEach
	void writeFiles() throws IOException {
		this.geoip = Files.writeString(this.directory.resolve("geoip.bin"), "countries");
		this.words = Files.writeString(this.directory.resolve("words.bin"), "nouns and verbs");
	}

	@Test
	void aProcessedApplicationFindsItsDeclaredMappings() throws Exception {
		String initializer = process();
		assertThat(new IsolatedClassPath().with(this.directory.resolve("classes"))
			.run(ProcessedApplication.class,
					Map.of("initializer", initializer, "geoip", this.geoip.toString(), "words", this.words.toString())))
			.isEqualTo("countries, set of [geoip.bin, words.bin], missing is Optional.empty");
	}

	@Test
	void processingNeedsNoFile() throws Exception {
		Files.delete(this.geoip);
		assertThat(process()).isNotEmpty();
	}

	private String process() throws IOException {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			declare(context, this.geoip.toString(), this.words.toString());
			context.register(TestConfiguration.class);
			FileSystemGeneratedFiles files = new FileSystemGeneratedFiles(this.directory);
			DefaultGenerationContext generation = new DefaultGenerationContext(
					new ClassNameGenerator(ClassName.get(MmapAotTests.class)), files);
			ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			generation.writeGeneratedContent();
			compile();
			return initializer.canonicalName();
		}
	}

	private void compile() throws IOException {
		List<Path> sources = new ArrayList<>();
		try (Stream<Path> files = Files.walk(this.directory)) {
			files.filter((file) -> file.toString().endsWith(".java")).forEach(sources::add);
		}
		Path classes = Files.createDirectories(this.directory.resolve("classes"));
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
			assertThat(
					compiler
						.getTask(null, manager, null,
								List.of("-proc:none", "-d", classes.toString(), "-cp",
										System.getProperty("java.class.path")),
								null, manager.getJavaFileObjectsFromPaths(sources))
						.call())
				.isTrue();
		}
	}

	private static void declare(GenericApplicationContext context, String geoip, String words) {
		TestPropertyValues
			.of("mmap.mappings.geoip.location=" + geoip, "mmap.mappings.words.location=" + words,
					"mmap.mappings.all.location=" + Path.of(geoip).resolveSibling("*.bin"),
					"mmap.mappings.missing.location=optional:" + Path.of(geoip).resolveSibling("missing"))
			.applyTo(context);
	}

	/**
	 * Loaded together with the generated classes.
	 */
	public static class ProcessedApplication implements Function<Map<String, String>, String> {

		@Override
		@SuppressWarnings("unchecked")
		public String apply(Map<String, String> settings) {
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				declare(context, settings.get("geoip"), settings.get("words"));
				((ApplicationContextInitializer<GenericApplicationContext>) getClass().getClassLoader()
					.loadClass(settings.get("initializer"))
					.getDeclaredConstructor()
					.newInstance()).initialize(context);
				context.refresh();
				return context.getBean("content", String.class);
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(MmapAutoConfiguration.class)
	static class TestConfiguration {

		@Bean
		String content(@Qualifier("geoip") MemoryMapping mapping, MappingSet all,
				@Qualifier("missing") Optional<MemoryMapping> missing) {
			return MappedText.of(mapping) + ", set of " + all.asMap().keySet() + ", missing is " + missing;
		}

	}

}
