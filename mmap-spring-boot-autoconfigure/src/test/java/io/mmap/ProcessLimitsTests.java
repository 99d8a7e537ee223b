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
import java.util.List;
import java.util.OptionalLong;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.testsupport.ProcessMaps;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the kernel says of limits, for real and in files made up.
 */
class ProcessLimitsTests {

	@TempDir
	Path root;

	private FakeLimits fake;

	@BeforeEach
	void makeUpFiles() {
		this.fake = new FakeLimits(this.root);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void theLimitsOfThisProcessMakeSense() {
		ProcessLimits limits = new ProcessLimits();
		assertThat(limits.regions().getAsLong()).isBetween(50L, limits.maxRegions().getAsLong());
		assertThat(limits.lockedLimit()).isPresent();
		assertThat(limits.locked().getAsLong()).isNotNegative();
		assertThat(limits.addressSpace().getAsLong()).isBetween(10_000_000L, limits.addressSpaceLimit().getAsLong());
		assertThat(limits.data().getAsLong()).isBetween(1_000_000L, limits.dataLimit().getAsLong());
		assertThat(limits.fileSizeLimit()).isPresent();
		assertThat(limits.descriptors().getAsLong()).isBetween(3L, limits.descriptorLimit().getAsLong());
		assertThat(limits.systemFiles().getAsLong()).isBetween(1L, limits.maxSystemFiles().getAsLong());
		assertThat(limits.overcommitMode().getAsLong()).isBetween(0L, 2L);
		assertThat(limits.commitLimit().getAsLong()).isPositive();
		assertThat(limits.committed().getAsLong()).isPositive();
		assertThat(limits.memoryAndSwap().getAsLong()).isGreaterThan(Runtime.getRuntime().maxMemory());
		assertThat(limits.leaseBreakSeconds().getAsLong()).isBetween(0L, 3600L);
		assertThat(limits.availableMemory().getAsLong()).isBetween(1_000_000L, limits.memoryAndSwap().getAsLong());
		assertThat(limits.kernel()).matches("\\d+\\.\\d+.*");
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void aNumberOfTheKernelIsReadToItsEnd() throws IOException {
		try (InputStream file = Files.newInputStream(Path.of("/proc/sys/vm/max_map_count"))) {
			byte[] buffer = new byte[100];
			int length = file.read(buffer);
			assertThat(new ProcessLimits().maxRegions())
				.hasValue(Long.parseLong(new String(buffer, 0, length, StandardCharsets.US_ASCII).strip()));
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void theDescriptorsOfThisProcessAreThoseThatAreListed() {
		assertThat(new ProcessLimits().descriptors()).hasValue(ProcessMaps.descriptors().size());
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void theFileSystemOfProcessesIsMountedWhereItIs() {
		assertThat(new ProcessLimits().mount(Path.of("/proc/self/maps"))).satisfies((mount) -> {
			assertThat(mount.point()).isEqualTo("/proc");
			assertThat(mount.type()).isEqualTo("proc");
		});
	}

	@Test
	void whatCannotBeReadIsUnknown() {
		ProcessLimits limits = this.fake.limits();
		assertThat(List.of(limits.regions(), limits.maxRegions(), limits.lockedLimit(), limits.locked(),
				limits.addressSpaceLimit(), limits.addressSpace(), limits.dataLimit(), limits.data(),
				limits.fileSizeLimit(), limits.descriptorLimit(), limits.descriptors(), limits.systemFiles(),
				limits.maxSystemFiles(), limits.overcommitMode(), limits.commitLimit(), limits.committed(),
				limits.memoryAndSwap(), limits.freeHugePages(4096), limits.promisedHugePages(4096),
				limits.totalHugePages(4096), limits.defaultHugePageSize(), limits.leaseBreakSeconds(),
				limits.availableMemory(), limits.availableInControlGroup()))
			.containsOnly(OptionalLong.empty());
		assertThat(limits.seccompFilter()).isFalse();
		assertThat(limits.kernel()).isNull();
		assertThat(limits.hugePageSizes()).isEmpty();
		assertThat(limits.mount(Path.of("/data"))).isNull();
	}

	@Test
	void whatMakesNoSenseIsUnknown() {
		ProcessLimits limits = this.fake.file("proc/sys/vm/max_map_count", "many\n")
			.file("proc/self/limits", "Max locked memory\n")
			.file("proc/sys/fs/file-nr", "1\n")
			.status("VmLck:\tx kB", "VmSize:\t99999999999999999 kB", "Seccomp:")
			.mounts("", "1 2", "a - b")
			.limits();
		assertThat(List.of(limits.maxRegions(), limits.lockedLimit(), limits.maxSystemFiles(), limits.locked(),
				limits.addressSpace()))
			.containsOnly(OptionalLong.empty());
		assertThat(limits.seccompFilter()).isFalse();
		assertThat(limits.mount(Path.of("/data"))).isNull();
	}

	@Test
	void regionsAreCountedBeyondTheBuffer() {
		assertThat(this.fake.regions(5000, 65530).limits().regions()).hasValue(5000);
		assertThat(this.fake.limits().maxRegions()).hasValue(65530);
	}

	@Test
	void softLimitsAreReadAndMayBeUnlimited() {
		this.fake.file("proc/self/limits", """
				Limit                     Soft Limit           Hard Limit           Units
				Max file size             unlimited            unlimited            bytes
				Max data size             1                    unlimited            bytes
				Max open files            1024                 524288               files
				Max locked memory         8388608              unlimited            bytes
				Max address space         18446744073709547520 unlimited            bytes
				""");
		ProcessLimits limits = this.fake.limits();
		assertThat(limits.fileSizeLimit()).hasValue(ProcessLimits.UNLIMITED);
		assertThat(limits.dataLimit()).hasValue(1);
		assertThat(limits.descriptorLimit()).hasValue(1024);
		assertThat(limits.lockedLimit()).hasValue(8388608);
		assertThat(limits.addressSpaceLimit()).hasValue(ProcessLimits.UNLIMITED);
	}

	@Test
	void whatIsInUseIsReadInBytes() {
		ProcessLimits limits = this.fake.status("VmSize:\t    2048 kB", "VmLck:\t     100 kB", "VmData:\t  16 kB")
			.meminfo("MemTotal:       1000 kB", "SwapTotal:        24 kB", "CommitLimit:    12 kB",
					"Committed_AS:    13 kB", "Hugepagesize:    2048 kB")
			.file("proc/sys/vm/overcommit_memory", "2\n")
			.file("proc/sys/fs/file-nr", "1344\t0\t9223372036854775807\n")
			.limits();
		assertThat(limits.addressSpace()).hasValue(2048 * 1024);
		assertThat(limits.locked()).hasValue(100 * 1024);
		assertThat(limits.data()).hasValue(16 * 1024);
		assertThat(limits.memoryAndSwap()).hasValue(1024 * 1024);
		assertThat(limits.commitLimit()).hasValue(12 * 1024);
		assertThat(limits.committed()).hasValue(13 * 1024);
		assertThat(limits.defaultHugePageSize()).hasValue(2048 * 1024);
		assertThat(limits.overcommitMode()).hasValue(2);
		assertThat(limits.systemFiles()).hasValue(1344);
		assertThat(limits.maxSystemFiles()).hasValue(Long.MAX_VALUE);
	}

	@Test
	void theDescriptorThatItTakesToCountIsNotCounted() {
		this.fake.file("proc/self/fd/0", "").file("proc/self/fd/1", "").file("proc/self/fd/2", "");
		assertThat(this.fake.limits().descriptors()).hasValue(2);
	}

	@Test
	void onlyAFilterIsAFilter() {
		assertThat(this.fake.status("Seccomp:\t2", "Seccomp_filters:\t1").limits().seccompFilter()).isTrue();
		assertThat(this.fake.status("Seccomp:\t0", "Seccomp_filters:\t2").limits().seccompFilter()).isFalse();
	}

	@Test
	void hugePagesAreThoseOfTheSize() {
		ProcessLimits limits = this.fake.hugePages(2048, 10, 4, 1).hugePages(1048576, 2, 0, 0).limits();
		assertThat(limits.totalHugePages(2048 * 1024)).hasValue(10);
		assertThat(limits.freeHugePages(2048 * 1024)).hasValue(4);
		assertThat(limits.promisedHugePages(2048 * 1024)).hasValue(1);
		assertThat(limits.totalHugePages(1L << 30)).hasValue(2);
		assertThat(limits.totalHugePages(64 * 1024)).isEmpty();
		assertThat(limits.hugePageSizes()).containsExactly(2048L * 1024, 1L << 30);
	}

	@Test
	void theLongestMountPointAboveAFileCounts() {
		this.fake.mounts("27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard",
				"30 27 0:25 / /nowhere/data rw,noexec shared:5 master:2 - xfs /dev/vdb rw",
				"31 30 0:26 / /nowhere/data/old ro,relatime - tmpfs tmpfs rw",
				"32 27 0:27 / /nowhere/database rw - ext4 /dev/vdc ro,errors=remount-ro");
		ProcessLimits limits = this.fake.limits();
		assertThat(limits.mount(Path.of("/nowhere/else"))).isEqualTo(new Mount("/", "ext4", false, false));
		assertThat(limits.mount(Path.of("/nowhere/data/file")))
			.isEqualTo(new Mount("/nowhere/data", "xfs", false, true));
		assertThat(limits.mount(Path.of("/nowhere/data/../data/old")))
			.isEqualTo(new Mount("/nowhere/data/old", "tmpfs", true, false));
		assertThat(limits.mount(Path.of("/nowhere/database/file")))
			.isEqualTo(new Mount("/nowhere/database", "ext4", true, false));
	}

	@Test
	void ofTwoMountsInOnePlaceTheLaterCounts() {
		this.fake.mounts("1 0 0:1 / /nowhere rw,noexec - tmpfs tmpfs rw", "2 1 0:2 / /nowhere rw - ext4 /dev/vda rw");
		assertThat(this.fake.limits().mount(Path.of("/nowhere/file")))
			.isEqualTo(new Mount("/nowhere", "ext4", false, false));
	}

	@Test
	void aMountPointMayHaveBlanksAndBackslashes() {
		this.fake.mounts("1 0 0:1 / /my\\040own\\134files\\9 rw,noexec - tmpfs tmpfs rw");
		assertThat(this.fake.limits().mount(Path.of("/my own\\files\\9/file")))
			.isEqualTo(new Mount("/my own\\files\\9", "tmpfs", false, true));
	}

	@Test
	void aFileBehindALinkIsMountedWhereTheLinkLeads() throws IOException {
		Path real = Files.createDirectory(this.root.toRealPath().resolve("real"));
		Path link = Files.createSymbolicLink(this.root.resolve("link"), real);
		this.fake.mounts("1 0 0:1 / / rw - ext4 /dev/vda rw", "2 1 0:2 / " + real + " rw,noexec - ext4 /dev/vdb rw");
		assertThat(this.fake.limits().mount(link.resolve("file")))
			.isEqualTo(new Mount(real.toString(), "ext4", false, true));
	}

	@Test
	void theControlGroupWithTheLeastMemoryCounts() {
		this.fake.file("proc/self/cgroup", "0::/some/group\n");
		memory("some/group", "1000", 400, 0);
		memory("some", "500", 400, 50);
		assertThat(this.fake.limits().availableInControlGroup()).hasValue(150);
		memory("some", "max", 400, 50);
		assertThat(this.fake.limits().availableInControlGroup()).hasValue(600);
		memory("some/group", "max", 400, 0);
		assertThat(this.fake.limits().availableInControlGroup()).isEmpty();
	}

	@Test
	void aContainerThatSeesTheNameOfItsControlGroupOnlyHasTheLimitAtItsRoot() {
		this.fake.file("proc/self/cgroup", "0::/docker/name\n");
		memory(".", "1000", 400, 0);
		assertThat(this.fake.limits().availableInControlGroup()).hasValue(600);
	}

	private void memory(String group, String max, long current, long files) {
		String directory = "sys/fs/cgroup/" + group + "/";
		this.fake.file(directory + "memory.max", max + "\n")
			.file(directory + "memory.current", current + "\n")
			.file(directory + "memory.stat", "anon 1\nfile 7\ninactive_file " + files + "\nactive_file 0\n");
	}

}
