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
import java.lang.foreign.ValueLayout;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

import io.mmap.MemoryMapping;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.fail;

/**
 * An application that is started again and again in one process, as the developer tools
 * do it: its classes are loaded anew each time and, where this project is open in the
 * same workspace, those of this project as well.
 */
@ExtendWith(NothingLeftBehind.class)
@ParameterizedClass
@CsvSource({ "native, io.mmap.autoconfigure.MmapRestartTests$", "jdk, io.mmap.autoconfigure.MmapRestartTests$",
		"native, io.mmap.", "jdk, io.mmap." })
class MmapRestartTests {

	private static final String STARTS = "starts";

	private static final int RESTARTS = 50;

	/**
	 * Shorter than an idle thread stays when nobody ends it.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(4);

	@TempDir
	Path directory;

	@Parameter(0)
	String mapper;

	@Parameter(1)
	String loadedAnew;

	private Path starts;

	private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

	private final Set<Thread> threadsOfOtherTests = ownThreads();

	/**
	 * Whichever application is the first one, Spring Boot's shutdown hook keeps the
	 * context class loader that it has.
	 */
	@BeforeAll
	static void runAnotherApplication() {
		application(NoApplication.class).run().close();
	}

	@BeforeEach
	void writeFile() throws IOException {
		Files.writeString(this.directory.resolve("geoip.bin"), "countries");
		this.starts = this.directory.resolve("starts.bin");
	}

	@Test
	void aRestartLeavesNothingBehind() throws Exception {
		for (int i = 0; i < RESTARTS; i++) {
			restart((context) -> {
				assertThat(ProcessMaps.regions(this.directory)).hasSize(2);
				assertThat(newThreads()).isNotEmpty();
			});
			assertThatNothingIsLeft();
		}
	}

	@Test
	void aRestartThatFailsLeavesNothingBehind() {
		// What is thrown in the main thread is kept by Spring Boot
		try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
			assertThatException().isThrownBy(() -> thread.submit(this::failToRestart).get())
				.withStackTraceContaining("missing.bin");
		}
		assertThatNothingIsLeft();
		Garbage.collect(this.loaders.getLast());
	}

	@Test
	void whatWasWrittenBeforeARestartIsThereAfterwards() throws Exception {
		for (int i = 0; i < RESTARTS; i++) {
			restart((context) -> {
			});
		}
		assertThat(Files.readAllBytes(this.starts)).containsExactly(RESTARTS, 0, 0, 0, 0, 0, 0, 0);
	}

	@Test
	void noThreadOfThisProjectKeepsTheClassesOfTheApplication() throws Exception {
		restart((context) -> assertThat(newThreads()).isNotEmpty()
			.extracting(Thread::getContextClassLoader)
			.containsOnly(context.getBean("mappingRegistry").getClass().getClassLoader()));
	}

	@Test
	void theClassesOfEachRestartAreCollected() throws Exception {
		for (int i = 0; i < RESTARTS; i++) {
			restart((context) -> {
			});
		}
		for (WeakReference<ClassLoader> loader : this.loaders) {
			Garbage.collect(loader);
		}
	}

	private @Nullable Void failToRestart() throws Exception {
		restart((context) -> fail("It was started"),
				"--mmap.mappings.missing.location=" + this.directory.resolve("missing.bin"));
		return null;
	}

	/**
	 * Start the application with new classes, do something while it is running, and close
	 * it.
	 */
	private void restart(Consumer<ApplicationContext> whileItIsRunning, String... arguments) throws Exception {
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		ClassLoader loader = new ThrowAwayClassLoader(before, this.loadedAnew);
		this.loaders.add(new WeakReference<>(loader));
		thread.setContextClassLoader(loader);
		try (ConfigurableApplicationContext context = application(loader.loadClass(Application.class.getName()))
			.properties("mmap.mapper=" + this.mapper,
					"mmap.mappings.geoip.location=" + this.directory.resolve("geoip.bin"),
					"mmap.mappings.starts.location=" + this.starts, "mmap.mappings.starts.access=read-write",
					"mmap.mappings.starts.length=8B", "mmap.mappings.starts.create=true")
			.run(arguments)) {
			assertThat(context.getBean(STARTS).getClass().getClassLoader()).isSameAs(loader);
			whileItIsRunning.accept(context);
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	private static SpringApplicationBuilder application(Class<?> source) {
		return new SpringApplicationBuilder(source).web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.logStartupInfo(false);
	}

	private void assertThatNothingIsLeft() {
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		assertThat(ProcessMaps.descriptors(this.directory)).isEmpty();
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (!newThreads().isEmpty() && System.nanoTime() < deadline) {
			LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
		}
		assertThat(newThreads()).isEmpty();
	}

	private Set<Thread> newThreads() {
		Set<Thread> threads = ownThreads();
		threads.removeAll(this.threadsOfOtherTests);
		return threads;
	}

	private static Set<Thread> ownThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("mmap-"))
			.collect(Collectors.toCollection(HashSet::new));
	}

	@Configuration(proxyBeanMethods = false)
	static class NoApplication {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(MmapAutoConfiguration.class)
	static class Application {

		@Bean(STARTS)
		Starts starts(@Qualifier(STARTS) MemoryMapping starts) {
			return new Starts(starts);
		}

	}

	/**
	 * Counts how often the application was started.
	 */
	static class Starts {

		Starts(MemoryMapping mapping) {
			long starts = mapping.segment().get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
			mapping.segment().set(ValueLayout.JAVA_LONG_UNALIGNED, 0, starts + 1);
		}

	}

}
