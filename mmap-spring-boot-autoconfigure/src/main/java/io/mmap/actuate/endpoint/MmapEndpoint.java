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

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

import io.mmap.LeakCause;
import io.mmap.MappingInfo;
import io.mmap.MappingLeak;
import io.mmap.MappingPreload;
import io.mmap.MappingRegistry;
import io.mmap.MappingStatistics;
import io.mmap.MappingWarning;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * {@link Endpoint @Endpoint} that shows memory mappings. A call touches no mapped memory.
 */
@Endpoint(id = "mmap", defaultAccess = Access.READ_ONLY)
public class MmapEndpoint {

	private final MappingRegistry registry;

	private final Sanitizer sanitizer;

	private final Show showValues;

	/**
	 * Create an endpoint.
	 * @param registry the registry to show
	 * @param sanitizingFunctions have the last word on paths and addresses
	 * @param showValues when to show paths and addresses
	 */
	public MmapEndpoint(MappingRegistry registry, Iterable<SanitizingFunction> sanitizingFunctions, Show showValues) {
		this.registry = registry;
		this.sanitizer = new Sanitizer(sanitizingFunctions);
		this.showValues = showValues;
	}

	@ReadOperation
	public MmapDescriptor mmap() {
		return mmap(this.showValues.isShown(true));
	}

	@ReadOperation
	public @Nullable MappingDescriptor mapping(@Selector String nameOrId) {
		return mapping(nameOrId, this.showValues.isShown(true));
	}

	MmapDescriptor mmap(boolean showUnsanitized) {
		// First, since it has leaks counted that were found but not looked at
		List<MappingLeak> leaks = this.registry.leaks();
		Collection<MappingStatistics> statistics = this.registry.statistics();
		return new MmapDescriptor(
				new MapperDescriptor(text(this.registry.mapper().type()), this.registry.mapper().reason()),
				new TotalsDescriptor(sum(statistics, MappingStatistics::mappings),
						sum(statistics, MappingStatistics::mappedBytes), sum(statistics, MappingStatistics::leases),
						sum(statistics, MappingStatistics::detachedBytes)),
				new LeaksDescriptor(sumLeaks(statistics, MappingStatistics::leaks),
						sumLeaks(statistics, MappingStatistics::leakedBytes),
						leaks.stream().map((leak) -> describe(leak, showUnsanitized)).toList()),
				this.registry.warnings().stream().map(MmapEndpoint::describe).toList(),
				this.registry.preloads().stream().map(MmapEndpoint::describe).toList(),
				this.registry.mappings().stream().map((mapping) -> describe(mapping, showUnsanitized)).toList());
	}

	private static WarningDescriptor describe(MappingWarning warning) {
		return new WarningDescriptor(warning.name(), text(warning.kind()), warning.since());
	}

	private static PreloadDescriptor describe(MappingPreload preload) {
		return new PreloadDescriptor(preload.name(), text(preload.state()), preload.length(), preload.loaded());
	}

	@Nullable MappingDescriptor mapping(String nameOrId, boolean showUnsanitized) {
		return this.registry.mappings()
			.stream()
			.filter((mapping) -> mapping.name().equals(nameOrId))
			.findFirst()
			.map((mapping) -> describe(mapping, showUnsanitized))
			.orElse(null);
	}

	private MappingDescriptor describe(MappingInfo mapping, boolean showUnsanitized) {
		return new MappingDescriptor(mapping.name(), mapping.label(), mapping.declared(), mapping.generation(),
				mapping.source(),
				(mapping.path() != null) ? sanitize("path", mapping.path().toString(), showUnsanitized) : null,
				(mapping.resource() != null) ? sanitize("resource", mapping.resource().toString(), showUnsanitized)
						: null,
				text(mapping.access()), mapping.protection().stream().map(MmapEndpoint::text).toList(),
				mapping.offset(), mapping.length(),
				sanitize("address", "0x" + Long.toHexString(mapping.address()), showUnsanitized), mapping.mappedAt(),
				mapping.createdBy(), mapping.leases(), mapping.isGuarded(), mapping.isDetached(), mapping.lastFlush());
	}

	private LeakDescriptor describe(MappingLeak leak, boolean showUnsanitized) {
		return new LeakDescriptor(leak.detectedAt(), text(leak.cause()), leak.reclaimed(),
				describe(leak.mapping(), showUnsanitized));
	}

