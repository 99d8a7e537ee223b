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
 * Memory mappings: the API, which needs nothing but the JDK and Commons Logging.
 * <p>
 * A {@link io.mmap.MappingRegistry} makes, finds, reloads and unmaps
 * {@linkplain io.mmap.MemoryMapping mappings}. What to map is said by a
 * {@link io.mmap.MappingSpec}, which starts with the source and offers the options that
 * make sense for it:
 * {@snippet file = "io/mmap/docs/JavadocExampleTests.java" region = "plain-java"}
 *
 * <h2>Where to start</h2>
 * <table class="striped">
 * <caption>What to do with which type</caption> <thead>
 * <tr>
 * <th scope="col">to</th>
 * <th scope="col">see</th>
 * </tr>
 * </thead> <tbody>
 * <tr>
 * <th scope="row">say what to map</th>
 * <td>{@link io.mmap.MappingSpec} and the builders of its sources, such as
 * {@link io.mmap.FileMappingBuilder}</td>
 * </tr>
 * <tr>
 * <th scope="row">read and write it</th>
 * <td>{@link io.mmap.MemoryMapping#segment()}, {@link io.mmap.MappingLease}</td>
 * </tr>
 * <tr>
 * <th scope="row">do something with its pages</th>
 * <td>{@link io.mmap.MappedRange}: flush, lock, advise, prefault, and what is in
 * memory</td>
 * </tr>
 * <tr>
 * <th scope="row">map several files that belong together</th>
 * <td>{@link io.mmap.MappingSet}, {@link io.mmap.MappingSetLease}</td>
 * </tr>
 * <tr>
 * <th scope="row">replace content that is in use</th>
 * <td>{@link io.mmap.MappingRegistry#reload}, {@link io.mmap.MappingValidator}</td>
 * </tr>
 * <tr>
 * <th scope="row">add to what is configured</th>
 * <td>{@link io.mmap.MappingRegistrar}, {@link io.mmap.MappingSpecCustomizer}</td>
 * </tr>
 * <tr>
 * <th scope="row">be told what happens</th>
 * <td>{@link io.mmap.MappingListener}</td>
 * </tr>
 * <tr>
 * <th scope="row">look at what is mapped</th>
 * <td>{@link io.mmap.MappingInfo}, {@link io.mmap.MappingStatistics},
 * {@link io.mmap.MappingWarning}, {@link io.mmap.OperationErrors}</td>
 * </tr>
 * <tr>
 * <th scope="row">know what can be done here</th>
 * <td>{@link io.mmap.Capabilities}, {@link io.mmap.PageSize}</td>
 * </tr>
 * </tbody>
 * </table>
 *
 * <h2>When something is wrong</h2> Arguments and options that make no sense are refused
 * before anything is done: {@link io.mmap.InvalidMappingException}. What the mapper or
 * the source cannot do is an {@link io.mmap.UnsupportedMappingOperationException}. What
 * the system refuses is a {@link io.mmap.MappingException}, with subclasses for what one
 * may want to react to. Each says what was tried, what is wrong, and what to do about it.
 * Segments of memory that was unmapped throw {@link java.lang.IllegalStateException}, as
 * any closed memory of the JDK does.
 *
 * <h2>Threads</h2> Unless said otherwise, all methods may be called from any thread, and
 * from several at the same time. Interfaces that are not called by this library, such as
 * {@link io.mmap.MemoryMapping}, are not meant to be implemented: methods will be added.
 */
@NullMarked
package io.mmap;

import org.jspecify.annotations.NullMarked;
