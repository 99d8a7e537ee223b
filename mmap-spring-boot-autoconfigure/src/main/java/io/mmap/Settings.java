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
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a registry was told when it was built.
 *
 * @param leakDetectionLevel what is recorded of each mapping
 * @param leakPolicy what happens when a leak is found
 * @param drainTimeout how long to wait for memory that is in use
 * @param holdThreshold how long a lease may be held, or {@code null} for as long as it is
 * wanted
 * @param reloadCheckInterval how often to look whether files were replaced
 * @param reloadQuietPeriod how long nothing may have changed before they are reloaded
 * @param truncationCheckInterval how often to look, at most, whether files were truncated
 * @param guardMaxSize how many bytes of a mapping are guarded at most
 * @param preloadRateLimit how many bytes are preloaded in a second at most, or
 * {@code null} for any number
 * @param maxSampleAge how old samples may become
 * @param listeners told of mappings, in this order
 * @param validators asked for new content, in this order
 */
record Settings(LeakDetectionLevel leakDetectionLevel, LeakPolicy leakPolicy, Duration drainTimeout,
		@Nullable Duration holdThreshold, Duration reloadCheckInterval, Duration reloadQuietPeriod,
		Duration truncationCheckInterval, long guardMaxSize, @Nullable Long preloadRateLimit, Duration maxSampleAge,
		List<MappingListener> listeners, List<MappingValidator> validators) {

	Settings {
		listeners = List.copyOf(listeners);
		validators = List.copyOf(validators);
	}

	boolean isLeakDetectionEnabled() {
		return this.leakDetectionLevel != LeakDetectionLevel.DISABLED;
	}

}
