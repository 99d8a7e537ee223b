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

package io.mmap.internal;

import org.junit.jupiter.api.Test;

import io.mmap.LeakCause;
import io.mmap.MapperType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What constants are called.
 */
class ConstantNameTests {

	@Test
	void aConstantIsWrittenInLowerCaseWithHyphens() {
		assertThat(ConstantName.of(LeakCause.OPEN_AT_SHUTDOWN)).isEqualTo("open-at-shutdown");
		assertThat(ConstantName.of(MapperType.JDK)).isEqualTo("jdk");
	}

}
