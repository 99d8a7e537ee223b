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

package io.mmap.metrics;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingException;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Meters in a registry that others use, too, and what it costs to read them.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapSharedMetricsTests {

	private static final int NAMES = 50;

	private static final int SIZE = 4096;

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

	@TempDir
	Path directory;

	private MappingRegistry mappings;

	private MmapMetrics metrics;

	@BeforeEach
	void build() throws IOException {
		MappingRegistry.Builder builder = MappingRegistry.builder();
		for (int i = 0; i < NAMES; i++) {
			builder.declare("words-" + i, MappingSpec.file(Files.write(file(i), new byte[SIZE])).build());
		}
		this.mappings = builder.build();
		this.metrics = new MmapMetrics(counted(this.mappings));
	}

	private Path file(int number) {
		return this.directory.resolve("words-" + number);
	}

	/**
	 * Return a registry that counts calls of its methods.
	 */
	private MappingRegistry counted(MappingRegistry registry) {
		return (MappingRegistry) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { MappingRegistry.class }, (proxy, method, arguments) -> {
					this.calls.computeIfAbsent(method.getName(), (name) -> new AtomicInteger()).incrementAndGet();
					try {
						return method.invoke(registry, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

	@AfterEach
	void close() {
		this.metrics.close();
		this.mappings.close();
	}

	@Test
	void whatAScrapeCostsDoesNotGrowWithTheSquareOfTheWarnings() throws IOException {
		this.metrics.bindTo(this.meters);
		for (int i = 0; i < NAMES; i++) {
			String name = "words-" + i;
			Files.delete(file(i));
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.mappings.reload(name));
		}
		this.metrics.update();
		assertThat(this.meters.find("mmap.warnings").gauges()).hasSize(NAMES)
			.allSatisfy((gauge) -> assertThat(gauge.value()).isEqualTo(1));
		assertThat(this.meters.find("mmap.errors").functionCounters()).isNotEmpty();
		this.calls.clear();
		long start = System.nanoTime();
		readAll();
		long updates = 1 + Duration.ofNanos(System.nanoTime() - start).toMillis() / 500;
		assertThat(this.calls.getOrDefault("warnings", new AtomicInteger()).get()).isLessThanOrEqualTo((int) updates);
		assertThat(this.calls.getOrDefault("errors", new AtomicInteger()).get()).isLessThanOrEqualTo((int) updates);
	}

	@Test
	void whoReadsWhatIsInMemoryAloneHasItFoundOut() throws InterruptedException {
		this.metrics.bindTo(this.meters);
		await().until(() -> {
			readAll();
			return this.meters.find("mmap.resident").gauge() != null;
		});
		for (String meter : List.of("mmap.resident", "mmap.dirty", "mmap.truncated", "mmap.mapped", "mmap.mappings")) {
			Gauge gauge = this.meters.find(meter).gauge();
			Thread.sleep(600);
			this.calls.clear();
			gauge.value();
			assertThat(this.calls).as(meter).containsKey("statistics");
		}
	}

	@Test
	void whatIsInMemoryIsKnownAlsoWhereOtherMetersAreDenied() {
		this.meters.config().meterFilter(MeterFilter.denyNameStartsWith("mmap.mapped"));
		this.metrics.bindTo(this.meters);
		await().until(() -> {
			readAll();
			return this.meters.find("mmap.resident").gauge() != null;
		});
	}

	@Test
	void aScrapeThatReadsAMeterWhileItVanishesGetsANumber() {
		this.metrics.bindTo(this.meters);
		this.mappings.statistics();
		await().until(() -> {
			readAll();
			return this.meters.find("mmap.resident").tag("name", "words-0").gauge() != null;
		});
		Gauge gauge = this.meters.get("mmap.resident").tag("name", "words-0").gauge();
		assertThat(gauge.value()).isEqualTo(SIZE);
		this.mappings.close();
		assertThat(gauge.value()).isZero();
	}

	@Test
	void metersOfAnotherMappingRegistryStayWhenTheyAreThere() {
		this.metrics.bindTo(this.meters);
		try (CapturedLog log = new CapturedLog();
				MappingRegistry others = MappingRegistry.builder().build();
				MmapMetrics another = new MmapMetrics(others)) {
			another.bindTo(this.meters);
			assertThat(log.messages(Level.WARN)).singleElement().asString().contains("not bound");
		}
		assertThat(this.meters.get("mmap.mappings").tag("name", "words-0").gauge().value()).isEqualTo(1);
		assertThat(this.meters.find("mmap.leases").tag("name", "ad-hoc").gauge()).isNotNull();
	}

	@Test
	void toBindMetersAgainChangesNothing() {
		try (CapturedLog log = new CapturedLog()) {
			CompositeMeterRegistry composite = new CompositeMeterRegistry();
			composite.add(this.meters);
			this.metrics.bindTo(composite);
			int before = this.meters.getMeters().size();
			this.metrics.bindTo(this.meters);
			assertThat(this.meters.getMeters()).hasSize(before);
			assertThat(log.messages(Level.WARN)).isEmpty();
			this.metrics.close();
			assertThat(this.meters.getMeters()).isEmpty();
			composite.close();
		}
	}

	@Test
	void metersCanBeBoundAgainWhenThoseOfAnotherMappingRegistryAreGone() {
		this.metrics.bindTo(this.meters);
		this.metrics.close();
		try (MappingRegistry others = MappingRegistry.builder().build();
				MmapMetrics another = new MmapMetrics(others)) {
			another.bindTo(this.meters);
			assertThat(this.meters.find("mmap.leases").gauges()).hasSize(1);
		}
		assertThat(this.meters.getMeters()).isEmpty();
	}

	@Test
	void aListenerMayReadWhatIsAdded() {
		List<Double> read = new ArrayList<>();
		this.meters.config().onMeterAdded((meter) -> read.addAll(values(meter)));
		this.metrics.bindTo(this.meters);
		await().until(() -> {
			readAll();
			return this.meters.find("mmap.resident").gauge() != null;
		});
		assertThat(read).isNotEmpty();
	}

	@Test
	@Timeout(60)
	void whoReadsMetersUnderTheLockOfTheirRegistryDoesNotWaitForWhoChangesThem() throws Exception {
		// Not to be closed if it hangs
		MmapMetrics changed = new MmapMetrics(this.mappings);
		changed.bindTo(this.meters);
		CountDownLatch adding = new CountDownLatch(1);
		CountDownLatch updating = new CountDownLatch(1);
		this.meters.config().onMeterAdded((meter) -> {
			if (meter.getId().getName().equals("other")) {
				adding.countDown();
				pass(updating);
				readAll();
			}
		});
		Thread other = Thread.ofPlatform().daemon().start(() -> Gauge.builder("other", () -> 1).register(this.meters));
		pass(adding);
		Files.delete(file(0));
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.mappings.reload("words-0"));
		// Adds a meter, and waits for the lock
		Thread changing = Thread.ofPlatform().daemon().start(changed::update);
		await().until(() -> changing.getState() == Thread.State.BLOCKED);
		// So that the meters are due to be updated
		Thread.sleep(600);
		updating.countDown();
		other.join(TimeUnit.SECONDS.toMillis(20));
		changing.join(TimeUnit.SECONDS.toMillis(20));
		assertThat(other.isAlive() || changing.isAlive()).as("deadlock").isFalse();
		changed.close();
	}

	private static void pass(CountDownLatch latch) {
		try {
			latch.await(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void readAll() {
		this.meters.getMeters().forEach(MmapSharedMetricsTests::values);
	}

	private static List<Double> values(Meter meter) {
		List<Double> values = new ArrayList<>();
		meter.measure().forEach((measurement) -> values.add(measurement.getValue()));
		return values;
	}

}
