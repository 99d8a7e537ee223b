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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import org.jspecify.annotations.Nullable;

import io.mmap.MappingRegistry;
import io.mmap.MappingStatistics;
import io.mmap.MappingWarning;
import io.mmap.OperationErrors;
import io.mmap.internal.ConstantName;

/**
 * The meters of one registry of mappings in one registry of meters.
 */
final class BoundMeters {

	private final MappingRegistry mappings;

	private final MeterRegistry registry;

	/**
	 * Those that are there for as long as this is.
	 */
	private final List<Meter> fixed = new ArrayList<>();

	/**
	 * Those that are there while there is something to say.
	 */
	private final Map<Row, Meter> rows = new HashMap<>();

	/**
	 * How many errors and warnings there were at the last update: to count them for each
	 * meter by itself would take the square of their number.
	 */
	private volatile Map<Row, Long> counts = Map.of();

	/**
	 * Held while meters come and go. A registry of meters tells its listeners under a
	 * lock of its own, and these may read meters, so that nobody who reads one may wait
	 * for this lock.
	 */
	private final ReentrantLock lock = new ReentrantLock();

	private final Runnable refresh;

	private boolean closed;

	/**
	 * Create an instance.
	 * @param refresh to be called before a figure is read that is not counted all the
	 * time
	 */
	BoundMeters(MappingRegistry mappings, MeterRegistry registry, Runnable refresh) {
		this.mappings = mappings;
		this.registry = registry;
		this.refresh = refresh;
	}

	/**
	 * Return whether the meters of a registry of mappings, this or another one, are in
	 * the registry of meters.
	 */
	boolean isTaken() {
		return this.registry.find("mmap.mappings").tags("name", MappingStatistics.AD_HOC).meter() != null;
	}

	/**
	 * Add a meter that is there from now on.
	 */
	void add(Function<MeterRegistry, Meter> meter) {
		this.fixed.add(meter.apply(this.registry));
	}

	/**
	 * Have meters come and go with what they tell of, unless that is being done.
	 */
	void update() {
		if (this.lock.isHeldByCurrentThread() || !this.lock.tryLock()) {
			return;
		}
		try {
			if (!this.closed) {
				updateRows();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void updateRows() {
		Map<Row, Supplier<Meter>> wanted = new HashMap<>();
		Map<Row, Long> counts = new HashMap<>(warnings());
		counts.keySet().forEach((row) -> wanted.put(row, () -> warnings(row)));
		for (MappingStatistics statistics : this.mappings.statistics()) {
			wantSampled(wanted, statistics);
		}
		for (OperationErrors errors : this.mappings.errors()) {
			Row row = new Row("mmap.errors", Tags.of("operation", errors.operation(), "errno", errors.errno()));
			counts.put(row, errors.count());
			wanted.put(row, () -> errors(row));
		}
		this.counts = counts;
		this.rows.entrySet().removeIf((entry) -> {
			boolean gone = !wanted.containsKey(entry.getKey());
			if (gone) {
				this.registry.remove(entry.getValue());
			}
			return gone;
		});
		wanted.forEach((row, meter) -> this.rows.computeIfAbsent(row, (missing) -> meter.get()));
	}

	private void wantSampled(Map<Row, Supplier<Meter>> wanted, MappingStatistics statistics) {
		Tags tags = Tags.of("name", statistics.name());
		if (statistics.residentBytes() != null) {
			Row row = new Row("mmap.resident", tags);
			wanted.put(row, () -> sampled(row, statistics, MappingStatistics::residentBytes,
					"Mapped memory that was in memory when that was found out last"));
		}
		if (statistics.dirtyBytes() != null) {
			Row row = new Row("mmap.dirty", tags);
			wanted.put(row, () -> sampled(row, statistics, MappingStatistics::dirtyBytes,
					"Mapped memory that was to be written to files when that was found out last"));
		}
	}

	private Meter sampled(Row row, MappingStatistics statistics, Function<MappingStatistics, @Nullable Long> figure,
			String description) {
		AtomicLong last = new AtomicLong();
		return Gauge.builder(row.name(), statistics, (each) -> {
			this.refresh.run();
			Long now = figure.apply(each);
			// A scrape that has begun reads a meter that vanishes once more. One value
			// that is no number would make every sum so
			last.set((now != null) ? now : (each.mappings() > 0) ? last.get() : 0);
			return last.get();
		}).description(description).baseUnit(BaseUnits.BYTES).tags(row.tags()).register(this.registry);
	}

	private Meter errors(Row row) {
		return FunctionCounter.builder(row.name(), this.mappings, (each) -> count(row))
			.description("Operations that have failed")
			.tags(row.tags())
			.register(this.registry);
	}

	private double count(Row row) {
		this.refresh.run();
		return this.counts.getOrDefault(row, 0L);
	}

	private Meter warnings(Row row) {
		return Gauge.builder(row.name(), this.mappings, (each) -> count(row))
			.description("Warnings of what is not as it should be")
			.tags(row.tags())
			.register(this.registry);
	}

	/**
	 * Count warnings by kind and declared name, as ids would be too many for tags.
	 */
	private Map<Row, Long> warnings() {
		Set<String> names = this.mappings.statistics()
			.stream()
			.map(MappingStatistics::name)
			.collect(Collectors.toSet());
		return this.mappings.warnings()
			.stream()
			.collect(Collectors.groupingBy(
					(warning) -> new Row("mmap.warnings",
							Tags.of("name", name(warning, names), "kind", ConstantName.of(warning.kind()))),
					Collectors.counting()));
	}

	private static String name(MappingWarning warning, Set<String> names) {
		String name = warning.name();
		int dot = name.lastIndexOf('.');
		String set = (dot >= 0) ? name.substring(0, dot) : name;
		return (names.contains(set)) ? set : (name.equals(MappingWarning.PROCESS)) ? name : MappingStatistics.AD_HOC;
	}

	/**
	 * Remove all of them.
	 */
	void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.fixed.forEach(this.registry::remove);
			this.rows.values().forEach(this.registry::remove);
			this.fixed.clear();
			this.rows.clear();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Which meter.
	 *
	 * @param name its name
	 * @param tags its tags
	 */
	private record Row(String name, Tags tags) {

	}

}
