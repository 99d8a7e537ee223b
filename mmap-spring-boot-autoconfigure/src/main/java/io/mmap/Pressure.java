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
import java.util.Objects;

/**
 * For how long tasks could not go on, since they waited for something that was short.
 *
 * @param resource what they waited for: {@code memory} or {@code io}
 * @param kind {@code some} if at least one task waited, {@code full} if all did at once
 * @param scope whose tasks: {@code control-group} for those of the control group of this
 * process, {@code system} for all
 * @param stalled how long that was, all in all
 * @param average10 how much of the last ten seconds it was, in percent
 * @see <a href="https://docs.kernel.org/accounting/psi.html">Pressure Stall
 * Information</a>
 */
public record Pressure(String resource, String kind, String scope, Duration stalled, double average10) {

	/**
	 * Create a figure.
	 */
	public Pressure {
		Objects.requireNonNull(resource, "resource");
		Objects.requireNonNull(kind, "kind");
		Objects.requireNonNull(scope, "scope");
		Objects.requireNonNull(stalled, "stalled");
	}

}
