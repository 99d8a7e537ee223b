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

import java.util.Locale;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;

import io.mmap.LeakCause;
import io.mmap.MappingRegistry;
import io.mmap.MappingStatistics;
import io.mmap.ReloadOutcome;

/**
 * Meters of memory mappings, tagged with the declared name or {@code ad-hoc}. Reading
 * them reads figures that the registry keeps; no meter makes a system call or touches
 * mapped memory.
 */
public class MmapMetrics implements MeterBinder {

	private final MappingRegistry mappings;

	/**
	 * Create the meters.
	 * @param mappings the registry to measure
	 */
	public MmapMetrics(MappingRegistry mappings) {
		this.mappings = mappings;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (MappingStatistics statistics : this.mappings.statistics()) {
			bindTo(registry, statistics, Tags.of("name", statistics.name()));
		}
	}

	private void bindTo(MeterRegistry registry, MappingStatistics statistics, Tags tags) {
		Gauge.builder("mmap.mapped", statistics, MappingStatistics::mappedBytes)
			.description("Memory that is mapped")
			.baseUnit(BaseUnits.BYTES)
			.tags(tags)
			.register(registry);
		Gauge.builder("mmap.detached", statistics, MappingStatistics::detachedBytes)
			.description("Memory whose content was saved from its file, and is private to the process now")
			.baseUnit(BaseUnits.BYTES)
			.tags(tags)
			.register(registry);
		Gauge.builder("mmap.mappings", statistics, MappingStatistics::mappings)
			.description("Mappings that are open")
			.tags(tags)
			.register(registry);
		Gauge.builder("mmap.leases", statistics, MappingStatistics::leases)
			.description("Leases that are held")
			.tags(tags)
			.register(registry);
		FunctionTimer
			.builder("mmap.map", statistics, MappingStatistics::mapCount, MappingStatistics::mapNanos,
					TimeUnit.NANOSECONDS)
			.description("Mapping of memory")
			.tags(tags)
			.register(registry);
		FunctionTimer
			.builder("mmap.unmap", statistics, MappingStatistics::unmapCount, MappingStatistics::unmapNanos,
					TimeUnit.NANOSECONDS)
			.description("Unmapping of memory")
			.tags(tags)
			.register(registry);
		FunctionTimer
			.builder("mmap.flush", statistics, MappingStatistics::flushCount, MappingStatistics::flushNanos,
					TimeUnit.NANOSECONDS)
			.description("Writing of changes to files")
			.tags(tags)
			.register(registry);
		for (ReloadOutcome outcome : ReloadOutcome.values()) {
			FunctionCounter.builder("mmap.reloads", statistics, (reloading) -> reloading.reloads(outcome))
				.description("Times that mapped memory was replaced, or should have been")
				.tags(tags.and("outcome", text(outcome)))
				.register(registry);
		}
		for (LeakCause cause : LeakCause.values()) {
			bindTo(registry, statistics, cause, tags.and("cause", text(cause)));
		}
	}

	private static String text(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private void bindTo(MeterRegistry registry, MappingStatistics statistics, LeakCause cause, Tags tags) {
		FunctionCounter.builder("mmap.leaks", statistics, (leaking) -> leaking.leaks(cause))
			.description("Mappings that were lost without having been unmapped")
			.baseUnit("leaks")
			.tags(tags)
			.register(registry);
		FunctionCounter.builder("mmap.leaked", statistics, (leaking) -> leaking.leakedBytes(cause))
			.description("Memory of mappings that were lost without having been unmapped")
			.baseUnit(BaseUnits.BYTES)
			.tags(tags)
			.register(registry);
	}

}
