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
 * The health component {@code mmap}.
 * <p>
 * {@link io.mmap.health.MmapHealthIndicator} is down when the file of a declared mapping
 * was truncated, with the range that was lost, or when a declared mapping could not be
 * mapped again. What the registry {@linkplain io.mmap.MappingRegistry#warnings() warns
 * of} is listed, and leaves it up. How much is in memory is never judged: what is not in
 * the page cache is read when it is needed.
 */
@NullMarked
package io.mmap.health;

import org.jspecify.annotations.NullMarked;
