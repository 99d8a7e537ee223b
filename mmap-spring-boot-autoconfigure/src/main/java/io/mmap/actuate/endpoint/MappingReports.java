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

package io.mmap.actuate.endpoint;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.mmap.LeakCause;
import io.mmap.MapperInfo;
import io.mmap.MappingInfo;
import io.mmap.MappingLeak;
import io.mmap.MappingPreload;
import io.mmap.MappingRegistry;
import io.mmap.MappingStatistics;
import io.mmap.MappingWarning;
import io.mmap.NoSuchMappingException;
import io.mmap.PageSize;
import io.mmap.Pressure;
import io.mmap.ProcessMemory;
import io.mmap.ReloadOutcome;
import io.mmap.UnsupportedMappingOperationException;
import io.mmap.actuate.endpoint.MappingDetailsDescriptor.StatisticsDescriptor;
import io.mmap.actuate.endpoint.MappingDetailsDescriptor.TimesDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.CapabilitiesDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.LeakDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.LeaksDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.LimitDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.LimitsDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.MapperDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.NameDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.PreloadDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.PressureDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.ProcessDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.SelectionDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.TotalsDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.WarningDescriptor;
import io.mmap.internal.ConstantName;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Reports what a registry knows.
 */
final class MappingReports {

	private static final int DETAILS_LIMIT = 20;

	private static final int DEFAULT_PARTS = 64;

	private static final int MAX_PARTS = 1024;

	/**
	 * How many parts of all mappings together are looked at by one call.
	 */
	private static final int MAX_PARTS_IN_ALL = 4096;

	private final MappingRegistry registry;

	private final Sanitizer sanitizer;

	MappingReports(MappingRegistry registry, Iterable<SanitizingFunction> sanitizingFunctions) {
		this.registry = registry;
		this.sanitizer = new Sanitizer(sanitizingFunctions);
	}

	/**
	 * Report everything.
	 */
	MmapDescriptor all(MappingQuery query, boolean showUnsanitized) {
		// First, since it has leaks counted that were found but not looked at
		List<MappingLeak> leaks = this.registry.leaks();
		Collection<MappingStatistics> statistics = this.registry.statistics();
		List<MappingWarning> warnings = this.registry.warnings();
		ProcessMemory process = this.registry.process();
		List<MappingInfo> matching = query.select(this.registry.mappings());
		List<MappingInfo> shown = matching.stream().limit(query.limit()).toList();
		Describer describer = new Describer(this.sanitizer, showUnsanitized, warnings, statistics);
		MapperInfo mapper = this.registry.mapper();
		return new MmapDescriptor(new MapperDescriptor(ConstantName.of(mapper.type()), mapper.reason()),
				totals(statistics), limits(process), describe(process),
				CapabilitiesDescriptor.of(this.registry.capabilities()), leaks(statistics, leaks, describer),
				this.registry.errors(), warnings.stream().limit(query.limit()).map(MappingReports::describe).toList(),
				this.registry.preloads().stream().limit(query.limit()).map(MappingReports::describe).toList(),
				statistics.stream().limit(query.limit()).map(this::describe).toList(),
				new SelectionDescriptor(matching.size(), shown.size(), query.limit()),
				shown.stream().map(describer::describe).toList());
	}

	/**
	 * Report one mapping or set.
	 */
	@Nullable MappingDetailsDescriptor one(String nameOrId, @Nullable Integer limit, @Nullable Integer parts,
			boolean showUnsanitized) {
		int checkedLimit = MappingQuery.number("limit", limit, 0, MappingQuery.MAX_LIMIT, DETAILS_LIMIT);
		int checkedParts = MappingQuery.number("parts", parts, 1, MAX_PARTS, DEFAULT_PARTS);
		Collection<MappingStatistics> all = this.registry.statistics();
		List<MappingInfo> matching = this.registry.mappings()
			.stream()
			.filter((mapping) -> mapping.name().equals(nameOrId) || mapping.group().equals(nameOrId))
			.toList();
		boolean declared = all.stream().anyMatch((each) -> each.name().equals(nameOrId));
		if (matching.isEmpty() && !declared) {
			return null;
		}
		String group = (declared) ? nameOrId : matching.getFirst().group();
		Set<String> names = matching.stream().map(MappingInfo::name).collect(Collectors.toSet());
		List<MappingWarning> warnings = this.registry.warnings()
			.stream()
			.filter((warning) -> warning.name().equals(group) || names.contains(warning.name()))
			.toList();
		Describer describer = new Describer(this.sanitizer, showUnsanitized, warnings, all);
		int count = Math.min(matching.size(), checkedLimit);
		int partsOfEach = Math.max(1, Math.min(checkedParts, MAX_PARTS_IN_ALL / Math.max(1, count)));
		List<MappingDescriptor> shown = matching.stream()
			.limit(count)
			.map((mapping) -> describer.describeInDetail(mapping, partsOfEach))
			.toList();
		return new MappingDetailsDescriptor(nameOrId, kind(group),
				all.stream()
					.filter((each) -> each.name().equals(group))
					.findFirst()
					.map(MappingReports::describeInDetail)
					.orElse(null),
				warnings.stream().limit(checkedLimit).map(MappingReports::describe).toList(),
				this.registry.preloads()
					.stream()
					.filter((preload) -> names.contains(preload.name()))
					.limit(checkedLimit)
					.map(MappingReports::describe)
					.toList(),
				new SelectionDescriptor(matching.size(), shown.size(), checkedLimit), shown);
	}

	@Nullable Object sanitize(String key, @Nullable String value, boolean showUnsanitized) {
		return (value != null) ? this.sanitizer.sanitize(new SanitizableData(null, key, value), showUnsanitized) : null;
	}

