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

package io.mmap.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.mmap.Capabilities;
import io.mmap.MappingRegistry;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.HugePagePool;
import io.mmap.testsupport.MemoryRegion;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.Requirement;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The huge pages of {@code docs/guides/huge-pages.md}.
 */
@ExtendWith(NothingLeftBehind.class)
class HugePagesGuideTests {

	private static final Path SETTINGS = Path.of("/sys/kernel/mm/transparent_hugepage");

	private static final int HUGE = 2 << 20;

	@TempDir
	Path directory;

	private Path model;

	@BeforeEach
	void writeFile() throws IOException {
		this.model = Files.write(this.directory.resolve("model.bin"), new byte[3 * HUGE]);
	}

	@Test
	void aCopyHasHugePages() {
		assumeTransparentHugePages();
		transparent().run((context) -> {
			MemoryMapping model = context.getBean(MappingRegistry.class).get("model");
			model.prefault();
			assertThat(HugePagesOf.bytes(model)).isGreaterThanOrEqualTo(2L * HUGE);
		});
	}

	@Test
	void anonymousMemoryHasHugePagesFromTheStartWhereTheseAreRequired() {
		assumeTransparentHugePages();
		transparent().run((context) -> {
			MemoryMapping scratch = context.getBean(MappingRegistry.class).get("scratch");
			assertThat(HugePagesOf.bytes(scratch)).isGreaterThanOrEqualTo(scratch.length());
		});
	}

	@Test
	void theScriptFindsThemToo() {
		assumeTransparentHugePages();
		transparent().run((context) -> {
			MemoryMapping scratch = context.getBean(MappingRegistry.class).get("scratch");
			String script = "PID=" + ProcessHandle.current().pid() + "\n"
					+ Files.readString(Path.of("src", "test", "resources", "io", "mmap", "docs", "huge-pages.sh"));
			try (OtherProcess shell = OtherProcess.start(List.of("sh", "-ec", script))) {
				List<String> lines = shell.rest().lines().toList();
				assertThat(lines.getFirst()).contains("[");
				assertThat(Long.parseLong(lines.getLast().replace(" kB", "")))
					.isGreaterThanOrEqualTo(scratch.length() / 1024);
			}
		});
	}

	@Test
	void whatIsTooShortIsRefusedIfTheyAreRequired() {
		assumeTransparentHugePages();
		transparent().withPropertyValues("mmap.mappings.scratch.length=1MB")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining(
						"huge-pages are required, but 1048576 bytes do not fill one of 2097152 bytes"));
	}

	@Test
	void thePoolIsWhereTheyComeFromIfThatIsAskedFor() {
		try (HugePagePool pool = new HugePagePool(2)) {
			assertThat(pool).isNotNull();
			pool().run((context) -> {
				MemoryMapping cells = context.getBean(MappingRegistry.class).get("cells");
				assertThat(MemoryRegion.at(cells.address()).kilobytes("KernelPageSize")).isEqualTo(HUGE / 1024);
			});
		}
	}

	@Test
	void anEmptyPoolIsSaidWithWhatToDo() {
		long more = (HugePagePool.size() + 1) * HUGE;
		pool().withPropertyValues("mmap.mappings.cells.length=" + more + "B")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("Reserve more with 'sysctl vm.nr_hugepages="));
	}

	@Test
	void ifTheyAreOnlyTriedThePoolMayBeEmptyAndOneLineSaysSo() {
		long more = (HugePagePool.size() + 1) * HUGE;
		try (CapturedLog log = new CapturedLog()) {
			pool().withPropertyValues("mmap.mappings.cells.length=" + more + "B", "mmap.mappings.cells.huge-tlb=try")
				.run((context) -> assertThat(context).hasNotFailed());
			assertThat(log.containing("without huge pages from the pool")).singleElement()
				.satisfies((event) -> assertThat(event.getLevel()).isEqualTo(Level.INFO));
		}
	}

	@Test
	void capabilitiesSayWhatThereIs() {
		transparent().withPropertyValues("mmap.mappings.scratch.huge-pages=try").run((context) -> {
			Capabilities capabilities = context.getBean(MappingRegistry.class).capabilities();
			assertThat(List.of("transparent-huge-pages", "collapse", "huge-page-pool"))
				.allSatisfy((name) -> assertThat(capabilities.get(name).reason()).isNotEmpty());
		});
	}

	private ApplicationContextRunner transparent() {
		return GuideYaml.contextRunner("huge-pages.yml")
			.withPropertyValues("mmap.mappings.model.location=" + this.model, "mmap.mappings.scratch.length=4MB");
	}

	private ApplicationContextRunner pool() {
		return GuideYaml.contextRunner("huge-pages-pool.yml").withPropertyValues("mmap.mappings.cells.length=4MB");
	}

	private static void assumeTransparentHugePages() {
		Requirement.check(Files.exists(SETTINGS) && !setting().contains("[never]"), "transparent huge pages");
	}

	private static String setting() {
		try {
			return Files.readString(SETTINGS.resolve("enabled"));
		}
		catch (IOException ex) {
			return "[never]";
		}
	}

}
