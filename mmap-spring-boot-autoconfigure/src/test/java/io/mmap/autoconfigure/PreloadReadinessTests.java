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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import ch.qos.logback.classic.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.mmap.MappingPreload;
import io.mmap.MappingPreload.State;
import io.mmap.testsupport.CapturedLog;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When an application accepts traffic whose mappings are being preloaded.
 */
@Timeout(60)
class PreloadReadinessTests {

	private final CompletableFuture<ConfigurableApplicationContext> started = new CompletableFuture<>();

	private final List<ReadinessState> readiness = new ArrayList<>();

	private final CompletableFuture<CapturedLog> log = new CompletableFuture<>();

	@AfterEach
	void stopCapturing() {
		this.log.thenAccept(CapturedLog::close);
	}

	@Test
	void theApplicationAcceptsTrafficOnceItsMappingsHaveBeenPreloaded() throws Exception {
		FakePreload geoip = new FakePreload("geoip");
		FakePreload words = new FakePreload("words");
		CompletableFuture<ConfigurableApplicationContext> running = run(geoip, words);
		try (ConfigurableApplicationContext context = this.started.get()) {
			ApplicationAvailability availability = context.getBean(ApplicationAvailability.class);
			geoip.end(State.COMPLETED);
			words.awaitWaiter();
			assertThat(availability.getReadinessState()).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
			assertThat(running).isNotDone();
			words.end(State.COMPLETED);
			running.get();
			assertThat(availability.getReadinessState()).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
		}
	}

	@Test
	void oneLineSaysWhatIsWaitedFor() throws Exception {
		FakePreload complete = new FakePreload("complete");
		complete.end(State.COMPLETED);
		FakePreload geoip = new FakePreload("geoip");
		FakePreload words = new FakePreload("words");
		CompletableFuture<ConfigurableApplicationContext> running = run(complete, geoip, words);
		geoip.awaitWaiter();
		geoip.end(State.COMPLETED);
		words.end(State.COMPLETED);
		running.get().close();
		assertThat(this.log.get().messages(Level.INFO))
			.containsExactly("The application accepts traffic when mappings 'geoip', 'words' are preloaded");
		assertThat(this.log.get().messages(Level.WARN)).isEmpty();
	}

	@Test
	void nothingIsLoggedWhenNothingHasToBeWaitedFor() throws Exception {
		FakePreload complete = new FakePreload("complete");
		complete.end(State.COMPLETED);
		run(complete).get().close();
		assertThat(this.log.get().messages(Level.INFO)).isEmpty();
		assertThat(this.readiness).contains(ReadinessState.ACCEPTING_TRAFFIC);
	}

	@Test
	void theApplicationGoesOnWithAWarningWhenAPreloadFails() throws Exception {
		FakePreload geoip = new FakePreload("geoip");
		CompletableFuture<ConfigurableApplicationContext> running = run(geoip);
		geoip.awaitWaiter();
		geoip.end(State.FAILED);
		running.get().close();
		assertThat(this.readiness).contains(ReadinessState.ACCEPTING_TRAFFIC);
		assertThat(this.log.get().messages(Level.WARN))
			.containsExactly("The application goes on although mapping 'geoip' is not preloaded as a whole:"
					+ " of 'geoip' 40 of 100 bytes were loaded. First accesses to the rest are slower.");
	}

	@Test
	void aPreloadThatFailedBeforeIsWarnedOfToo() throws Exception {
		FakePreload geoip = new FakePreload("geoip");
		geoip.end(State.FAILED);
		run(geoip).get().close();
		assertThat(this.log.get().messages(Level.WARN)).singleElement()
			.asString()
			.contains("mapping 'geoip' is not preloaded");
	}

	@Test
	void closingTheContextMeanwhileEndsTheWaitAndNoTrafficIsAccepted() throws Exception {
		FakePreload geoip = new FakePreload("geoip");
		CompletableFuture<ConfigurableApplicationContext> running = run(geoip);
		geoip.awaitWaiter();
		this.started.get().close();
		assertThat(running.get().isActive()).isFalse();
		assertThat(this.readiness).doesNotContain(ReadinessState.ACCEPTING_TRAFFIC);
	}

	@Test
	void anInterruptEndsTheWaitAndIsKept() {
		FakePreload geoip = new FakePreload("geoip");
		try (CapturedLog log = new CapturedLog()) {
			Thread.currentThread().interrupt();
			new PreloadReadiness(() -> List.of(geoip)).run(new DefaultApplicationArguments());
			assertThat(Thread.interrupted()).isTrue();
			assertThat(log.messages(Level.WARN))
				.containsExactly("Interrupted while waiting until mapping 'geoip' is preloaded."
						+ " The application goes on without waiting any longer.");
		}
	}

	private CompletableFuture<ConfigurableApplicationContext> run(FakePreload... preloads) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setRegisterShutdownHook(false);
		application.addInitializers((context) -> {
			// Spring Boot has set up its logging by now
			this.log.complete(new CapturedLog());
			GenericApplicationContext registry = (GenericApplicationContext) context;
			registry.registerBean(PreloadReadiness.class, () -> new PreloadReadiness(() -> List.of(preloads)));
			// As the registry of the mappings does
			registry.registerBean("registry", DisposableBean.class,
					() -> () -> List.of(preloads).forEach(MappingPreload::cancel));
		});
		application.addListeners((ApplicationListener<ApplicationStartedEvent>) (event) -> this.started
			.complete(event.getApplicationContext()), new ReadinessListener());
		return CompletableFuture.supplyAsync(
				() -> application.run("--spring.main.banner-mode=off", "--spring.main.log-startup-info=false"),
				(task) -> Thread.ofPlatform().start(task));
	}

	/**
	 * An application without anything else.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(ApplicationAvailabilityAutoConfiguration.class)
	static class Application {

	}

	/**
	 * Notes each change of the readiness.
	 */
	private final class ReadinessListener implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

		@Override
		public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
			PreloadReadinessTests.this.readiness.add(event.getState());
		}

	}

	/**
	 * A preload that ends when the test says so.
	 */
	private static final class FakePreload implements MappingPreload {

		private final String name;

		private final CountDownLatch waiter = new CountDownLatch(1);

		private final CountDownLatch ended = new CountDownLatch(1);

		private final AtomicBoolean end = new AtomicBoolean();

		private volatile State state = State.RUNNING;

		FakePreload(String name) {
			this.name = name;
		}

		void awaitWaiter() throws InterruptedException {
			this.waiter.await();
		}

		boolean end(State state) {
			if (!this.end.compareAndSet(false, true)) {
				return false;
			}
			this.state = state;
			this.ended.countDown();
			return true;
		}

		@Override
		public String name() {
			return this.name;
		}

		@Override
		public long length() {
			return 100;
		}

		@Override
		public long loaded() {
			return 40;
		}

		@Override
		public State state() {
			return this.state;
		}

		@Override
		public long rate() {
			return 0;
		}

		@Override
		public @Nullable Duration remaining() {
			return null;
		}

		@Override
		public @Nullable Throwable failure() {
			return (this.state == State.FAILED) ? new IllegalStateException() : null;
		}

		@Override
		public boolean cancel() {
			return end(State.CANCELLED);
		}

		@Override
		public State await() throws InterruptedException {
			this.waiter.countDown();
			this.ended.await();
			return this.state;
		}

		@Override
		public boolean await(Duration timeout) throws InterruptedException {
			return this.ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}

	}

}
