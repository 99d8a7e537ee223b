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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.LeakCause;
import io.mmap.MappingRegistry;
import io.mmap.MappingStatistics;
import io.mmap.Pressure;
import io.mmap.ProcessMemory;
import io.mmap.ReloadOutcome;
import io.mmap.internal.ConstantName;

/**
 * Meters of memory mappings, tagged with the declared name or {@code ad-hoc}. Reading
 * them reads figures that the registry keeps; no meter makes a system call or touches
 * mapped memory. To read one of what is mapped or in memory has those meters come and go
 * that exist only while there is something to say, and asks for a new sample of what is
 * in memory if the last one is older than ten seconds.
 * <p>
 * A registry of meters has room for one registry of mappings, since all of them have the
 * same names and tags. Another one is not bound to it, and that is logged.
 * <p>
 * All methods may be called from any thread.
 */
public class MmapMetrics implements MeterBinder, AutoCloseable {

	private static final Log logger = LogFactory.getLog(MmapMetrics.class);

	private static final long MIN_PAUSE = TimeUnit.MILLISECONDS.toNanos(500);

	private final MappingRegistry mappings;

	private final List<BoundMeters> bound = new CopyOnWriteArrayList<>();

	private final AtomicLong lastUpdate = new AtomicLong(System.nanoTime() - MIN_PAUSE);

	/**
	 * Create the meters.
	 * @param mappings the registry to measure
	 */
	public MmapMetrics(MappingRegistry mappings) {
		this.mappings = mappings;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		BoundMeters bound = new BoundMeters(this.mappings, registry, this::refresh);
		if (bound.isTaken()) {
			if (this.bound.isEmpty()) {
				logger.warn("Meters of memory mappings are not bound: there are some in this registry of meters, which"
						+ " shows those of one registry of mappings only. Bind each to a registry of meters of its own.");
			}
			return;
		}
		for (MappingStatistics statistics : this.mappings.statistics()) {
			bindTo(bound, statistics, Tags.of("name", statistics.name()));
		}
		bindProcess(bound, this.mappings.process());
		this.bound.add(bound);
		bound.update();
	}

	/**
	 * Remove the meters: what they measure is going to vanish.
	 */
	@Override
	public void close() {
		this.bound.forEach(BoundMeters::close);
		this.bound.clear();
	}

	private void bindTo(BoundMeters bound, MappingStatistics statistics, Tags tags) {
		gauge(bound, "mmap.mapped", "Memory that is mapped", BaseUnits.BYTES, statistics,
				MappingStatistics::mappedBytes, tags);
		gauge(bound, "mmap.detached", "Memory whose content was saved from its file, and is private to the process now",
				BaseUnits.BYTES, statistics, MappingStatistics::detachedBytes, tags);
		gauge(bound, "mmap.truncated", "Memory that was lost by truncation of its file", BaseUnits.BYTES, statistics,
				MappingStatistics::truncatedBytes, tags);
		gauge(bound, "mmap.mappings", "Mappings that are open", null, statistics, MappingStatistics::mappings, tags);
		gauge(bound, "mmap.leases", "Leases that are held", null, statistics, MappingStatistics::leases, tags);
		timer(bound, "mmap.map", "Mapping of memory", statistics, MappingStatistics::mapCount,
				MappingStatistics::mapNanos, tags);
		timer(bound, "mmap.validate", "Validation of what was mapped, before anybody gets it", statistics,
				MappingStatistics::validateCount, MappingStatistics::validateNanos, tags);
		timer(bound, "mmap.unmap", "Unmapping of memory", statistics, MappingStatistics::unmapCount,
				MappingStatistics::unmapNanos, tags);
		timer(bound, "mmap.flush", "Writing of changes to files", statistics, MappingStatistics::flushCount,
				MappingStatistics::flushNanos, tags);
		timer(bound, "mmap.preload", "Preloads of content into memory that were completed", statistics,
				MappingStatistics::preloadCount, MappingStatistics::preloadNanos, tags);
		for (ReloadOutcome outcome : ReloadOutcome.values()) {
			bound.add(FunctionCounter.builder("mmap.reloads", statistics, (reloading) -> reloading.reloads(outcome))
				.description("Times that mapped memory was replaced, or should have been")
				.tags(tags.and("outcome", ConstantName.of(outcome)))::register);
		}
		for (LeakCause cause : LeakCause.values()) {
			bindTo(bound, statistics, cause, tags.and("cause", ConstantName.of(cause)));
		}
	}

