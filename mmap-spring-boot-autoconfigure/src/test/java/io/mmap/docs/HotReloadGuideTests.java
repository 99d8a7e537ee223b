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

package io.mmap.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.mmap.MappingInfo;
import io.mmap.MappingListener;
import io.mmap.MappingRegistry;
import io.mmap.MappingSet;
import io.mmap.MappingSetLease;
import io.mmap.MappingValidator;
import io.mmap.MappingWarning;
import io.mmap.metrics.MmapMetrics;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The files of {@code docs/guides/hot-reload.md}, which are replaced while they are read.
 */
@ExtendWith(NothingLeftBehind.class)
class HotReloadGuideTests {

	private static final int NAMES = 500;

	@TempDir
	Path directory;

	@BeforeEach
	void publishFirst() throws IOException {
		publish(1);
	}

	private void publish(long edition) throws IOException {
		Names.publish(this.directory, edition, IntStream.range(0, NAMES).mapToObj((i) -> name(i, edition)).toList());
	}

	private static String name(int number, long edition) {
		return "name " + number + " of edition " + edition + "!".repeat((int) (number * edition % 7));
	}

	@Test
	void whoReadsWhileFilesAreReplacedReadsOfOneEdition() {
		AtomicBoolean done = new AtomicBoolean();
		Executor threads = (task) -> Thread.ofPlatform().start(task);
		runner().run((context) -> {
			Names names = context.getBean(Names.class);
			CompletableFuture<Long> reader = CompletableFuture.supplyAsync(() -> read(names, done), threads);
			for (long edition = 2; edition <= 4; edition++) {
				publish(edition);
				awaitEdition(names, edition);
			}
			done.set(true);
			assertThat(reader.get()).isGreaterThan(1000);
		});
	}

	private static long read(Names names, AtomicBoolean done) {
		long count = 0;
		while (!done.get()) {
			int number = (int) (count++ % NAMES);
			assertThat(names.name(number))
				.isIn(IntStream.rangeClosed(1, 4).mapToObj((edition) -> name(number, edition)).toList());
		}
		return count;
	}

	@Test
	void listenersAndMetersTellOfAReload() {
		runner().run((context) -> {
			SimpleMeterRegistry meters = meters(context);
			publish(2);
			awaitEdition(context.getBean(Names.class), 2);
			// Who reads has the next edition before those are told who count
			await().untilAsserted(() -> assertThat(reloads(meters, "success")).isEqualTo(1));
			await().untilAsserted(() -> assertThat(context.getBean(ReloadLog.class).lines)
				.containsExactlyInAnyOrder("names: generation 2", "names: generation 2"));
			meters.close();
		});
	}

	@Test
	void whatTheValidatorRefusesIsNotPublishedAndGoingBackEndsTheWarning() throws IOException {
		runner().run((context) -> {
			SimpleMeterRegistry meters = meters(context);
			MappingRegistry registry = context.getBean(MappingRegistry.class);
			publish(2);
			awaitEdition(context.getBean(Names.class), 2);
			publishMixture();
			await().untilAsserted(() -> assertThat(registry.warnings()).singleElement().satisfies((warning) -> {
				assertThat(warning.kind()).isEqualTo(MappingWarning.Kind.RELOAD_FAILING);
				assertThat(warning.message()).contains("names.idx is of edition 1, names.txt of 2");
			}));
			assertThat(reloads(meters, "failure")).isPositive();
			assertThat(context.getBean(Names.class).name(3)).isEqualTo(name(3, 2));
			rollBack();
			await().untilAsserted(() -> assertThat(registry.warnings()).isEmpty());
			awaitEdition(context.getBean(Names.class), 1);
			meters.close();
		});
	}

	private void publishMixture() throws IOException {
		Path mixture = Files.createDirectory(this.directory.resolve("edition-3"));
		Files.copy(this.directory.resolve("edition-1/names.idx"), mixture.resolve("names.idx"));
		Files.copy(this.directory.resolve("edition-2/names.txt"), mixture.resolve("names.txt"));
		Names.activate(this.directory, 3);
	}

