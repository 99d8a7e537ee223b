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

/**
 * A leak that was found.
 *
 * @param mapping the mapping
 * @param cause how it leaked
 * @param detectedAt when the leak was found
 * @param reclaimed whether the memory could be given back to the system; if not, it stays
 * mapped until the process ends or, for a mapping of which only a slice is in use when
 * the registry is closed, until that is dropped, and for one that is confined to a
 * thread, until that unmaps it
 */
public record MappingLeak(MappingInfo mapping, LeakCause cause, Instant detectedAt, boolean reclaimed) {

}
