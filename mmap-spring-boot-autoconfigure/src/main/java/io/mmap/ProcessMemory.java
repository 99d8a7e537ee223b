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

package io.mmap;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What the kernel says of the memory of this process, as it was when somebody looked.
 * What cannot be told here, such as on another platform, is {@code null}.
 *
 * @param sampledAt when that was
 * @param regions how many memory regions the process has
 * @param maxRegions how many it may have, {@code vm.max_map_count}
 * @param locked how many bytes it has locked in memory
 * @param maxLocked how many it may lock, {@code RLIMIT_MEMLOCK}; {@link Long#MAX_VALUE}
 * for any number
 * @param majorFaults for how many page faults it had to wait for a device. One of them
 * can stand for many blocks that are read ahead.
 * @param minorFaults how many page faults found the page in memory
 * @param bytesRead how many bytes were read from devices for it
 * @param pressure for how long tasks had to wait for memory, or for devices; empty if the
 * kernel does not tell
 * @see <a href="https://man7.org/linux/man-pages/man5/proc.5.html">proc(5)</a>
 */
public record ProcessMemory(Instant sampledAt, @Nullable Long regions, @Nullable Long maxRegions, @Nullable Long locked,
		@Nullable Long maxLocked, @Nullable Long majorFaults, @Nullable Long minorFaults, @Nullable Long bytesRead,
		List<Pressure> pressure) {

	/**
	 * Create figures.
	 */
	public ProcessMemory {
		Objects.requireNonNull(sampledAt, "sampledAt");
		pressure = List.copyOf(pressure);
	}

}
