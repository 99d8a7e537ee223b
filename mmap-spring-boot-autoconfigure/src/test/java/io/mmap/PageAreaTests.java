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

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PageArea}.
 */
class PageAreaTests {

	private static final long ADDRESS = 3L << 40;

	@Test
	void knowsWhereTheFirstPageStarts() {
		PageArea area = new PageArea(ADDRESS, 100, 5000, 5100, 8192, 4096, 0);
		assertThat(area.address()).isEqualTo(ADDRESS);
		assertThat(area.lead()).isEqualTo(100);
		assertThat(area.first()).isEqualTo(ADDRESS + 100);
		assertThat(area.pageOf(4000)).isEqualTo(ADDRESS + 4096);
		assertThat(area.pageSize()).isEqualTo(4096);
	}

	@Test
	void knowsWhereTheFirstHugePageStarts() {
		long huge = 2 << 20;
		PageArea area = new PageArea(ADDRESS, huge - 4096, 8192, 2 * huge, 2 * huge, 4096, huge);
		assertThat(area.address()).isEqualTo(ADDRESS);
		assertThat(area.lead()).isEqualTo(huge - 4096);
		assertThat(area.pageOf(4096)).isEqualTo(ADDRESS + huge);
		assertThat(area.hugePageSize()).isEqualTo(huge);
	}

	@Test
	void keepsWhereInItsPageItStartsWhenItHasMoved() {
		PageArea area = new PageArea(ADDRESS, 100, 5000, 5100, 8192, 4096, 0);
		area.movedTo(ADDRESS << 1);
		assertThat(area.address()).isEqualTo(ADDRESS << 1);
		assertThat(area.first()).isEqualTo((ADDRESS << 1) + 100);
	}

	@Test
	void isNowhereWithoutAnyBytes() {
		PageArea area = new PageArea(0, 0, 0, 0, 0, 4096, 0);
		assertThat(area.address()).isZero();
		assertThat(area.lead()).isZero();
	}

}
