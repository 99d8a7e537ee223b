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

package io.mmap.actuate.endpoint;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What became of an action.
 *
 * @param name the declared name, or the id
 * @param action what was to be done
 * @param outcome {@code done}, {@code started} for what goes on in the background,
 * {@code refused} if it cannot be done with this mapping or not now, or {@code failed}
 * @param errno the number of the error of a system call, if one has failed
 * @param message why not, for those who may see paths; for everybody if a role is missing
 */
public record MmapActionDescriptor(String name, String action, String outcome, @Nullable Integer errno,
		@Nullable Object message) implements OperationResponseBody {

}
