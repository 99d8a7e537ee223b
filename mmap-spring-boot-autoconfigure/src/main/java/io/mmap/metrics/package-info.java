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

/**
 * Meters for Micrometer, all of them below {@code mmap.}
 * <p>
 * {@link io.mmap.metrics.MmapMetrics} binds the figures of a
 * {@link io.mmap.MappingRegistry} to registries of meters. Spring Boot does that by
 * itself; a program without it calls
 * {@link io.mmap.metrics.MmapMetrics#bindTo(io.micrometer.core.instrument.MeterRegistry)}.
 * The tag {@code name} is a declared name, or {@code ad-hoc} for all ad hoc mappings
 * together, so that the number of time series depends on the configuration alone. To read
 * a meter touches no mapped memory.
 */
@NullMarked
package io.mmap.metrics;

import org.jspecify.annotations.NullMarked;
