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

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * What the kernel says of the process.
 */
class ProcessFiguresTests {

	@TempDir
	Path root;

	@Test
	void faultsAreFoundBehindANameThatLooksLikeTheEndOfOne() {
		files().file("proc/self/stat", "77 (a) b (c) R 1 2 3 4 -1 4194304 501 11 17 13 5 6 7 8 20 0 1 0 40180 1\n");
		assertThat(read().minorFaults()).isEqualTo(501);
		assertThat(read().majorFaults()).isEqualTo(17);
	}

	@Test
	void bytesReadAreThoseFromDevices() {
		files().file("proc/self/io", "rchar: 9000\nwchar: 1\nread_bytes: 4096\nwrite_bytes: 0\n");
		assertThat(read().bytesRead()).isEqualTo(4096);
	}

	@Test
	void regionsAndLockedMemoryAreThereWithTheirLimits() {
		files().regions(7, 65530).limit("Max locked memory", 8_388_608L).status("VmLck:\t      12 kB");
		ProcessMemory process = read();
		assertThat(process.regions()).isEqualTo(7);
		assertThat(process.maxRegions()).isEqualTo(65530);
		assertThat(process.locked()).isEqualTo(12 * 1024);
		assertThat(process.maxLocked()).isEqualTo(8_388_608);
	}

	@Test
	void pressureIsThatOfTheControlGroup() {
		files().file("proc/self/cgroup", "0::/app.slice\n")
			.file("sys/fs/cgroup/app.slice/memory.pressure", pressure(1_500_000))
			.file("sys/fs/cgroup/memory.pressure", pressure(2))
			.file("proc/pressure/memory", pressure(3));
		assertThat(read().pressure()).containsExactly(
				new Pressure("memory", "some", "control-group", Duration.ofMillis(1500), 0.25),
				new Pressure("memory", "full", "control-group", Duration.ofNanos(7000), 0.0));
	}

	@Test
	void inAContainerTheGroupIsTheRoot() {
		files().file("proc/self/cgroup", "0::/docker/abc\n").file("sys/fs/cgroup/io.pressure", pressure(2));
		assertThat(read().pressure()).extracting(Pressure::resource, Pressure::scope)
			.containsOnly(tuple("io", "control-group"));
	}

	@Test
	void withoutAControlGroupPressureIsThatOfTheSystem() {
		files().file("proc/pressure/memory", pressure(3));
		assertThat(read().pressure()).extracting(Pressure::scope).containsOnly("system");
	}

	@Test
	void anotherFormatIsUnknown() {
		files().file("proc/pressure/memory", "some avg10=much total=3\n")
			.file("proc/self/stat", "77 (java) R 1\n")
			.file("proc/self/io", "read_bytes: many\n");
		ProcessMemory process = read();
		assertThat(process.pressure()).isEmpty();
		assertThat(process.majorFaults()).isNull();
		assertThat(process.bytesRead()).isNull();
	}

	@Test
	void whatIsNotThereIsUnknown() {
		ProcessMemory process = read();
		assertThat(process.sampledAt()).isBeforeOrEqualTo(Instant.now());
		assertThat(process).hasAllNullFieldsOrPropertiesExcept("sampledAt", "pressure");
		assertThat(process.pressure()).isEmpty();
	}

	@Test
	void theKernelTellsAllOfItHere() throws IOException {
		ProcessMemory process = new ProcessFigures(new SystemFiles(Path.of("/")), new ProcessLimits()).read();
		assertThat(process.regions()).isGreaterThan(50);
		assertThat(process.maxRegions()).isEqualTo(Long.parseLong(firstLine("/proc/sys/vm/max_map_count")));
		assertThat(process.minorFaults()).isGreaterThan(1000);
		assertThat(process.majorFaults()).isNotNegative();
		assertThat(process.bytesRead()).isNotNegative();
		assertThat(process.locked()).isNotNegative();
		assertThat(process.maxLocked()).isPositive();
	}

	private static String firstLine(String file) throws IOException {
		// Such files give nothing to a second read
		try (InputStream content = Files.newInputStream(Path.of(file))) {
			return new String(content.readNBytes(100), StandardCharsets.US_ASCII).strip();
		}
	}

	private static String pressure(long some) {
		return "some avg10=0.25 avg60=0.00 avg300=0.00 total=" + some
				+ "\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n";
	}

	private FakeLimits files() {
		return new FakeLimits(this.root);
	}

	private ProcessMemory read() {
		return new ProcessFigures(new SystemFiles(this.root), new ProcessLimits(this.root)).read();
	}

}
