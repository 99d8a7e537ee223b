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
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

import io.mmap.actuate.endpoint.MmapDescriptor.PreloadDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.SelectionDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.WarningDescriptor;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Everything about one mapping or set. Lengths are in bytes, times in seconds.
 *
 * @param name the declared name, or the id
 * @param kind {@code mapping} or {@code set} for what is declared, {@code ad-hoc} for
 * what is not
 * @param statistics figures of the declared name, or of all ad hoc mappings together
 * @param warnings what is not as it should be
 * @param preloads the latest preload of each mapping
 * @param selection how many of the mappings are listed
 * @param mappings what is mapped: of a set all members, and generations that wait for
 * those who use them
 */
public record MappingDetailsDescriptor(String name, String kind, @Nullable StatisticsDescriptor statistics,
		List<WarningDescriptor> warnings, List<PreloadDescriptor> preloads, SelectionDescriptor selection,
		List<MappingDescriptor> mappings) implements OperationResponseBody {

	/**
	 * Figures of a declared name, or of all ad hoc mappings together.
	 *
	 * @param mappings the number of open mappings
	 * @param mapped the number of bytes mapped
	 * @param resident how many of them were in memory when that was sampled last, or
	 * {@code null} if that is unknown
	 * @param dirty how many of them were to be written to files, or {@code null} if that
	 * is unknown
	 * @param leases the number of leases that are held
	 * @param longestHold for how long one of them has been held at least, if that is
	 * found out
	 * @param detached the number of bytes whose content was saved from its file
	 * @param truncated the number of bytes that were lost by truncation
	 * @param map how often memory was mapped
	 * @param validate how often what was mapped was validated
	 * @param unmap how often memory was unmapped
	 * @param flush how often changes were written to files
	 * @param flushErrors how often that failed
	 * @param preload how often content was brought into memory
	 * @param leaks leaks by cause
	 * @param leaked bytes that have leaked by cause
	 * @param reloads how often it was replaced, or should have been, by outcome
	 * @param lastReload when it was replaced last
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record StatisticsDescriptor(long mappings, long mapped, @Nullable Long resident, @Nullable Long dirty,
			long leases, double longestHold, long detached, long truncated, TimesDescriptor map,
			TimesDescriptor validate, TimesDescriptor unmap, TimesDescriptor flush, long flushErrors,
			TimesDescriptor preload, Map<String, Long> leaks, Map<String, Long> leaked, Map<String, Long> reloads,
			@Nullable Instant lastReload) {

	}

	/**
	 * How often something was done.
	 *
	 * @param count how often
	 * @param seconds how long that took, all in all
	 */
	public record TimesDescriptor(long count, double seconds) {

	}

}
