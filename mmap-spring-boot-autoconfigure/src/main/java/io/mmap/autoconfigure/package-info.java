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
 * Auto-configuration of the registry and its endpoint, and the properties.
 * <p>
 * {@link io.mmap.autoconfigure.MmapAutoConfiguration} makes one
 * {@link io.mmap.MappingRegistry} bean from {@link io.mmap.autoconfigure.MmapProperties},
 * and a bean {@code mmap.<name>} for each declared mapping, to be injected as
 * {@link io.mmap.MemoryMapping} with the qualifier {@code <name>}; a location with
 * wildcards is a {@link io.mmap.MappingSet}. The registry is closed after all beans that
 * depend on it. It asks these beans of the application, in their order, before it is
 * made: {@link io.mmap.MappingRegistrar}, {@link io.mmap.MappingSpecCustomizer},
 * {@link io.mmap.MappingListener} and {@link io.mmap.MappingValidator}.
 * <p>
 * It steps back if the application has a {@link io.mmap.MappingRegistry} of its own, and
 * with {@code mmap.enabled=false}. What is declared and cannot work keeps the application
 * from starting: a failure analysis says which property it is, where it was written, and
 * what to write instead.
 * <p>
 * Endpoint, info, meters and health have auto-configurations of their own, which apply
 * where their libraries are.
 */
@NullMarked
package io.mmap.autoconfigure;

import org.jspecify.annotations.NullMarked;
