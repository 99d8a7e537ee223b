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

import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether there is enough memory and time to save the content of a mapping.
 */
final class GuardLimits {

	private static final long MIB = 1 << 20;

	/** A copy is that fast at least, even if others are at work. */
	private static final long BYTES_PER_SECOND = 64 * MIB;

	private static final String ALTERNATIVES = "map a smaller part of the file, or a copy of it ('copy'), which needs"
			+ " no guard";

	private final long maxSize;

	private final ProcessLimits limits;

	/**
	 * Create limits.
	 * @param maxSize how many bytes of one mapping are saved at most
	 * @param limits those of system and process
	 */
	GuardLimits(long maxSize, ProcessLimits limits) {
		this.maxSize = maxSize;
		this.limits = limits;
	}

	/**
	 * Refuse to guard what most likely could not be saved.
	 * @param description what is mapped
	 * @param length the number of bytes
	 * @param others the number of bytes in other mappings that the same writer concerns
	 */
	void check(String description, long length, long others) {
		if (length > this.maxSize) {
			throw refusal(description,
					"it has " + length + " bytes, and at most " + this.maxSize + " bytes of a mapping are saved",
					"Raise 'mmap.guard.max-size', or " + ALTERNATIVES + ".");
		}
		long total = length + others;
		OptionalLong seconds = this.limits.leaseBreakSeconds();
		long needed = Math.ceilDiv(total, BYTES_PER_SECOND);
		if (seconds.orElse(0) > 0 && needed > seconds.getAsLong()) {
			throw refusal(description,
					"to copy " + total + " bytes" + shared(others) + " may take " + needed
							+ " seconds, and the system holds back whoever truncates the file for "
							+ seconds.getAsLong() + " only",
					"Raise that time ('sysctl fs.lease-break-time=" + needed + "'), or " + ALTERNATIVES + ".");
		}
		String shortage = shortage(total);
		if (shortage != null) {
			throw refusal(description, "to copy " + total + " bytes" + shared(others) + ", " + shortage,
					"Raise the memory limit of the container, free memory, or " + ALTERNATIVES + ".");
		}
	}

	private static String shared(long others) {
		return (others > 0) ? " with other mappings of the file" : "";
	}

	/**
	 * Return what is wrong with the memory that is free now, or {@code null} if it is
	 * enough. A tenth of it is left to others.
	 */
	@Nullable String shortage(long length) {
		long system = this.limits.availableMemory().orElse(ProcessLimits.UNLIMITED);
		long group = this.limits.availableInControlGroup().orElse(ProcessLimits.UNLIMITED);
		long available = Math.max(0, Math.min(system, group));
		if (length <= available - available / 10) {
			return null;
		}
		return "too little memory is free: " + available + " bytes "
				+ ((group < system) ? "in the control group (memory.max)" : "in the system (MemAvailable)")
				+ ", a tenth of which is left to others";
	}

	private static GuardRefusedException refusal(String description, String problem, String remedy) {
		return new GuardRefusedException(description, problem, remedy, 0, null);
	}

}
