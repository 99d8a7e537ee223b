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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a registry was told when it was built. Not safe for use by several threads while
 * it is filled in.
 */
final class Settings {

	LeakDetectionLevel leakDetectionLevel = LeakDetectionLevel.SIMPLE;

	LeakPolicy leakPolicy = LeakPolicy.LOG;

	Duration drainTimeout = Duration.ofSeconds(5);

	@Nullable Duration holdThreshold;

	Duration reloadCheckInterval = Duration.ofSeconds(1);

	Duration reloadQuietPeriod = Duration.ofSeconds(1);

	Duration truncationCheckInterval = Duration.ofSeconds(10);

	long guardMaxSize = 256L << 20;

	@Nullable Long preloadRateLimit;

	Duration maxSampleAge = Duration.ofSeconds(10);

	final List<MappingListener> listeners = new ArrayList<>();

	final List<MappingValidator> validators = new ArrayList<>();

	Settings() {
	}

	/**
	 * Create a copy, so that nothing changes any more.
	 */
	Settings(Settings other) {
		this.leakDetectionLevel = other.leakDetectionLevel;
		this.leakPolicy = other.leakPolicy;
		this.drainTimeout = other.drainTimeout;
		this.holdThreshold = other.holdThreshold;
		this.reloadCheckInterval = other.reloadCheckInterval;
		this.reloadQuietPeriod = other.reloadQuietPeriod;
		this.truncationCheckInterval = other.truncationCheckInterval;
		this.guardMaxSize = other.guardMaxSize;
		this.preloadRateLimit = other.preloadRateLimit;
		this.maxSampleAge = other.maxSampleAge;
		this.listeners.addAll(other.listeners);
		this.validators.addAll(other.validators);
	}

	boolean isLeakDetectionEnabled() {
		return this.leakDetectionLevel != LeakDetectionLevel.DISABLED;
	}

}