	/**
	 * Return a constant as it is written in configuration and in the tags of meters.
	 */
	private static String text(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private @Nullable Object sanitize(String key, String value, boolean showUnsanitized) {
		return this.sanitizer.sanitize(new SanitizableData(null, key, value), showUnsanitized);
	}

	private static long sum(Collection<MappingStatistics> statistics, ToLongFunction<MappingStatistics> figure) {
		return statistics.stream().mapToLong(figure).sum();
	}

	private static long sumLeaks(Collection<MappingStatistics> statistics, LeakFigure figure) {
		return sum(statistics, (each) -> {
			long sum = 0;
			for (LeakCause cause : LeakCause.values()) {
				sum += figure.of(each, cause);
			}
			return sum;
		});
	}

	/**
	 * A figure that is kept for each cause.
	 */
	@FunctionalInterface
	private interface LeakFigure {

		long of(MappingStatistics statistics, LeakCause cause);

	}

	/**
	 * Everything about mappings.
	 *
	 * @param mapper how memory is mapped
	 * @param totals figures over all mappings
	 * @param leaks mappings that were lost
	 * @param warnings what is not as it should be; the health indicator and the log have
	 * the details
	 * @param preloads the latest preload of each mapping
	 * @param mappings the open mappings
	 */
	public record MmapDescriptor(MapperDescriptor mapper, TotalsDescriptor totals, LeaksDescriptor leaks,
			List<WarningDescriptor> warnings, List<PreloadDescriptor> preloads,
			List<MappingDescriptor> mappings) implements OperationResponseBody {

	}

	/**
	 * How memory is mapped.
	 *
	 * @param type {@code native} or {@code jdk}
	 * @param reason why, and how to get the other one
	 */
	public record MapperDescriptor(String type, String reason) {

	}

	/**
	 * Figures over all mappings.
	 *
	 * @param mappings the number of open mappings
	 * @param mapped the number of bytes mapped, leaked memory that could not be reclaimed
	 * included
	 * @param leases the number of leases that are held
	 * @param detached the number of bytes whose content was saved from its file
	 */
	public record TotalsDescriptor(long mappings, long mapped, long leases, long detached) {

	}

	/**
	 * Mappings that were lost.
	 *
	 * @param count their number
	 * @param bytes their bytes, reclaimed or not
	 * @param latest the latest ones, newest first
	 */
	public record LeaksDescriptor(long count, long bytes, List<LeakDescriptor> latest) {

	}

	/**
	 * A leak.
	 *
	 * @param detectedAt when it was found
	 * @param cause {@code garbage-collected} or {@code open-at-shutdown}
	 * @param reclaimed whether the memory was given back to the system
	 * @param mapping the mapping
	 */
	public record LeakDescriptor(Instant detectedAt, String cause, boolean reclaimed, MappingDescriptor mapping) {

	}

	/**
	 * Something that is not as it should be.
	 *
	 * @param name the declared name, or the id of a mapping
	 * @param kind what kind of thing, such as {@code reload-failing}
	 * @param since when it was noticed first
	 */
	public record WarningDescriptor(String name, String kind, Instant since) {

	}

	/**
	 * A preload.
	 *
	 * @param name the declared name, or the id of a mapping
	 * @param state {@code queued}, {@code running}, {@code completed}, {@code cancelled}
	 * or {@code failed}
	 * @param length how much is to be brought into memory, in bytes
	 * @param loaded how much was, in bytes
	 */
	public record PreloadDescriptor(String name, String state, long length, long loaded) {

	}

	/**
	 * A mapping.
	 *
	 * @param name the declared name, or the id of an ad hoc mapping
	 * @param label what the code that made it calls it
	 * @param declared whether it was declared
	 * @param generation how often it was mapped anew by a reload, 1 for the first time
	 * @param source what kind of thing is mapped: {@code file}, {@code resource},
	 * {@code descriptor}, {@code anonymous} or {@code in-memory-file}
	 * @param path the file
	 * @param resource the resource of which a copy is mapped
	 * @param access {@code read-only}, {@code read-write} or {@code copy-on-write}
	 * @param protection what the pages permit: {@code read}, {@code write} and
	 * {@code execute}
	 * @param offset where in the file it starts, in bytes
	 * @param length the number of bytes
	 * @param address where the memory is
	 * @param mappedAt when it was mapped
	 * @param createdBy the line of code that asked for it
	 * @param leases how many leases are held on it
	 * @param guarded whether its content will be saved before its file is truncated
	 * @param detached whether its content was saved, and is no longer that of the file
	 * @param lastFlush when its changes were written to the file last
	 */
	public record MappingDescriptor(String name, @Nullable String label, boolean declared, int generation,
			String source, @Nullable Object path, @Nullable Object resource, String access, List<String> protection,
			long offset, long length, @Nullable Object address, Instant mappedAt, @Nullable String createdBy,
			long leases, boolean guarded, boolean detached,
			@Nullable Instant lastFlush) implements OperationResponseBody {

	}

}