	/**
	 * With the script of the page.
	 */
	private void rollBack() throws Exception {
		String script = Files.readString(Path.of("src", "test", "resources", "io", "mmap", "docs", "hot-reload.sh"),
				StandardCharsets.UTF_8);
		try (OtherProcess shell = OtherProcess
			.start(List.of("sh", "-ec", script.replace("/srv/names", this.directory.toString())))) {
			assertThat(shell.rest()).isEmpty();
			assertThat(shell.exitCode()).isZero();
		}
	}

	@Test
	void theOldEditionStaysForWhoHoldsALease() {
		runner().run((context) -> {
			MappingSet files = context.getBean("mmap.names", MappingSet.class);
			MappingRegistry registry = context.getBean(MappingRegistry.class);
			try (MappingSetLease lease = files.acquire("export")) {
				long length = lease.segment("names.txt").byteSize();
				publish(2);
				awaitEdition(context.getBean(Names.class), 2);
				assertThat(lease.generation()).isEqualTo(1);
				assertThat(lease.segment("names.txt").byteSize()).isEqualTo(length);
				assertThat(registry.mappings()).hasSize(4);
			}
			await().untilAsserted(() -> assertThat(registry.mappings()).hasSize(2));
		});
	}

	@Test
	void aConfigMapIsReloadedWhenKubernetesReplacesIt() throws IOException {
		Path volume = Files.createDirectory(this.directory.resolve("volume"));
		Path data = volume.resolve("..data");
		publish(2);
		Files.createSymbolicLink(data, Path.of("../edition-1"));
		for (String file : List.of("names.idx", "names.txt")) {
			Files.createSymbolicLink(volume.resolve(file), Path.of("..data", file));
		}
		runner().withPropertyValues("mmap.mappings.names.location=" + volume + "/names.*").run((context) -> {
			awaitEdition(context.getBean(Names.class), 1);
			Path next = Files.createSymbolicLink(volume.resolve("..data_tmp"), Path.of("../edition-2"));
			Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
			awaitEdition(context.getBean(Names.class), 2);
		});
	}

	private static void awaitEdition(Names names, long edition) {
		await().untilAsserted(() -> assertThat(names.name(3)).isEqualTo(name(3, edition)));
	}

	private static SimpleMeterRegistry meters(AssertableApplicationContext context) {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		new MmapMetrics(context.getBean(MappingRegistry.class)).bindTo(meters);
		return meters;
	}

	private static double reloads(SimpleMeterRegistry meters, String outcome) {
		return meters.get("mmap.reloads").tags("name", "names", "outcome", outcome).functionCounter().count();
	}

	private ApplicationContextRunner runner() {
		return GuideYaml.contextRunner("hot-reload.yml")
			.withPropertyValues("mmap.mappings.names.location=" + this.directory + "/current/*",
					"mmap.reload.check-interval=50ms", "mmap.reload.quiet-period=50ms")
			.withUserConfiguration(NamesConfiguration.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class NamesConfiguration {

		// tag::hot-reload-beans[]
		@Bean
		Names names(@Qualifier("names") MappingSet names) {
			return new Names(names);
		}

		@Bean
		MappingValidator namesValidator() {
			return (candidate) -> {
				if (candidate.name().equals("names")) {
					Names.check(candidate);
				}
			};
		}
		// end::hot-reload-beans[]

		@Bean
		ReloadLog reloadLog() {
			return new ReloadLog();
		}

	}

	// tag::hot-reload-listener[]
	static class ReloadLog implements MappingListener {

		final Queue<String> lines = new ConcurrentLinkedQueue<>();

		@Override
		public void reloaded(MappingInfo mapping) {
			this.lines.add(mapping.group() + ": generation " + mapping.generation());
		}

	}
	// end::hot-reload-listener[]

}
