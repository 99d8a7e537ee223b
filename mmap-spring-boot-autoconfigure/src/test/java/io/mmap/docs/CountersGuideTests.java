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

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.mmap.MappedFileLockedException;
import io.mmap.MappingInfo;
import io.mmap.MappingRegistry;
import io.mmap.docs.Counters.Event;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The counters of {@code docs/guides/counters.md}, also of a process that is killed.
 */
@ExtendWith(NothingLeftBehind.class)
class CountersGuideTests {

	private static final int KILLED = 128 + 9;

	@TempDir
	Path directory;

	@Test
	void whatAKilledProcessHasCountedIsInTheFile() throws Exception {
		long said;
		try (OtherProcess process = OtherProcess.java(CountersApplication.class, arguments())) {
			process.line("orders");
			said = Long.parseLong(process.line("orders"));
			assertThat(process.kill()).isEqualTo(KILLED);
			List<String> rest = process.rest().lines().filter((line) -> line.matches("orders: [0-9]+000")).toList();
			said = rest.isEmpty() ? said : Long.parseLong(rest.getLast().substring("orders: ".length()));
		}
		long counted = said;
		runner().run((context) -> {
			Counters counters = context.getBean(Counters.class);
			assertThat(counters.count(Event.ORDER)).isBetween(counted, counted + 2000);
			assertThat(counters.count(Event.PAYMENT)).isPositive();
			assertThat(counters.count(Event.REFUND)).isZero();
			assertThat(counters.add(Event.REFUND, 3)).isEqualTo(3);
		});
		runner().run((context) -> assertThat(context.getBean(Counters.class).count(Event.REFUND)).isEqualTo(3));
	}

	@Test
	void asLongAsAProcessCountsNoOtherOneDoes() throws Exception {
		try (OtherProcess process = OtherProcess.java(CountersApplication.class, arguments())) {
			process.line("orders");
			runner().run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining(MappedFileLockedException.class.getName()));
			process.kill();
			runner().run((context) -> assertThat(context).hasNotFailed());
		}
	}

	@Test
	void noCountOfAnyThreadIsLost() {
		Executor threads = (task) -> Thread.ofPlatform().start(task);
		runner().run((context) -> {
			Counters counters = context.getBean(Counters.class);
			Runnable work = () -> {
				for (int i = 0; i < 100_000; i++) {
					counters.add(Event.ORDER, 1);
				}
			};
			CompletableFuture
				.allOf(CompletableFuture.runAsync(work, threads), CompletableFuture.runAsync(work, threads))
				.get();
			assertThat(counters.count(Event.ORDER)).isEqualTo(200_000);
		});
	}

	@Test
	void aLongerFileHasTheCountsOfBefore() {
		runner().withPropertyValues("mmap.mappings.counters.length=512B")
			.run((context) -> context.getBean(Counters.class).add(Event.PAYMENT, 42));
		assertThat(file()).hasSize(512);
		runner().run((context) -> assertThat(context.getBean(Counters.class).count(Event.PAYMENT)).isEqualTo(42));
		assertThat(file()).hasSize(64 << 10);
	}

	@Test
	void aFileOfSomethingElseKeepsTheApplicationFromStarting() throws Exception {
		Files.writeString(file(), "something else");
		runner().run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(IllegalStateException.class)
			.hasMessageStartingWith("The file has something else than counters: 0x"));
	}

	@Test
	void theyAreFlushedFromTimeToTime() {
		runner().run((context) -> {
			MappingRegistry registry = context.getBean(MappingRegistry.class);
			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(registry.mappings()).singleElement()
					.extracting(MappingInfo::lastFlush)
					.isNotNull());
		});
	}

	@Test
	void metersShowThem() {
		runner().run((context) -> {
			context.getBean(Counters.class).add(Event.ORDER, 7);
			MeterRegistry meters = new SimpleMeterRegistry();
			context.getBean(MeterBinder.class).bindTo(meters);
			assertThat(meters.get("shop.events").tag("event", "ORDER").functionCounter().count()).isEqualTo(7);
			meters.close();
		});
	}

	private Path file() {
		return this.directory.resolve("counters.bin");
	}

	private ApplicationContextRunner runner() {
		return GuideYaml.contextRunner("counters.yml")
			.withPropertyValues("mmap.mappings.counters.location=" + file())
			.withUserConfiguration(CountersApplication.class);
	}

	private String[] arguments() {
		return new String[] { "--spring.config.location=classpath:io/mmap/docs/counters.yml",
				"--mmap.mappings.counters.location=" + file(), "--spring.main.banner-mode=off",
				"--spring.main.web-application-type=none" };
	}

}
