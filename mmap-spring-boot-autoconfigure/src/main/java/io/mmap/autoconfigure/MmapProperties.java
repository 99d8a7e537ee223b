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

package io.mmap.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.mmap.LeakDetectionLevel;
import io.mmap.LeakPolicy;
import io.mmap.MapperType;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties for memory mappings.
 */
@ConfigurationProperties(prefix = "mmap", ignoreUnknownFields = false)
public class MmapProperties {

	/**
	 * Whether to enable memory mappings. If not, nothing is mapped, and there is no
	 * registry.
	 */
	private boolean enabled = true;

	/**
	 * How memory is mapped: the first log line says which mapper is in use, and why.
	 */
	private MapperType mapper = MapperType.AUTO;

	/**
	 * Declared mappings, by name. A name consists of lower-case letters, digits and
	 * hyphens; 'ad-hoc' and what starts with 'ad-hoc-' are taken.
	 */
	private final Map<String, MappingProperties> mappings = new LinkedHashMap<>();

	private final LeakDetection leakDetection = new LeakDetection();

	private final Shutdown shutdown = new Shutdown();

	private final Leases leases = new Leases();

	private final Reload reload = new Reload();

	private final Truncation truncation = new Truncation();

	private final Guard guard = new Guard();

	private final Preload preload = new Preload();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public MapperType getMapper() {
		return this.mapper;
	}

	public void setMapper(MapperType mapper) {
		this.mapper = mapper;
	}

	public Map<String, MappingProperties> getMappings() {
		return this.mappings;
	}

	public LeakDetection getLeakDetection() {
		return this.leakDetection;
	}

	public Shutdown getShutdown() {
		return this.shutdown;
	}

	public Leases getLeases() {
		return this.leases;
	}

	public Reload getReload() {
		return this.reload;
	}

	public Truncation getTruncation() {
		return this.truncation;
	}

	public Guard getGuard() {
		return this.guard;
	}

	public Preload getPreload() {
		return this.preload;
	}

	/**
	 * Detection of mappings that are dropped without having been unmapped.
	 */
	public static class LeakDetection {

		/**
		 * What is recorded to find the code behind a leaked mapping.
		 */
		private LeakDetectionLevel level = LeakDetectionLevel.SIMPLE;

		/**
		 * What happens when a leak is found, besides counting it.
		 */
		private LeakPolicy policy = LeakPolicy.LOG;

		public LeakDetectionLevel getLevel() {
			return this.level;
		}

		public void setLevel(LeakDetectionLevel level) {
			this.level = level;
		}

		public LeakPolicy getPolicy() {
			return this.policy;
		}

		public void setPolicy(LeakPolicy policy) {
			this.policy = policy;
		}

	}

	/**
	 * What happens when the application context is closed.
	 */
	public static class Shutdown {

		/**
		 * How long to wait, all in all, for memory that is in use before it is left
		 * mapped. As long is waited before memory is unmapped, resized or protected while
		 * the application runs.
		 */
		private Duration drainTimeout = Duration.ofSeconds(5);

		public Duration getDrainTimeout() {
			return this.drainTimeout;
		}

		public void setDrainTimeout(Duration drainTimeout) {
			this.drainTimeout = drainTimeout;
		}

	}

	/**
	 * Leases on memory.
	 */
	public static class Leases {

		/**
		 * How long a lease may be held before its owner is reported. None is by default.
		 */
		private @Nullable Duration holdThreshold;

		public @Nullable Duration getHoldThreshold() {
			return this.holdThreshold;
		}

		public void setHoldThreshold(@Nullable Duration holdThreshold) {
			this.holdThreshold = holdThreshold;
		}

	}

	/**
	 * Replacement of what is mapped when its file is replaced.
	 */
	public static class Reload {

		/**
		 * How often to look whether another file has taken the place of one that is
		 * mapped with 'reload-on-update'.
		 */
		private Duration checkInterval = Duration.ofSeconds(1);

		/**
		 * How long nothing may have changed before it is reloaded. Where changes never
		 * end it is reloaded after ten times as long.
		 */
		private Duration quietPeriod = Duration.ofSeconds(1);

		public Duration getCheckInterval() {
			return this.checkInterval;
		}

		public void setCheckInterval(Duration checkInterval) {
			this.checkInterval = checkInterval;
		}

		public Duration getQuietPeriod() {
			return this.quietPeriod;
		}

		public void setQuietPeriod(Duration quietPeriod) {
			this.quietPeriod = quietPeriod;
		}

	}

	/**
	 * Detection of files that are truncated or changed in place while they are mapped.
	 */
	public static class Truncation {

		/**
		 * How often to look at the files that are mapped, at most. Where the system tells
		 * of changes they are looked at after a change only.
		 */
		private Duration checkInterval = Duration.ofSeconds(10);

		public Duration getCheckInterval() {
			return this.checkInterval;
		}

		public void setCheckInterval(Duration checkInterval) {
			this.checkInterval = checkInterval;
		}

	}

	/**
	 * Saving of content from truncation.
	 */
	public static class Guard {

		/**
		 * How long a mapping may be to be guarded.
		 */
		private DataSize maxSize = DataSize.ofMegabytes(256);

		public DataSize getMaxSize() {
			return this.maxSize;
		}

		public void setMaxSize(DataSize maxSize) {
			this.maxSize = maxSize;
		}

	}

	/**
	 * Bringing content into memory.
	 */
	public static class Preload {

		/**
		 * Whether the application refuses traffic until everything with 'preload' is in
		 * memory.
		 */
		private boolean readiness;

		/**
		 * How much may be brought into memory in a second, all in all. As much as the
		 * system can by default.
		 */
		private @Nullable DataSize rateLimit;

		public boolean isReadiness() {
			return this.readiness;
		}

		public void setReadiness(boolean readiness) {
			this.readiness = readiness;
		}

		public @Nullable DataSize getRateLimit() {
			return this.rateLimit;
		}

		public void setRateLimit(@Nullable DataSize rateLimit) {
			this.rateLimit = rateLimit;
		}

	}

}
