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
 * The endpoint {@code /actuator/mmap}, which shows mappings, and acts on them with
 * {@code management.endpoint.mmap.access=unrestricted}.
 * <p>
 * {@link io.mmap.actuate.endpoint.MmapEndpoint} is the endpoint itself, also for JMX;
 * {@link io.mmap.actuate.endpoint.MmapEndpointWebExtension} adds over HTTP who may see
 * paths and addresses, who may change things, and the status codes. What they answer are
 * records, whose components are the fields of the response:
 * {@link io.mmap.actuate.endpoint.MmapDescriptor} for everything,
 * {@link io.mmap.actuate.endpoint.MappingDetailsDescriptor} for one mapping or set, and
 * {@link io.mmap.actuate.endpoint.MmapActionDescriptor} for what was done.
 * <p>
 * To look touches no mapped memory, so it brings nothing into memory, and what it costs
 * is bounded. Endpoints are safe for use by any thread. Over HTTP only {@code health} is
 * exposed by default: add {@code mmap} to
 * {@code management.endpoints.web.exposure.include}.
 */
@NullMarked
package io.mmap.actuate.endpoint;

import org.jspecify.annotations.NullMarked;
