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
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ReachableObjects;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the leak detector holds on to must not lead to what it watches, or it would be
 * what keeps it from being found.
 */
@ExtendWith(NothingLeftBehind.class)
class LeakDetectorReachabilityTests {

	@TempDir
	Path directory;

	@Test
	void theDetectorReachesNoMappingThatItWatches() throws Exception {
		try (MappingRegistry registry = registry();
				MemoryMapping mapping = registry.map(MappingSpec.file(file()).label("watched").build())) {
			ReachableObjects held = ReachableObjects.from(detector(registry));
			assertThat(held.opaque()).isEmpty();
			assertThat(held.contains(registry.mappings().getLast())).as("the walk gets as far as the entry").isTrue();
			for (MemoryMapping watched : List.of(mapping, registry.get("declared"))) {
				assertThat(held.contains(watched)).as("handle").isFalse();
				assertThat(held.contains(watched.segment())).as("segment").isFalse();
				assertThat(held.contains(watched.segment().scope())).as("scope").isFalse();
			}
			assertThat(held.contains(registry)).as("registry").isFalse();
			Reference.reachabilityFence(mapping);
		}
	}

	@Test
	void theRegistryReachesNoAdHocMapping() throws Exception {
		try (MappingRegistry registry = registry();
				MemoryMapping mapping = registry.map(MappingSpec.file(file()).build())) {
			ReachableObjects held = ReachableObjects.from(registry);
			assertThat(held.opaque()).isEmpty();
			assertThat(held.contains(registry.get("declared").segment().scope())).as("declared").isTrue();
			assertThat(held.contains(mapping)).as("handle").isFalse();
			assertThat(held.contains(mapping.segment().scope())).as("scope").isFalse();
		}
	}

	@Test
	void theWalkWouldFindAMappingThatIsHeld() throws Exception {
		List<Object> heldByMistake = new ArrayList<>();
		MappingListener listener = new MappingListener() {

			@Override
			public void mapped(MappingInfo info) {
				heldByMistake.add(new Object[] { info });
			}

		};
		try (MappingRegistry registry = MappingRegistry.builder().listener(listener).build();
				MemoryMapping mapping = registry.map(MappingSpec.file(file()).build())) {
			heldByMistake.add(mapping.segment().asSlice(10, 1));
			assertThat(ReachableObjects.from(detector(registry)).contains(mapping.segment().scope())).isTrue();
		}
	}

	private MappingRegistry registry() throws IOException {
		return MappingRegistry.builder()
			.leakDetection(LeakDetectionLevel.DETAILED)
			.declare("declared", MappingSpec.file(file()).build())
			.build();
	}

	private Path file() throws IOException {
		return Files.write(Files.createTempFile(this.directory, "file", ".bin"), new byte[10_000]);
	}

	private static Object detector(MappingRegistry registry) throws ReflectiveOperationException {
		Field field = DefaultMappingRegistry.class.getDeclaredField("leakDetector");
		field.setAccessible(true);
		return field.get(registry);
	}

}
