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

import io.mmap.Capabilities;
import io.mmap.Capability;
import io.mmap.OperationErrors;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Everything about mappings. Lengths are in bytes, times in seconds. Figures that are
 * unknown are {@code null}; what else is {@code null} is left out over HTTP.
 *
 * @param mapper how memory is mapped
 * @param totals figures over all mappings
 * @param limits what the process may do, and how much of it is used
 * @param process what the kernel counts for the process
 * @param capabilities what can be done here, and why not
 * @param leaks mappings that were lost
 * @param errors operations that have failed
 * @param warnings what is not as it should be; the health indicator and the log have the
 * details
 * @param preloads the latest preload of each mapping
 * @param names figures of each declared name, and of all ad hoc mappings together
 * @param selection which mappings are listed
 * @param mappings the open mappings that were asked for
 */
public record MmapDescriptor(MapperDescriptor mapper, TotalsDescriptor totals, LimitsDescriptor limits,
		ProcessDescriptor process, CapabilitiesDescriptor capabilities, LeaksDescriptor leaks,
		List<OperationErrors> errors, List<WarningDescriptor> warnings, List<PreloadDescriptor> preloads,
		List<NameDescriptor> names, SelectionDescriptor selection,
		List<MappingDescriptor> mappings) implements OperationResponseBody {

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
	 * @param resident how many of them are in memory, or {@code null} if that is not
	 * known of all
	 * @param dirty how many of them are to be written to files, or {@code null} if that
	 * is not known of all
	 * @param leases the number of leases that are held
	 * @param detached the number of bytes whose content was saved from its file
	 * @param truncated the number of bytes that were lost by truncation of files
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record TotalsDescriptor(long mappings, long mapped, @Nullable Long resident, @Nullable Long dirty,
			long leases, long detached, long truncated) {

	}

	/**
	 * What the process may do.
	 *
	 * @param regions memory regions, of {@code vm.max_map_count}
	 * @param locked bytes locked in memory, of {@code RLIMIT_MEMLOCK}
	 * @param pageSize the size of a page
	 * @param hugePageSizes the sizes of huge pages that can be asked for
	 */
	public record LimitsDescriptor(LimitDescriptor regions, LimitDescriptor locked, @Nullable Long pageSize,
			List<Long> hugePageSizes) {

	}

	/**
	 * A limit.
	 *
	 * @param used how much of it is used, or {@code null} if that is unknown
	 * @param max the limit, or {@code null} if there is none or it is unknown
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record LimitDescriptor(@Nullable Long used, @Nullable Long max) {

	}

	/**
	 * What the kernel counts for the process.
	 *
	 * @param sampledAt when that was looked at
	 * @param majorFaults page faults that had to wait for a device
	 * @param minorFaults page faults that found the page in memory
	 * @param bytesRead how much was read from devices
	 * @param pressure how long tasks had to wait
	 */
	public record ProcessDescriptor(Instant sampledAt, @Nullable Long majorFaults, @Nullable Long minorFaults,
			@Nullable Long bytesRead, List<PressureDescriptor> pressure) {

	}

	/**
	 * How long tasks had to wait.
	 *
	 * @param resource for what: {@code memory} or {@code io}
	 * @param kind {@code some} if at least one task waited, {@code full} if all did
	 * @param scope whose tasks: {@code control-group} or {@code system}
	 * @param stalled how long that was, all in all
	 * @param average10 how much of the last ten seconds that was, in percent
	 */
	public record PressureDescriptor(String resource, String kind, String scope, double stalled, double average10) {

	}

	/**
	 * What can be done here.
	 *
	 * @param platform the platform
	 * @param kernel the version of the kernel
	 * @param container the kind of container, if it is one
	 * @param seccomp whether a filter decides which system calls are allowed
	 * @param all what there is
	 */
	public record CapabilitiesDescriptor(String platform, String kernel, @Nullable String container, boolean seccomp,
			List<Capability> all) {

		static CapabilitiesDescriptor of(Capabilities capabilities) {
			return new CapabilitiesDescriptor(capabilities.platform(), capabilities.kernel(), capabilities.container(),
					capabilities.seccomp(), capabilities.all());
		}

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
	 * @param mapping what was lost
	 */
	public record LeakDescriptor(Instant detectedAt, String cause, boolean reclaimed, LeakedDescriptor mapping) {

	}

	/**
	 * A mapping that was lost.
	 *
	 * @param name the id
	 * @param label what the code that made it called it
	 * @param createdBy the line of code that asked for it
	 * @param source what kind of thing was mapped
	 * @param path the file
	 * @param length the number of bytes
	 * @param address where the memory was
	 * @param mappedAt when it was mapped
	 */
	public record LeakedDescriptor(String name, @Nullable Object label, @Nullable String createdBy, String source,
			@Nullable Object path, long length, @Nullable Object address, Instant mappedAt) {

	}

	/**
	 * Something that is not as it should be.
	 *
	 * @param name the declared name, the id of a mapping, or {@code process}
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
	 * @param length how much is to be brought into memory
	 * @param loaded how much was
	 */
	public record PreloadDescriptor(String name, String state, long length, long loaded) {

	}

	/**
	 * Figures of a declared name, or of all ad hoc mappings together.
	 *
	 * @param name the declared name, or {@code ad-hoc}
	 * @param kind {@code mapping} or {@code set} for what is declared, or {@code ad-hoc}
	 * @param mappings the number of open mappings; 0 when it waits for its first use
	 * @param mapped the number of bytes mapped
	 * @param resident how many of them are in memory, or {@code null} if that is unknown
	 * @param dirty how many of them are to be written to files, or {@code null} if that
	 * is unknown
	 * @param leases the number of leases that are held
	 * @param detached the number of bytes whose content was saved from its file
	 * @param truncated the number of bytes that were lost by truncation
	 * @param leaks the number of leaks
	 * @param reloads how often it was replaced, or should have been, by outcome
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record NameDescriptor(String name, String kind, long mappings, long mapped, @Nullable Long resident,
			@Nullable Long dirty, long leases, long detached, long truncated, long leaks, Map<String, Long> reloads) {

	}

	/**
	 * Which mappings are listed. Names, warnings and preloads are listed up to the same
	 * limit.
	 *
	 * @param matching how many there are that were asked for
	 * @param shown how many of them are listed
	 * @param limit how many are listed at most
	 */
	public record SelectionDescriptor(long matching, long shown, long limit) {

	}

}
