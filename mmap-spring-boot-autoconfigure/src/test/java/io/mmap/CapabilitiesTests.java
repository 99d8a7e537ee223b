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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.SystemCalls;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.HugePagePool;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * What is said about what the system offers.
 */
@ExtendWith(NothingLeftBehind.class)
class CapabilitiesTests {

	private final FaultySystemCalls calls = new FaultySystemCalls();

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() {
		this.registry = new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
	}

	@Test
	void everyCapabilityIsListedWithAReason() {
		assertThat(this.registry.capabilities().all()).allSatisfy((each) -> assertThat(each.reason()).isNotBlank())
			.extracting(Capability::name)
			.doesNotHaveDuplicates()
			.contains("mmap", "mprotect", "mremap", "mlock", "mlock2", "prefault", "memfd", "seal", "cachestat",
					"mincore", "pagemap-scan", "change-tracking", "start-flush", "huge-page-pool",
					"transparent-huge-pages", "memory-names", "file-watch");
	}

	@Test
	void whatEachSystemHasIsAvailable() {
		Capabilities capabilities = this.registry.capabilities();
		for (String name : List.of("mmap", "mprotect", "mremap", "mincore", "memfd", "seal")) {
			assertThat(capabilities.isAvailable(name)).as(name).isTrue();
		}
	}

	@Test
	void eachSystemCallIsTriedOnce() {
		try (HugePagePool pool = new HugePagePool(1)) {
			assertThat(pool).isNotNull();
			this.registry.capabilities();
			List<String> made = this.calls.made();
			Capabilities again = this.registry.capabilities();
			assertThat(again.isAvailable("mmap")).isTrue();
			assertThat(this.calls.made().stream().filter((call) -> !call.equals("pageSize")))
				.hasSameSizeAs(made.stream().filter((call) -> !call.equals("pageSize")).toList());
		}
	}

	@Test
	void aSettingThatCanBeChangedIsLookedAtAgainWhileItForbids() {
		Probes probes = new Probes(this.calls.proxy());
		this.calls.failOnce("mmap", Errno.ENOMEM);
		assertThat(probes.reason("huge-page-pool")).contains("vm.nr_hugepages");
		try (HugePagePool pool = new HugePagePool(1)) {
			assertThat(pool).isNotNull();
			assertThat(probes.isAvailable("huge-page-pool")).isTrue();
		}
	}

	@Test
	void whatWasFoundOutHoldsForTheProcess() {
		try (MappingRegistry first = MappingRegistry.builder().mapper(MapperType.NATIVE).build();
				MappingRegistry second = MappingRegistry.builder().mapper(MapperType.NATIVE).build()) {
			assertThat(second.capabilities().get("mremap")).isSameAs(first.capabilities().get("mremap"));
		}
	}

	@ParameterizedTest
	@CsvSource({ "cachestat, cachestat", "userfaultfd, change-tracking", "memfdCreate, memfd", "mlock2, mlock2",
			"startWriting, start-flush", "mincore, mincore", "mremap, mremap", "scanPages, pagemap-scan",
			"inotify, file-watch", "addWatch, file-watch" })
	@Fault("kernel-too-old")
	void aSystemCallThatTheKernelLacksIsNotAvailable(String call, String capability) {
		this.calls.failOnce(call, Errno.ENOSYS);
		assertNotAvailable(capability, "ENOSYS");
	}

	@ParameterizedTest
	@ValueSource(strings = { "cachestat", "mincore", "mremap", "mlock2" })
	@Fault("call-blocked-by-container")
	void aSystemCallThatAContainerBlocksIsNotAvailable(String call) {
		this.calls.failOnce(call, Errno.EPERM);
		assertNotAvailable(call, "EPERM");
	}

	@Test
	void aPassingWantOfDescriptorsIsNoAnswerForGood() {
		this.calls.failOnce("memfdCreate", Errno.EMFILE);
		assertThat(this.registry.capabilities().get("memfd").available()).isFalse();
		assertThat(this.registry.capabilities().get("memfd").available()).isTrue();
	}

	private void assertNotAvailable(String name, String errno) {
		Capability capability = this.registry.capabilities().get(name);
		assertThat(capability.available()).isFalse();
		assertThat(capability.reason()).contains(errno);
	}

	@Test
	void probesLeaveNothingBehindWhateverFails() {
		Set<Map.Entry<Integer, String>> before = ProcessMaps.descriptors().entrySet();
		for (String call : List.of("mprotect", "mremap", "mlock", "madvise", "ftruncate", "addSeals", "cachestat",
				"trackWrites", "scanPages", "startWriting", "nameMemory", "open", "inotify", "addWatch")) {
			FaultySystemCalls faulty = new FaultySystemCalls();
			faulty.failOnce(call, Errno.ENOSYS);
			AtomicInteger mapped = new AtomicInteger();
			new NativeMapper(counting(faulty.proxy(), mapped), "for a test").capabilities();
			assertThat(mapped).as(call).hasValue(0);
		}
		// What other tests have left to the background may open and close something
		// meanwhile
		await().untilAsserted(() -> assertThat(ProcessMaps.descriptors().entrySet()).isSubsetOf(before));
	}

	/**
	 * Counts what is mapped: more with each mmap that succeeds, less with each munmap.
	 */
	private static SystemCalls counting(SystemCalls real, AtomicInteger mapped) {
		return (SystemCalls) Proxy.newProxyInstance(CapabilitiesTests.class.getClassLoader(),
				new Class<?>[] { SystemCalls.class }, (proxy, method, arguments) -> {
					try {
						Object result = method.invoke(real, arguments);
						mapped.addAndGet(
								method.getName().equals("mmap") ? 1 : method.getName().equals("munmap") ? -1 : 0);
						return result;
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	@Test
	void withTheJdkMapperNothingIsAvailable() {
		try (MappingRegistry jdk = MappingRegistry.builder().mapper(MapperType.JDK).build()) {
			assertThat(jdk.capabilities().mapper().type()).isEqualTo(MapperType.JDK);
			assertThat(jdk.capabilities().all()).isNotEmpty().allSatisfy((each) -> {
				assertThat(each.available()).isFalse();
				assertThat(each.reason()).contains("mmap.mapper");
			});
		}
	}

	@Test
	void platformKernelAndMapperAreTold() {
		Capabilities capabilities = this.registry.capabilities();
		assertThat(capabilities.platform()).startsWith("Linux on ").endsWith(System.getProperty("os.arch"));
		assertThat(capabilities.kernel()).isEqualTo(System.getProperty("os.version"));
		assertThat(capabilities.mapper()).isEqualTo(this.registry.mapper());
	}

	@Test
	void anUnknownNameIsRefusedWithTheNamesThatThereAre() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.registry.capabilities().isAvailable("teleport"))
			.withMessageContaining("'teleport'")
			.withMessageContaining("cachestat, mincore");
	}

}
