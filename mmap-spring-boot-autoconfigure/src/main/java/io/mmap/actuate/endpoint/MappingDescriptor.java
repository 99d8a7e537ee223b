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

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A mapping. Lengths and offsets are in bytes, times in seconds.
 *
 * @param name the declared name, or the id of a member of a set or an ad hoc mapping
 * @param of the declared name that it belongs to, {@code null} for an ad hoc mapping
 * @param label what the code that made it calls it or, of a set, the file
 * @param owner {@code declared} if the registry owns it, {@code ad-hoc} if the code does
 * that asked for it
 * @param createdBy the line of code that asked for it
 * @param state {@code mapped}; {@code detached} when its content was saved from its file;
 * {@code replaced} when another generation has taken its place, and it waits for those
 * who use it
 * @param generation how often it was mapped anew, 1 for the first time
 * @param source what kind of thing is mapped: {@code file}, {@code resource},
 * {@code descriptor}, {@code anonymous} or {@code in-memory-file}
 * @param path the file
 * @param resource the resource of which a copy is mapped
 * @param access {@code read-only}, {@code read-write} or {@code copy-on-write}
 * @param protection what the pages permit: {@code read}, {@code write} and
 * {@code execute}
 * @param advice what the system was advised when it was mapped
 * @param offset where in the file it starts
 * @param length the number of bytes
 * @param address where the memory is
 * @param mappedAt when it was mapped
 * @param age how long ago that was
 * @param leases how many leases are held on it
 * @param residency how much of it is in memory
 * @param file what has become of its file
 * @param reload whether it is replaced when its file is
 * @param flush how its changes are written to the file
 * @param guard what is done against truncation
 * @param parts which parts are in memory, where a single mapping was asked for
 * @param holders who holds leases, as far as that is known, where a single mapping was
 * asked for
 * @param creationStack the call stack that asked for it, where a single mapping was asked
 * for and that was recorded
 */
public record MappingDescriptor(String name, @Nullable String of, @Nullable Object label, String owner,
		@Nullable String createdBy, String state, int generation, String source, @Nullable Object path,
		@Nullable Object resource, String access, List<String> protection, List<String> advice, long offset,
		long length, @Nullable Object address, Instant mappedAt, double age, long leases, ResidencyDescriptor residency,
		FileDescriptor file, ReloadDescriptor reload, FlushDescriptor flush, GuardDescriptor guard,
		@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable PartsDescriptor parts,
		@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> holders,
		@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> creationStack) {

	/**
	 * How much is in memory.
	 *
	 * @param resident the number of bytes, or {@code null} if it is unknown
	 * @param dirty how many of them are to be written to the file, or {@code null} if it
	 * is unknown or nothing is ever written
	 * @param sampledAt when that was found out, or {@code null} if it was not yet
	 * @param reason where the figures come from or, if they are unknown, why
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record ResidencyDescriptor(@Nullable Long resident, @Nullable Long dirty, @Nullable Instant sampledAt,
			String reason) {

	}

	/**
	 * What has become of the file.
	 *
	 * @param state {@code unchanged}, {@code modified}, {@code truncated},
	 * {@code replaced}, {@code deleted} or {@code unknown}
	 * @param lost how many bytes at the end of the mapping are no longer backed
	 */
	public record FileDescriptor(String state, long lost) {

	}

	/**
	 * How it is replaced.
	 *
	 * @param onUpdate whether it is when its file is
	 * @param last when that was done last, whoever asked for it
	 * @param failing whether what is there now cannot be used
	 */
	public record ReloadDescriptor(boolean onUpdate, @Nullable Instant last, boolean failing) {

	}

	/**
	 * How changes are written to the file.
	 *
	 * @param interval how often that is done in the background, if it is
	 * @param onUnmap whether it is done before the memory is unmapped
	 * @param last when the last one that has succeeded began
	 * @param late whether it should have been done long ago
	 * @param failing whether it fails
	 */
	public record FlushDescriptor(@Nullable Double interval, boolean onUnmap, @Nullable Instant last, boolean late,
			boolean failing) {

	}

	/**
	 * What is done against truncation.
	 *
	 * @param policy {@code detect} or {@code guard}
	 * @param state {@code guarded}; {@code detached} once the content was saved;
	 * {@code not-guarded} if that cannot be done, although it was asked for; {@code none}
	 */
	public record GuardDescriptor(String policy, String state) {

	}

	/**
	 * Which parts are in memory.
	 *
	 * @param length the length of each part; the last one may be shorter
	 * @param resident how much of each part is, or {@code null} where that is unknown
	 * @param reason where the figures come from or, if they are unknown, why
	 */
	public record PartsDescriptor(long length, List<@Nullable Long> resident, String reason) {

	}

}
