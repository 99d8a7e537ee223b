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

package io.mmap.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import io.mmap.MapperType;
import io.mmap.MappingAccess;
import io.mmap.MappingInfo;
import io.mmap.MappingLease;
import io.mmap.MappingListener;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MappingValidator;
import io.mmap.MemoryMapping;
import io.mmap.autoconfigure.MmapAutoConfiguration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A JVM of its own that comes to an end while it maps. It is ended whatever happens.
 */
final class DyingProcess implements AutoCloseable {

	static final int LENGTH = 1 << 20;

	static final int NUMBERS = 1000;

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

	/**
	 * What lines begin with that are not of the log.
	 */
	private static final String ANSWER = "> ";

	private final Process process;

	private final BufferedReader output;

	private DyingProcess(Process process) {
		this.process = process;
		this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
	}

	/**
	 * Start one.
	 * @param task what it is to do until it is killed
	 */
	static DyingProcess start(Task task, MapperType mapper, Path path) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-cp",
				System.getProperty("java.class.path"), DyingProcess.class.getName(), task.name(), mapper.name(),
				path.toString(), "0"));
		return new DyingProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
	}

	/**
	 * Wait for the first thing that it says.
	 */
	String answer() throws IOException {
		String line;
		while ((line = this.output.readLine()) != null) {
			if (line.startsWith(ANSWER)) {
				return line.substring(ANSWER.length());
			}
		}
		return "";
	}

	/**
	 * End it at once, as {@code kill -9} does.
	 * @return what else it has said: the last line may be a part of one
	 */
	List<String> kill() throws IOException, InterruptedException {
		// Not that of the process, which would close its output, too
		this.process.toHandle().destroyForcibly();
		List<String> lines = this.output.readAllLines();
		if (!this.process.waitFor(60, TimeUnit.SECONDS)) {
			throw new AssertionError("It was not killed");
		}
		return lines.stream().map((line) -> line.replaceFirst("^" + ANSWER, "")).toList();
	}

	int exitCode() {
		return this.process.exitValue();
	}

	@Override
	public void close() throws IOException {
		this.process.destroyForcibly();
		this.output.close();
	}

	/**
	 * What the process runs.
	 * @param args a task, a mapper, a path, and a number from which moments derive
	 */
	public static void main(String[] args) throws Exception {
		Task.valueOf(args[0]).work.work(MapperType.valueOf(args[1]), Path.of(args[2]), Long.parseLong(args[3]));
	}

	/**
	 * Store one number after the other, and say so after each.
	 */
	private static void storeNumbers(MapperType mapper, Path file, long seed) {
		MemoryMapping mapping = registry(mapper).build()
			.map(MappingSpec.file(file).access(MappingAccess.READ_WRITE).create(true).length(LENGTH).build());
		PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
		for (long number = 1;; number++) {
			mapping.segment().set(LONG, (number % NUMBERS) * Long.BYTES, number);
			out.println(ANSWER + number);
		}
	}

	private static void createFiles(MapperType mapper, Path directory, long seed) {
		MappingRegistry registry = registry(mapper).build();
		for (int i = 0;; i++) {
			try (MemoryMapping mapping = registry.map(creating(directory.resolve("file" + i)))) {
				mapping.segment().set(LONG, LENGTH - Long.BYTES, 42);
			}
			if (i == 0) {
				System.out.println(ANSWER + "begun");
			}
		}
	}

	/**
	 * Return how files are created.
	 */
	static MappingSpec creating(Path file) {
		return MappingSpec.file(file).access(MappingAccess.READ_WRITE).create(true).length(LENGTH).build();
	}

	private static void exitPlain(MapperType mapper, Path directory, long seed) throws Exception {
		MappingRegistry registry = registry(mapper).declare("words", MappingSpec.file(words(directory)).build())
			.build();
		Runtime.getRuntime().addShutdownHook(new Thread(registry::close));
		work(registry, directory);
		pause(seed);
		System.exit(7);
	}

	private static void exitSpring(MapperType mapper, Path directory, long seed) throws Exception {
		ConfigurableApplicationContext context = start(mapper, directory);
		work(context.getBean(MappingRegistry.class), directory);
		pause(seed);
		System.exit(7);
	}

	private static ConfigurableApplicationContext start(MapperType mapper, Path directory) throws IOException {
		return SpringApplication.run(Application.class, "--mmap.mapper=" + mapper.name().toLowerCase(Locale.ROOT),
				"--mmap.mappings.words.location=" + words(directory), "--spring.main.banner-mode=off",
				"--spring.main.web-application-type=none", "--mmap.shutdown.drain-timeout=2s");
	}

	private static void halt(MapperType mapper, Path directory, long seed) throws Exception {
		MappingRegistry registry = registry(mapper).declare("words", MappingSpec.file(words(directory)).build())
			.build();
		Runtime.getRuntime().addShutdownHook(new Thread(registry::close));
		work(registry, directory);
		pause(seed);
		Runtime.getRuntime().halt(7);
	}

	private static Path words(Path directory) throws IOException {
		Path next = Files.write(directory.resolve("words.next"), new byte[LENGTH]);
		return Files.move(next, directory.resolve("words"), StandardCopyOption.ATOMIC_MOVE,
				StandardCopyOption.REPLACE_EXISTING);
	}

	private static void pause(long seed) {
		LockSupport.parkNanos(new SplittableRandom(seed).nextLong(200_000_000));
	}

	/**
	 * Have threads map, read, reload and unmap until they are told that it is over.
	 */
	private static void work(MappingRegistry registry, Path directory) {
		for (int i = 0; i < 4; i++) {
			Path own = directory.resolve("own" + i);
			Thread.Builder builder = (i < 2) ? Thread.ofPlatform() : Thread.ofVirtual();
			builder.start(() -> {
				try {
					while (true) {
						workOnce(registry, own);
					}
				}
				catch (IllegalStateException ex) {
					// The registry was closed
					System.out.println("closed: " + ex.getMessage());
				}
			});
		}
	}

	private static void workOnce(MappingRegistry registry, Path own) {
		MemoryMapping mapping = registry.map(creating(own));
		try (MappingLease lease = mapping.acquire()) {
			lease.segment().fill((byte) 1);
		}
		mapping.unmap();
		try (MappingLease lease = registry.get("words").acquire()) {
			if (lease.segment().get(LONG, LENGTH - Long.BYTES) != 0) {
				throw new AssertionError("Something else is mapped");
			}
		}
		registry.reload("words");
	}

	private static void exitInValidatorAtStart(MapperType mapper, Path directory, long seed) throws IOException {
		System.setProperty("exit", "true");
		start(mapper, directory);
	}

	private static void exitInValidator(MapperType mapper, Path directory, long seed) throws IOException {
		reload(mapper, directory, (candidate) -> {
			if (candidate.generation() > 1) {
				System.exit(7);
			}
		}, new MappingListener() {
		});
	}

	private static void exitInListenerOnReload(MapperType mapper, Path directory, long seed) throws IOException {
		reload(mapper, directory, (candidate) -> {
		}, new MappingListener() {

			@Override
			public void reloaded(MappingInfo mapping) {
				System.exit(7);
			}

		});
	}

	private static void exitInListenerOnUnmap(MapperType mapper, Path directory, long seed) throws IOException {
		reload(mapper, directory, (candidate) -> {
		}, new MappingListener() {

			private final AtomicBoolean exiting = new AtomicBoolean();

			@Override
			public void unmapped(MappingInfo mapping) {
				// When a shutdown hook unmaps, too, where nobody may exit
				if (this.exiting.compareAndSet(false, true)) {
					System.exit(7);
				}
			}

		});
	}

	private static void exitUnderALease(MapperType mapper, Path directory, long seed) throws IOException {
		MappingRegistry registry = registry(mapper).declare("words", MappingSpec.file(words(directory)).build())
			.build();
		Runtime.getRuntime().addShutdownHook(new Thread(registry::close));
		try (MappingLease lease = registry.get("words").acquire()) {
			System.exit((int) (7 + lease.segment().get(LONG, 0)));
		}
	}

	private static void reload(MapperType mapper, Path directory, MappingValidator validator, MappingListener listener)
			throws IOException {
		MappingRegistry registry = registry(mapper).declare("words", MappingSpec.file(words(directory)).build())
			.validator(validator)
			.listener(listener)
			.build();
		Runtime.getRuntime().addShutdownHook(new Thread(registry::close));
		registry.reload("words");
		registry.map(MappingSpec.file(words(directory)).build()).unmap();
	}

	private static MappingRegistry.Builder registry(MapperType mapper) {
		return MappingRegistry.builder().mapper(mapper).drainTimeout(Duration.ofMillis(500));
	}

	/**
	 * What a process does.
	 */
	enum Task {

		STORE_NUMBERS(DyingProcess::storeNumbers),

		CREATE_FILES(DyingProcess::createFiles),

		EXIT_PLAIN(DyingProcess::exitPlain),

		EXIT_SPRING(DyingProcess::exitSpring),

		HALT(DyingProcess::halt),

		EXIT_IN_VALIDATOR_AT_START(DyingProcess::exitInValidatorAtStart),

		EXIT_IN_VALIDATOR(DyingProcess::exitInValidator),

		EXIT_IN_LISTENER_ON_RELOAD(DyingProcess::exitInListenerOnReload),

		EXIT_IN_LISTENER_ON_UNMAP(DyingProcess::exitInListenerOnUnmap),

		EXIT_UNDER_A_LEASE(DyingProcess::exitUnderALease);

		private final Work work;

		Task(Work work) {
			this.work = work;
		}

	}

	/**
	 * How it does that.
	 */
	@FunctionalInterface
	private interface Work {

		void work(MapperType mapper, Path path, long seed) throws Exception;

	}

	/**
	 * An application with declared mappings.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(MmapAutoConfiguration.class)
	static class Application {

		@Bean
		MappingValidator validator() {
			return (candidate) -> {
				if (Boolean.getBoolean("exit")) {
					System.exit(7);
				}
			};
		}

	}

}
