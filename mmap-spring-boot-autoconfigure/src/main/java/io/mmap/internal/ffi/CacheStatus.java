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

package io.mmap.internal.ffi;

/**
 * How much of a file is in the page cache, in pages.
 *
 * @param cached pages that are there
 * @param dirty those of them that are not written yet
 * @param writeback those of them that are being written
 */
public record CacheStatus(long cached, long dirty, long writeback) {

}
