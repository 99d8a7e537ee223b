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

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.mmap.Advice;
import io.mmap.FileState;
import io.mmap.MappingInfo;
import io.mmap.MappingStatistics;
import io.mmap.MappingWarning;
import io.mmap.MappingWarning.Kind;
import io.mmap.Residency;
import io.mmap.ResidencyMap;
import io.mmap.ResidencySample;
import io.mmap.TruncationPolicy;
import io.mmap.actuate.endpoint.MappingDescriptor.FileDescriptor;
import io.mmap.actuate.endpoint.MappingDescriptor.FlushDescriptor;
import io.mmap.actuate.endpoint.MappingDescriptor.GuardDescriptor;
import io.mmap.actuate.endpoint.MappingDescriptor.PartsDescriptor;
import io.mmap.actuate.endpoint.MappingDescriptor.ReloadDescriptor;
import io.mmap.actuate.endpoint.MappingDescriptor.ResidencyDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.LeakedDescriptor;
import io.mmap.internal.ConstantName;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;

/**
 * Describes mappings for one who may, or may not, see paths and addresses.
 */
final class Describer {

	private final Sanitizer sanitizer;

	private final boolean showUnsanitized;

	private final Map<String, Set<Kind>> warnings = new HashMap<>();

	private final Map<String, MappingStatistics> statistics = new HashMap<>();

	private final Instant now = Instant.now();

	Describer(Sanitizer sanitizer, boolean showUnsanitized, Collection<MappingWarning> warnings,
			Collection<MappingStatistics> statistics) {
		this.sanitizer = sanitizer;
		this.showUnsanitized = showUnsanitized;
		warnings
			.forEach((warning) -> this.warnings.computeIfAbsent(warning.name(), (name) -> EnumSet.noneOf(Kind.class))
				.add(warning.kind()));
		statistics.forEach((each) -> this.statistics.put(each.name(), each));
	}

	/**
	 * Describe a mapping, with how much of it was in memory when that was found out last.
	 */
	MappingDescriptor describe(MappingInfo mapping) {
		ResidencySample sample = mapping.residencySample();
		ResidencyDescriptor residency = (sample != null) ? describe(sample.residency(), sample.sampledAt())
				: new ResidencyDescriptor(null, null, null, "it was not found out yet: ask again");
		return describe(mapping, residency, null, null, null);
	}

	/**
	 * Describe a mapping, with all that can be found out now.
	 * @param parts in how many parts to say what is in memory
	 */
	MappingDescriptor describeInDetail(MappingInfo mapping, int parts) {
		List<String> stack = mapping.creationStack();
		return describe(mapping, describe(mapping.residency(), this.now), describe(mapping.residencyMap(parts)),
				mapping.leaseHolders(), (stack.isEmpty()) ? null : stack);
	}

	private MappingDescriptor describe(MappingInfo mapping, ResidencyDescriptor residency,
			@Nullable PartsDescriptor parts, @Nullable List<String> holders, @Nullable List<String> creationStack) {
		return new MappingDescriptor(mapping.name(), (mapping.declared()) ? mapping.group() : null, label(mapping),
				owner(mapping), mapping.createdBy(), state(mapping), mapping.generation(), mapping.source(),
				path(mapping.path()), sanitize("resource", mapping.resource()), ConstantName.of(mapping.access()),
				mapping.protection().stream().map(ConstantName::of).toList(),
				mapping.advice().stream().map(Advice::toString).toList(), mapping.offset(), mapping.length(),
				address(mapping), mapping.mappedAt(), seconds(Duration.between(mapping.mappedAt(), this.now)),
				mapping.leases(), residency, file(mapping), reload(mapping), flush(mapping), guard(mapping), parts,
				holders, creationStack);
	}

	LeakedDescriptor describeLeaked(MappingInfo mapping) {
		return new LeakedDescriptor(mapping.name(), label(mapping), mapping.createdBy(), mapping.source(),
				path(mapping.path()), mapping.length(), address(mapping), mapping.mappedAt());
	}

	static String owner(MappingInfo mapping) {
		return (mapping.declared()) ? "declared" : MappingStatistics.AD_HOC;
	}

	static String state(MappingInfo mapping) {
		return (mapping.isReplaced()) ? "replaced" : (mapping.isDetached()) ? "detached" : "mapped";
	}

	private @Nullable Object path(@Nullable Path path) {
		return sanitize("path", path);
	}

	private @Nullable Object address(MappingInfo mapping) {
		return sanitize("address", "0x" + Long.toHexString(mapping.address()));
	}

	/**
	 * Return the label, which of a member of a set says where its file is.
	 */
	private @Nullable Object label(MappingInfo mapping) {
		boolean member = mapping.declared() && !mapping.name().equals(mapping.group());
		return (member) ? sanitize("label", mapping.label()) : mapping.label();
	}

	private static ResidencyDescriptor describe(Residency residency, Instant when) {
		return new ResidencyDescriptor(residency.resident(), residency.dirty(), when, residency.reason());
	}

	private static PartsDescriptor describe(ResidencyMap map) {
		List<@Nullable Long> resident = map.parts().stream().<@Nullable Long>map(Residency::resident).toList();
		String reason = map.parts()
			.stream()
			.filter((part) -> part.resident() == null)
			.findFirst()
			.or(() -> map.parts().stream().findFirst())
			.map(Residency::reason)
			.orElse("the mapping is empty");
		return new PartsDescriptor(map.partLength(), resident, reason);
	}

	private static FileDescriptor file(MappingInfo mapping) {
		FileState state = mapping.fileState();
		return new FileDescriptor(ConstantName.of(state), (state == FileState.TRUNCATED) ? mapping.lostBytes() : 0);
	}

	private ReloadDescriptor reload(MappingInfo mapping) {
		MappingStatistics statistics = (mapping.declared()) ? this.statistics.get(mapping.group()) : null;
		return new ReloadDescriptor(mapping.isReloadedOnUpdate(), (statistics != null) ? statistics.lastReload() : null,
				mapping.declared() && isWarned(mapping.group(), Kind.RELOAD_FAILING));
	}

	private FlushDescriptor flush(MappingInfo mapping) {
		Duration interval = mapping.flushInterval();
		return new FlushDescriptor((interval != null) ? seconds(interval) : null, mapping.isFlushedOnUnmap(),
				mapping.lastFlush(), isWarned(mapping.name(), Kind.FLUSH_LATE),
				isWarned(mapping.name(), Kind.FLUSH_FAILING));
	}

	private GuardDescriptor guard(MappingInfo mapping) {
		String state = (mapping.isDetached()) ? "detached" : (mapping.isGuarded()) ? "guarded"
				: (mapping.truncationPolicy() == TruncationPolicy.GUARD) ? "not-guarded" : "none";
		return new GuardDescriptor(ConstantName.of(mapping.truncationPolicy()), state);
	}

	private boolean isWarned(String name, Kind kind) {
		return this.warnings.getOrDefault(name, Set.of()).contains(kind);
	}

	@Nullable Object sanitize(String key, @Nullable Object value) {
		return (value != null)
				? this.sanitizer.sanitize(new SanitizableData(null, key, value.toString()), this.showUnsanitized)
				: null;
	}

	static double seconds(Duration duration) {
		return duration.toNanos() / 1e9;
	}

}
