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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingCandidate;
import io.mmap.MappingInfo;
import io.mmap.MappingLease;
import io.mmap.MappingPreload;
import io.mmap.MappingRegistry;
import io.mmap.MappingSet;
import io.mmap.MappingSpecCustomizer;
import io.mmap.MappingStatistics;
import io.mmap.MappingValidator;
import io.mmap.MappingWarning;
import io.mmap.MemoryMapping;
import io.mmap.ReloadOutcome;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.MapPropertySource;
import org.springframework.mock.env.MockEnvironment;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is done for a mapping while it is mapped, as it is configured.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapMappedLifeTests {

	@TempDir
	Path directory;

	private Path file;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class))
		.withPropertyValues("mmap.reload.check-interval=20ms", "mmap.reload.quiet-period=20ms");

	@BeforeEach
	void writeFile() throws IOException {
		this.file = Files.writeString(this.directory.resolve("words.bin"), "old");
	}

	@Test
	void aReplacedFileIsReloaded() {
		declaring("reload-on-update=true").run((context) -> {
			replace("new");
			await().untilAsserted(() -> assertThat(text(words(context))).isEqualTo("new"));
		});
	}

	@Test
	void withoutBeingAskedNothingIsReloaded() {
		declaring().run((context) -> {
			replace("new");
			Thread.sleep(200);
			assertThat(text(words(context))).isEqualTo("old");
		});
	}

	@Test
	void theQuietPeriodIsWaitedFor() {
		declaring("reload-on-update=true").withPropertyValues("mmap.reload.quiet-period=1h").run((context) -> {
			replace("new");
			Thread.sleep(200);
			assertThat(text(words(context))).isEqualTo("old");
		});
	}

	/**
	 * As a ConfigMap of Kubernetes is mounted, and changed.
	 */
	@Test
	void aSetFollowsASymbolicLinkAndFindsWhatIsNew() throws IOException {
		version("..first", "a");
		Files.createSymbolicLink(this.directory.resolve("..data"), Path.of("..first"));
		AtomicInteger customized = new AtomicInteger();
		this.contextRunner.withBean(MappingSpecCustomizer.class, () -> (name, builder) -> customized.incrementAndGet())
			.withPropertyValues("mmap.mappings.letters.location=" + this.directory + "/..data/*.txt",
					"mmap.mappings.letters.reload-on-update=true")
			.run((context) -> {
				MappingSet letters = context.getBean("mmap.letters", MappingSet.class);
				assertThat(letters.asMap()).containsOnlyKeys("a.txt");
				version("..second", "a", "b");
				Path next = Files.createSymbolicLink(this.directory.resolve("..data_tmp"), Path.of("..second"));
				Files.move(next, this.directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
				await().untilAsserted(() -> assertThat(letters.asMap()).containsOnlyKeys("a.txt", "b.txt"));
				assertThat(text(letters.get("a.txt"))).isEqualTo("..second");
				Thread.sleep(200);
				assertThat(customized).as("once for each file").hasValue(2);
			});
	}

	private void version(String name, String... letters) throws IOException {
		Path version = Files.createDirectory(this.directory.resolve(name));
		for (String letter : letters) {
			Files.writeString(version.resolve(letter + ".txt"), name);
		}
	}

	@Test
	void validatorsAreAskedInOrderAndKeepWhatTheyRefuseFromBeingUsed() {
		List<String> asked = new ArrayList<>();
		declaring("reload-on-update=true").withBean("later", MappingValidator.class, () -> new Later(asked))
			.withBean("first", MappingValidator.class, () -> new First(asked))
			.run((context) -> {
				assertThat(asked).containsExactly("first", "later");
				replace("bad");
				await().untilAsserted(() -> assertThat(registry(context).warnings()).singleElement()
					.satisfies((warning) -> assertThat(warning.kind()).isEqualTo(MappingWarning.Kind.RELOAD_FAILING)));
				assertThat(text(words(context))).isEqualTo("old");
				assertThat(statistics(context).reloads(ReloadOutcome.FAILURE)).isEqualTo(1);
			});
	}

	@Test
	void whatAValidatorRefusesAtFirstKeepsTheApplicationFromStarting() throws IOException {
		replace("bad");
		declaring().withBean(MappingValidator.class, () -> new First(new ArrayList<>())).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(analysis(context.getStartupFailure())).contains("mapping 'words'", "it is bad",
					"Put content there that it accepts");
		});
	}

	private static String analysis(Throwable failure) {
		FailureAnalysis analysis = new DeclaredMappingFailureAnalyzer(new MockEnvironment()).analyze(failure);
		return String.valueOf((analysis != null) ? analysis.getDescription() + analysis.getAction() : null);
	}

	@Test
	void aTruncatedFileIsNoticed() {
		declaring().withPropertyValues("mmap.truncation.check-interval=20ms").run((context) -> {
			try (CapturedLog log = new CapturedLog()) {
				Files.write(this.file, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
				await().untilAsserted(() -> assertThat(log.messages(Level.ERROR)).singleElement()
					.asString()
					.contains("'words'", "was truncated to 0 bytes"));
			}
		});
	}

	@Test
	void aGuardedFileKeepsItsContent() {
		declaring("truncation=guard").run((context) -> {
			assertThat(info(context).isGuarded()).isTrue();
			Files.write(this.file, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
			assertThat(text(words(context))).isEqualTo("old");
			await().untilAsserted(() -> assertThat(info(context).isDetached()).isTrue());
		});
	}

	@Test
	void whatIsLongerThanTheMaximumIsNotGuarded() {
		declaring("truncation=guard").withPropertyValues("mmap.guard.max-size=2B").run((context) -> {
			assertThat(info(context).isGuarded()).isFalse();
			assertThat(registry(context).warnings()).extracting(MappingWarning::kind)
				.containsExactly(MappingWarning.Kind.NOT_GUARDED);
		});
	}

	@Test
	void changesAreFlushedAsOftenAsConfigured() {
		declaring("access=read-write", "flush-interval=20ms").run((context) -> {
			words(context).segment().set(JAVA_BYTE, 0, (byte) 'O');
			await().untilAsserted(() -> assertThat(statistics(context).flushCount()).isGreaterThan(1));
			assertThat(info(context).lastFlush()).isNotNull();
		});
	}

	@Test
	void changesAreFlushedAtTheEnd() {
		CompletableFuture<MappingStatistics> statistics = new CompletableFuture<>();
		declaring("access=read-write", "flush-on-unmap=true").run((context) -> {
			statistics.complete(statistics(context));
			assertThat(statistics(context).flushCount()).isZero();
		});
		assertThat(statistics.join().flushCount()).isEqualTo(1);
	}

	@Test
	void whoHoldsALeaseForTooLongIsReported() {
		declaring().withPropertyValues("mmap.leases.hold-threshold=100ms").run((context) -> {
			try (CapturedLog log = new CapturedLog(); MappingLease lease = words(context).acquire("indexer")) {
				await().untilAsserted(() -> assertThat(log.messages(Level.WARN)).singleElement()
					.asString()
					.contains("'words'", "by indexer"));
				assertThat(lease.generation()).isEqualTo(1);
			}
		});
	}

	@Test
	void contentIsPreloaded() {
		declaring("preload=true").run((context) -> await()
			.untilAsserted(() -> assertThat(registry(context).preloads()).extracting(MappingPreload::state)
				.containsExactly(MappingPreload.State.COMPLETED)));
	}

	@Test
	void trafficIsRefusedUntilEverythingIsPreloaded() throws Exception {
		Files.write(this.file, new byte[5 << 20]);
		CompletableFuture<ConfigurableApplicationContext> started = new CompletableFuture<>();
		SpringApplication application = new SpringApplication(Readiness.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.addListeners((ApplicationListener<ApplicationStartedEvent>) (event) -> started
			.complete(event.getApplicationContext()));
		Thread thread = Thread.ofPlatform()
			.start(() -> application.run("--mmap.mappings.words.location=" + this.file,
					"--mmap.mappings.words.preload=true", "--mmap.preload.readiness=true",
					"--mmap.preload.rate-limit=4MB"));
		try (ConfigurableApplicationContext context = started.get(30, TimeUnit.SECONDS)) {
			ApplicationAvailability availability = context.getBean(ApplicationAvailability.class);
			MappingPreload preload = context.getBean(MappingRegistry.class).preloads().getFirst();
			while (preload.state() != MappingPreload.State.COMPLETED) {
				ReadinessState readiness = availability.getReadinessState();
				if (preload.state() != MappingPreload.State.COMPLETED) {
					assertThat(readiness).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
				}
				Thread.sleep(10);
			}
			await().untilAsserted(
					() -> assertThat(availability.getReadinessState()).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC));
			thread.join();
		}
	}

	@Test
	void aContextThatIsClosedWhileItStartsLeavesNothingMapped() throws Exception {
		CountDownLatch validating = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("test", Map.of("mmap.mappings.words.location", this.file.toString(),
					"mmap.mappings.words.preload", "true")));
		context.registerBean(MappingValidator.class, () -> (candidate) -> {
			validating.countDown();
			go.await();
		});
		context.register(Readiness.class);
		Thread starting = Thread.ofPlatform().start(() -> {
			try {
				context.refresh();
			}
			catch (RuntimeException ex) {
				// Closed meanwhile
			}
		});
		validating.await();
		Thread closing = Thread.ofPlatform().start(context::close);
		closing.join(Duration.ofMillis(200));
		go.countDown();
		assertThat(starting.join(Duration.ofSeconds(30))).isTrue();
		assertThat(closing.join(Duration.ofSeconds(30))).isTrue();
		context.close();
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
	}

	private ApplicationContextRunner declaring(String... options) {
		ApplicationContextRunner runner = this.contextRunner
			.withPropertyValues("mmap.mappings.words.location=" + this.file);
		for (String option : options) {
			runner = runner.withPropertyValues("mmap.mappings.words." + option);
		}
		return runner;
	}

	private void replace(String content) throws IOException {
		Path next = Files.writeString(this.directory.resolve("next"), content);
		Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

	private static MappingRegistry registry(AssertableApplicationContext context) {
		return context.getBean(MappingRegistry.class);
	}

	private static MemoryMapping words(AssertableApplicationContext context) {
		return registry(context).get("words");
	}

	private static MappingInfo info(AssertableApplicationContext context) {
		return registry(context).mappings().getFirst();
	}

	private static MappingStatistics statistics(AssertableApplicationContext context) {
		return registry(context).statistics().iterator().next();
	}

	private static String text(MemoryMapping mapping) {
		try (MappingLease lease = mapping.acquire()) {
			return new String(lease.segment().toArray(JAVA_BYTE), StandardCharsets.UTF_8);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ MmapAutoConfiguration.class, ApplicationAvailabilityAutoConfiguration.class })
	static class Readiness {

	}

	@Order(1)
	private static final class First implements MappingValidator {

		private final List<String> asked;

		private First(List<String> asked) {
			this.asked = asked;
		}

		@Override
		public void validate(MappingCandidate candidate) throws IOException {
			this.asked.add("first");
			if (candidate.segment().get(JAVA_BYTE, 0) == 'b') {
				throw new IOException("it is bad");
			}
		}

	}

	@Order(2)
	private static final class Later implements MappingValidator {

		private final List<String> asked;

		private Later(List<String> asked) {
			this.asked = asked;
		}

		@Override
		public void validate(MappingCandidate candidate) {
			this.asked.add("later");
		}

	}

}
