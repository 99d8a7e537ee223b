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

package io.mmap.health;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.mmap.MappingInfo;
import io.mmap.MappingRegistry;
import io.mmap.MappingStatistics;
import io.mmap.MappingWarning;
import io.mmap.internal.ConstantName;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Health of memory mappings: down when the file of a declared mapping was truncated, so
 * that a part of the mapping cannot be accessed any more, or when what is declared was
 * mapped and cannot be any more. How much memory is mapped or resident says nothing about
 * health, and is not judged. What the registry warns of is among the details, and leaves
 * the status as it is. May be asked from any thread.
 */
public class MmapHealthIndicator extends AbstractHealthIndicator {

	private final MappingRegistry registry;

	/**
	 * Create an indicator.
	 * @param registry the registry to look at
	 */
	public MmapHealthIndicator(MappingRegistry registry) {
		super("Looking at memory mappings failed");
		this.registry = registry;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		// Has the limits looked at, of which there may be a warning
		this.registry.process();
		List<MappingWarning> warnings = this.registry.warnings();
		long mappings = 0;
		long mapped = 0;
		Map<String, String> truncated = new LinkedHashMap<>();
		List<String> gone = new ArrayList<>();
		for (MappingStatistics statistics : this.registry.statistics()) {
			mappings += statistics.mappings();
			mapped += statistics.mappedBytes();
			if (isGone(statistics, warnings)) {
				gone.add(statistics.name());
			}
		}
		for (MappingInfo mapping : this.registry.mappings()) {
			if (mapping.declared()) {
				long lost = mapping.lostBytes();
				if (lost > 0) {
					truncated.put(mapping.name(),
							"The file was truncated: bytes " + (mapping.length() - lost) + " to " + mapping.length()
									+ " of the mapping are lost: reading them fails or, in the last page, gives zeros");
				}
			}
		}
		builder.status((truncated.isEmpty() && gone.isEmpty()) ? "UP" : "DOWN");
		builder.withDetail("mappings", mappings).withDetail("mapped", mapped);
		if (!truncated.isEmpty()) {
			builder.withDetail("truncated", truncated);
		}
		if (!gone.isEmpty()) {
			builder.withDetail("gone", gone);
		}
		if (!warnings.isEmpty()) {
			builder.withDetail("warnings", warnings.stream().map(MmapHealthIndicator::describe).toList());
		}
	}

	/**
	 * Return whether nothing is mapped of what is declared, and was mapped, since that
	 * has failed: whoever uses it will fail, too.
	 */
	private static boolean isGone(MappingStatistics statistics, List<MappingWarning> warnings) {
		return statistics.mappings() == 0 && statistics.mapCount() > 0
				&& warnings.stream()
					.anyMatch((warning) -> warning.name().equals(statistics.name())
							&& warning.kind() == MappingWarning.Kind.RELOAD_FAILING);
	}

	private static Map<String, String> describe(MappingWarning warning) {
		Map<String, String> description = new LinkedHashMap<>();
		description.put("name", warning.name());
		description.put("kind", ConstantName.of(warning.kind()));
		description.put("message", warning.message());
		return description;
	}

}