	private String kind(String group) {
		return (group.equals(MappingStatistics.AD_HOC)) ? group
				: (this.registry.find(group).isPresent() || !isSet(group)) ? "mapping" : "set";
	}

	private boolean isSet(String name) {
		try {
			this.registry.set(name);
			return true;
		}
		catch (NoSuchMappingException ex) {
			// The registry was closed, so that no mapping is found
			return false;
		}
	}

	private static TotalsDescriptor totals(Collection<MappingStatistics> statistics) {
		return new TotalsDescriptor(sum(statistics, MappingStatistics::mappings),
				sum(statistics, MappingStatistics::mappedBytes), known(statistics, MappingStatistics::residentBytes),
				known(statistics, MappingStatistics::dirtyBytes), sum(statistics, MappingStatistics::leases),
				sum(statistics, MappingStatistics::detachedBytes), sum(statistics, MappingStatistics::truncatedBytes));
	}

	private static long sum(Collection<MappingStatistics> statistics, ToLongFunction<MappingStatistics> figure) {
		return statistics.stream().mapToLong(figure).sum();
	}

	/**
	 * Return the sum over what is mapped, or {@code null} if a part of it is unknown.
	 */
	private static @Nullable Long known(Collection<MappingStatistics> statistics, Figure figure) {
		long sum = 0;
		for (MappingStatistics each : statistics) {
			if (each.mappings() > 0) {
				Long value = figure.of(each);
				if (value == null) {
					return null;
				}
				sum += value;
			}
		}
		return sum;
	}

	private static LimitsDescriptor limits(ProcessMemory process) {
		return new LimitsDescriptor(new LimitDescriptor(process.regions(), process.maxRegions()),
				new LimitDescriptor(process.locked(), limit(process.maxLocked())), pageSize(), PageSize.huge());
	}

	private static @Nullable Long limit(@Nullable Long max) {
		return (max != null && max != Long.MAX_VALUE) ? max : null;
	}

	private static @Nullable Long pageSize() {
		try {
			return PageSize.base();
		}
		catch (UnsupportedMappingOperationException ex) {
			return null;
		}
	}

	private static ProcessDescriptor describe(ProcessMemory process) {
		return new ProcessDescriptor(process.sampledAt(), process.majorFaults(), process.minorFaults(),
				process.bytesRead(), process.pressure().stream().map(MappingReports::describe).toList());
	}

	private static PressureDescriptor describe(Pressure pressure) {
		return new PressureDescriptor(pressure.resource(), pressure.kind(), pressure.scope(),
				Describer.seconds(pressure.stalled()), pressure.average10());
	}

	private static LeaksDescriptor leaks(Collection<MappingStatistics> statistics, List<MappingLeak> latest,
			Describer describer) {
		return new LeaksDescriptor(sum(statistics, MappingReports::leaks),
				sum(statistics, (each) -> Stream.of(LeakCause.values()).mapToLong(each::leakedBytes).sum()),
				latest.stream()
					.map((leak) -> new MmapDescriptor.LeakDescriptor(leak.detectedAt(), ConstantName.of(leak.cause()),
							leak.reclaimed(), describer.describeLeaked(leak.mapping())))
					.toList());
	}

	private static long leaks(MappingStatistics statistics) {
		return Stream.of(LeakCause.values()).mapToLong(statistics::leaks).sum();
	}

	private static WarningDescriptor describe(MappingWarning warning) {
		return new WarningDescriptor(warning.name(), ConstantName.of(warning.kind()), warning.since());
	}

	private static PreloadDescriptor describe(MappingPreload preload) {
		return new PreloadDescriptor(preload.name(), ConstantName.of(preload.state()), preload.length(),
				preload.loaded());
	}

	private NameDescriptor describe(MappingStatistics statistics) {
		return new NameDescriptor(statistics.name(), kind(statistics.name()), statistics.mappings(),
				statistics.mappedBytes(), statistics.residentBytes(), statistics.dirtyBytes(), statistics.leases(),
				statistics.detachedBytes(), statistics.truncatedBytes(), leaks(statistics),
				byConstant(ReloadOutcome.values(), statistics::reloads));
	}

	private static StatisticsDescriptor describeInDetail(MappingStatistics statistics) {
		return new StatisticsDescriptor(statistics.mappings(), statistics.mappedBytes(), statistics.residentBytes(),
				statistics.dirtyBytes(), statistics.leases(), statistics.longestHoldNanos() / 1e9,
				statistics.detachedBytes(), statistics.truncatedBytes(),
				times(statistics.mapCount(), statistics.mapNanos()),
				times(statistics.validateCount(), statistics.validateNanos()),
				times(statistics.unmapCount(), statistics.unmapNanos()),
				times(statistics.flushCount(), statistics.flushNanos()), statistics.flushErrors(),
				times(statistics.preloadCount(), statistics.preloadNanos()),
				byConstant(LeakCause.values(), statistics::leaks),
				byConstant(LeakCause.values(), statistics::leakedBytes),
				byConstant(ReloadOutcome.values(), statistics::reloads), statistics.lastReload());
	}

	private static TimesDescriptor times(long count, long nanos) {
		return new TimesDescriptor(count, nanos / 1e9);
	}

	private static <E extends Enum<E>> Map<String, Long> byConstant(E[] constants, Function<E, Long> figure) {
		Map<String, Long> figures = new TreeMap<>();
		for (E constant : constants) {
			figures.put(ConstantName.of(constant), figure.apply(constant));
		}
		return figures;
	}

	/**
	 * A figure that may be unknown.
	 */
	@FunctionalInterface
	private interface Figure {

		@Nullable Long of(MappingStatistics statistics);

	}

}
