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
import io.mmap.MappingRegistry;
import io.mmap.MappingStatistics;

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
						sum(statistics, MappingStatistics::mappedBytes)),
				new LeaksDescriptor(sumLeaks(statistics, MappingStatistics::leaks),
						sumLeaks(statistics, MappingStatistics::leakedBytes),
						leaks.stream().map((leak) -> describe(leak, showUnsanitized)).toList()),
				this.registry.mappings().stream().map((mapping) -> describe(mapping, showUnsanitized)).toList());
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
				mapping.createdBy());
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
	 * @param mappings the open mappings
	 */
	public record MmapDescriptor(MapperDescriptor mapper, TotalsDescriptor totals, LeaksDescriptor leaks,
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
	 */
	public record TotalsDescriptor(long mappings, long mapped) {

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
	 */
	public record MappingDescriptor(String name, @Nullable String label, boolean declared, int generation,
			String source, @Nullable Object path, @Nullable Object resource, String access, List<String> protection,
			long offset, long length, @Nullable Object address, Instant mappedAt,
			@Nullable String createdBy) implements OperationResponseBody {

	}

}
