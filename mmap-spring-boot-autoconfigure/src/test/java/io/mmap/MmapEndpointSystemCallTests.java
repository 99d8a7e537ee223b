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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.actuate.endpoint.MappingDescriptor;
import io.mmap.actuate.endpoint.MappingDescriptor.FlushDescriptor;
import io.mmap.actuate.endpoint.MmapActionDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor;
import io.mmap.actuate.endpoint.MmapEndpoint;
import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.actuate.endpoint.Show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Which system calls the endpoint makes, and what it shows when some fail.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapEndpointSystemCallTests {

	private static final int PAGE = (int) new LinuxSystemCalls().pageSize();

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[PAGE]);
		this.registry = builder().build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
	}

	@Test
	void onlyFilesOfMappingsThatAreListedAreLookedAt() throws SystemCallException {
		List<MemoryMapping> mappings = mapDescriptor(100);
		await().untilAsserted(() -> assertThat(show(0).totals().resident()).isNotNull());
		int before = looks();
		show(0);
		assertThat(looks()).as("none is listed").isEqualTo(before);
		show(10);
		assertThat(looks() - before).as("ten are listed").isEqualTo(10);
		mappings.forEach(MemoryMapping::close);
	}

	@Test
	void aFlushThatIsLateIsShownWhileItLasts() {
		CountDownLatch disk = new CountDownLatch(1);
		this.calls.flushesWaitFor(disk);
		declare(MappingSpec.file(this.file)
			.access(MappingAccess.READ_WRITE)
			.flushInterval(Duration.ofMillis(10))
			.build());
		try {
			await()
				.untilAsserted(() -> assertThat(flush()).isEqualTo(new FlushDescriptor(0.01, true, null, true, false)));
		}
		finally {
			disk.countDown();
		}
		await().untilAsserted(() -> assertThat(flush().late()).isFalse());
	}

	@Test
	void aFlushThatFailsIsShownUntilOneSucceeds() {
		declare(MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build());
		this.calls.failOnce("msync", Errno.EIO);
		MmapActionDescriptor failed = endpoint().act("counters", "flush", null);
		assertThat(failed.outcome()).isEqualTo("failed");
		assertThat(failed.errno()).isEqualTo(Errno.EIO);
		assertThat(flush()).isEqualTo(new FlushDescriptor(null, false, null, false, true));
		assertThat(endpoint().mapping("counters", null, null).statistics().flushErrors()).isEqualTo(1);
		assertThat(show(null).errors()).containsExactly(new OperationErrors("flush", "EIO", 1));
		assertThat(endpoint().act("counters", "flush", null).outcome()).isEqualTo("done");
		assertThat(flush().failing()).isFalse();
	}

	@Test
	void whyResidencyIsUnknownIsSaidWithoutAPath() {
		this.calls.failOnce("cachestat", Errno.ENOSYS);
		declare(MappingSpec.file(this.file).build());
		for (int call = 0; call < 10; call++) {
			this.calls.failOnce("mincore", Errno.ENOMEM);
		}
		MappingDescriptor shown = endpoint().mapping("counters", null, null).mappings().getFirst();
		assertThat(shown.residency().resident()).isNull();
		assertThat(shown.residency().reason()).contains("ENOMEM").doesNotContain(this.directory.toString());
		assertThat(shown.parts().reason()).startsWith("mincore failed with errno 12 (ENOMEM");
	}

	private DefaultMappingRegistryBuilder builder() {
		return new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"));
	}

	private void declare(MappingSpec spec) {
		this.registry.close();
		this.registry = builder().declare("counters", spec).build();
	}

	/**
	 * Map a file that can be looked at by its descriptor only, by a call that is seen.
	 */
	private List<MemoryMapping> mapDescriptor(int count) throws SystemCallException {
		int descriptor = this.calls.proxy().open(this.file, Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
		try {
			List<MemoryMapping> mappings = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				mappings.add(this.registry.map(MappingSpec.descriptor(descriptor).build()));
			}
			return mappings;
		}
		finally {
			this.calls.proxy().close(descriptor);
		}
	}

	private int looks() {
		return Collections.frequency(this.calls.made(), "fstat");
	}

	private FlushDescriptor flush() {
		return show(null).mappings().getFirst().flush();
	}

	private MmapDescriptor show(Integer limit) {
		return endpoint().mmap(limit, null, null, null, null, null);
	}

	private MmapEndpoint endpoint() {
		return new MmapEndpoint(this.registry, List.of(), Show.NEVER);
	}

}
