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
import io.mmap.MappingAccess;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties for memory mappings.
 */
@ConfigurationProperties(prefix = "mmap", ignoreUnknownFields = false)
public class MmapProperties {

	/**
	 * Whether to enable memory mappings.
	 */
	private boolean enabled = true;

	/**
	 * How memory is mapped.
	 */
	private MapperType mapper = MapperType.AUTO;

	/**
	 * Declared mappings, by name.
	 */
	private final Map<String, Mapping> mappings = new LinkedHashMap<>();

	private final LeakDetection leakDetection = new LeakDetection();

	private final Shutdown shutdown = new Shutdown();

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

	public Map<String, Mapping> getMappings() {
		return this.mappings;
	}

	public LeakDetection getLeakDetection() {
		return this.leakDetection;
	}

	public Shutdown getShutdown() {
		return this.shutdown;
	}

	/**
	 * A declared mapping.
	 */
	@ConfigurationPropertiesSource
	public static class Mapping {

		/**
		 * Resource location of what is mapped: a path, relative to the working directory
		 * unless it is absolute, or a location that starts with 'file:' or 'classpath:'.
		 * May be prefixed with 'optional:' if it may be missing. Wildcards make a set of
		 * mappings.
		 */
		private @Nullable String location;

		/**
		 * What may be done with the memory, and who sees it.
		 */
		private MappingAccess access = MappingAccess.READ_ONLY;

		/**
		 * Where in the file the mapping starts.
		 */
		private DataSize offset = DataSize.ofBytes(0);

		/**
		 * How much is mapped. Everything from the offset to the end of the file by
		 * default.
		 */
		private @Nullable DataSize length;

		/**
		 * Whether to create a missing file, grow a file that is too short, and allocate
		 * the disk space of what is mapped. Needs access 'read-write' and a length.
		 */
		private boolean create;

		/**
		 * Whether to lock the file, so that a second process cannot map it in this way,
		 * too. True by default if the access is 'read-write'.
		 */
		private @Nullable Boolean exclusive;

		/**
		 * Whether to map on first use instead of when the application starts.
		 */
		private boolean lazy;

		public @Nullable String getLocation() {
			return this.location;
		}

		public void setLocation(@Nullable String location) {
			this.location = location;
		}

		public MappingAccess getAccess() {
			return this.access;
		}

		public void setAccess(MappingAccess access) {
			this.access = access;
		}

		public DataSize getOffset() {
			return this.offset;
		}

		public void setOffset(DataSize offset) {
			this.offset = offset;
		}

		public @Nullable DataSize getLength() {
			return this.length;
		}

		public void setLength(@Nullable DataSize length) {
			this.length = length;
		}

		public boolean isCreate() {
			return this.create;
		}

		public void setCreate(boolean create) {
			this.create = create;
		}

		public @Nullable Boolean getExclusive() {
			return this.exclusive;
		}

		public void setExclusive(@Nullable Boolean exclusive) {
			this.exclusive = exclusive;
		}

		public boolean isLazy() {
			return this.lazy;
		}

		public void setLazy(boolean lazy) {
			this.lazy = lazy;
		}

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
		 * mapped.
		 */
		private Duration drainTimeout = Duration.ofSeconds(5);

		public Duration getDrainTimeout() {
			return this.drainTimeout;
		}

		public void setDrainTimeout(Duration drainTimeout) {
			this.drainTimeout = drainTimeout;
		}

	}

}