	private void gauge(BoundMeters bound, String name, String description, @Nullable String unit,
			MappingStatistics statistics, ToLongFunction<MappingStatistics> figure, Tags tags) {
		bound.add(Gauge.builder(name, statistics, refreshed(figure))
			.description(description)
			.baseUnit(unit)
			.tags(tags)::register);
	}

	private static void timer(BoundMeters bound, String name, String description, MappingStatistics statistics,
			ToLongFunction<MappingStatistics> count, ToDoubleFunction<MappingStatistics> nanos, Tags tags) {
		bound.add(FunctionTimer.builder(name, statistics, count, nanos, TimeUnit.NANOSECONDS)
			.description(description)
			.tags(tags)::register);
	}

	private static void bindTo(BoundMeters bound, MappingStatistics statistics, LeakCause cause, Tags tags) {
		bound.add(FunctionCounter.builder("mmap.leaks", statistics, (leaking) -> leaking.leaks(cause))
			.description("Mappings that were lost without having been unmapped")
			.baseUnit("leaks")
			.tags(tags)::register);
		bound.add(FunctionCounter.builder("mmap.leaked", statistics, (leaking) -> leaking.leakedBytes(cause))
			.description("Memory of mappings that were lost without having been unmapped")
			.baseUnit(BaseUnits.BYTES)
			.tags(tags)::register);
	}

	/**
	 * Bind what the kernel tells on this platform.
	 */
	private void bindProcess(BoundMeters bound, ProcessMemory process) {
		if (process.regions() != null) {
			bound.add(Gauge.builder("mmap.regions", this.mappings, figure(ProcessMemory::regions))
				.description("Memory regions of the process")::register);
		}
		if (process.maxRegions() != null) {
			bound.add(Gauge.builder("mmap.regions.max", this.mappings, figure(ProcessMemory::maxRegions))
				.description("Memory regions that the process may have")::register);
		}
		bindPageFaults(bound, "major", process.majorFaults(), ProcessMemory::majorFaults);
		bindPageFaults(bound, "minor", process.minorFaults(), ProcessMemory::minorFaults);
		if (process.bytesRead() != null) {
			bound.add(FunctionCounter.builder("mmap.read", this.mappings, figure(ProcessMemory::bytesRead))
				.description("Content that was read from devices for the process")
				.baseUnit(BaseUnits.BYTES)::register);
		}
		for (Pressure pressure : process.pressure()) {
			bound.add(FunctionCounter
				.builder("mmap.pressure.stalled", this.mappings,
						(registry) -> stalledSeconds(registry, pressure.resource(), pressure.kind()))
				.description("Time in which tasks could not go on, since memory or a device was short")
				.baseUnit("seconds")
				.tags("resource", pressure.resource(), "kind", pressure.kind())::register);
		}
	}

	private void bindPageFaults(BoundMeters bound, String type, @Nullable Long known,
			Function<ProcessMemory, @Nullable Long> figure) {
		if (known != null) {
			bound.add(FunctionCounter.builder("mmap.page.faults", this.mappings, figure(figure))
				.description("Page faults of the process. One that has to wait for a device can stand for many blocks")
				.tags("type", type)::register);
		}
	}

	private static ToDoubleFunction<MappingRegistry> figure(Function<ProcessMemory, @Nullable Long> figure) {
		return (registry) -> number(figure.apply(registry.process()));
	}

	static double number(@Nullable Long number) {
		return (number != null) ? number : Double.NaN;
	}

	private static double stalledSeconds(MappingRegistry registry, String resource, String kind) {
		return registry.process()
			.pressure()
			.stream()
			.filter((pressure) -> pressure.resource().equals(resource) && pressure.kind().equals(kind))
			.mapToDouble((pressure) -> pressure.stalled().toNanos() / 1e9)
			.findFirst()
			.orElse(Double.NaN);
	}

	private ToDoubleFunction<MappingStatistics> refreshed(ToLongFunction<MappingStatistics> figure) {
		return (statistics) -> {
			refresh();
			return figure.applyAsLong(statistics);
		};
	}

	/**
	 * Have meters updated, if that was not done just before. A scrape reads many.
	 */
	private void refresh() {
		long last = this.lastUpdate.get();
		long now = System.nanoTime();
		if (now - last >= MIN_PAUSE && this.lastUpdate.compareAndSet(last, now)) {
			update();
		}
	}

	/**
	 * Have meters come and go with what they tell of.
	 */
	void update() {
		this.bound.forEach(BoundMeters::update);
	}

}
