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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.internal.ffi.Linux;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.JavaProcess;
import io.mmap.testsupport.Requirement;
import io.mmap.testsupport.Trial;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process whose addresses come to an end.
 */
class AddressSpaceLimitTests {

	@TempDir
	static Path directory;

	private static JavaProcess process;

	@BeforeAll
	static void run() throws Exception {
		process = JavaProcess.run(directory, List.of("env", "MALLOC_ARENA_MAX=1"),
				System.getProperty("java.class.path"),
				List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx64m",
						"-XX:ErrorFile=" + directory.resolve("error.log")),
				Main.class, Files.write(directory.resolve("words"), new byte[20_000]).toString());
		assertThat(process.exitCode()).as(process.output()).isZero();
	}

	@Test
	@Fault("address-space-limit")
	void theLimitIsNamedAndWhatIsSmallerIsMapped() {
		assertThat(process.line("map")).contains("MappingException", "anonymous", "ENOMEM",
				"bytes of address space, of", "ulimit -v", "LimitAS=");
		assertThat(process.line("resize")).contains("MappingException", "ENOMEM", "ulimit -v");
		assertThat(process.line("length")).isEqualTo("4096");
		assertThat(process.line("map less")).isEqualTo("succeeded");
		assertThat(process.line("resize afterwards")).isEqualTo("succeeded");
	}

	@Test
	@Fault("low-address-space-exhausted")
	void lowAddressesComeToAnEndAndAreFreeAgainAfterwards() {
		Requirement.check(Linux.hasMap32Bit(), "low addresses on demand, which x86-64 has");
		assertThat(process.line("map low")).contains("MappingException", "ENOMEM", "'map-32bit'");
		assertThat(process.line("map high")).isEqualTo("succeeded");
		assertThat(process.line("map low afterwards")).isEqualTo("succeeded");
	}

	/**
	 * What the process runs.
	 */
	static final class Main {

		public static void main(String[] args) throws Exception {
			Path words = Path.of(args[0]);
			try (MappingRegistry registry = MappingRegistry.builder().build()) {
				if (Linux.hasMap32Bit()) {
					exhaustLowAddresses(registry);
				}
				MemoryMapping small = registry.map(MappingSpec.anonymous(4096).build());
				// What it takes to start a process is there from now on
				Trial.limit("--as=unlimited:");
				Trial.limit("--as=" + (Trial.bytes("VmSize") + (256 << 20)) + ":");
				Trial.tell("map", () -> registry.map(MappingSpec.anonymous(1 << 30).noReserve(true).build()));
				Trial.tell("resize", () -> small.resize(1 << 30));
				System.out.println("length: " + small.length());
				Trial.tell("map less", () -> registry.map(MappingSpec.file(words).build()).close());
				Trial.limit("--as=unlimited:");
				Trial.tell("resize afterwards", () -> small.resize(1 << 20));
			}
		}

		private static void exhaustLowAddresses(MappingRegistry registry) {
			List<MemoryMapping> low = new ArrayList<>();
			Trial.tell("map low", () -> {
				while (true) {
					low.add(registry.map(low(64 << 20)));
				}
			});
			Trial.tell("map high", () -> registry.map(MappingSpec.anonymous(64 << 20).build()).close());
			low.forEach(MemoryMapping::close);
			Trial.tell("map low afterwards", () -> registry.map(low(64 << 20)).close());
		}

		private static MappingSpec low(long length) {
			return MappingSpec.anonymous(length).map32Bit(true).noReserve(true).build();
		}

	}

}
