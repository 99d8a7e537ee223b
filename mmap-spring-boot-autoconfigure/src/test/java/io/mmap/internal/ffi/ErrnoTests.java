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

import java.lang.reflect.Field;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Names and descriptions of error numbers.
 */
class ErrnoTests {

	@ParameterizedTest
	@CsvSource(delimiter = ':', textBlock = """
			1: EPERM, operation not permitted
			12: ENOMEM, out of memory or of memory regions
			14: EFAULT, bad address
			16: EBUSY, in use
			26: ETXTBSY, file is being executed
			95: EOPNOTSUPP, operation not supported
			133: EHWPOISON, memory has a hardware error
			""")
	void aNumberIsDescribedWithItsName(int errno, String description) {
		assertThat(Errno.describe(errno)).isEqualTo("errno " + errno + " (" + description + ")");
	}

	@ParameterizedTest
	@CsvSource({ "1, EPERM", "12, ENOMEM", "133, EHWPOISON", "0, other", "41, other", "4000, other" })
	void aNumberHasAName(int errno, String name) {
		assertThat(Errno.name(errno)).isEqualTo(name);
	}

	@Test
	void everyNumberOfLinuxIsDescribedOnceAndInShort() {
		assertThat(
				IntStream.rangeClosed(1, 133).filter((errno) -> errno != 41 && errno != 58).mapToObj(Errno::describe))
			.allSatisfy((description) -> assertThat(description)
				.matches("errno \\d{1,3} \\(E[A-Z0-9]+, [A-Za-z][A-Za-z0-9 ./,-]{4,45}\\)"))
			.extracting((description) -> description.replaceAll("errno \\d+ \\((\\w+),.*", "$1"))
			.hasSize(131)
			.doesNotHaveDuplicates();
	}

	@Test
	void everyConstantHasTheNumberOfItsDescription() throws IllegalAccessException {
		for (Field field : Errno.class.getFields()) {
			int errno = field.getInt(null);
			assertThat(Errno.describe(errno)).startsWith("errno " + errno + " (" + field.getName() + ", ");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 41, 58, 134, 4095 })
	void aNumberWithoutANameIsSaidToHaveNone(int errno) {
		assertThat(Errno.describe(errno)).isEqualTo("errno " + errno + " (a number without a name here)");
	}

}
