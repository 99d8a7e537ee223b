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

package io.mmap.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingInfo;
import io.mmap.MappingListener;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.cache.ContextCache.PauseMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Contexts that Spring's test framework caches, evicts, pauses and restarts.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapTestContextTests {

	/**
	 * Static, since that is what dynamic properties are made of.
	 */
	@TempDir
	static Path directory;

	private Path geoip;

	@BeforeEach
	void writeFile() throws IOException {
		this.geoip = Files.writeString(directory.resolve("geoip.bin"), "countries");
		Files.writeString(directory.resolve("notes.bin"), "none so far");
	}

	@Test
	void testClassesThatShareAContextShareItsMapping() throws Exception {
		try (CachedContexts contexts = new CachedContexts()) {
			Tests first = contexts.run(FirstTests.class);
			Tests second = contexts.run(SecondTests.class);
			assertThat(contexts.size()).isEqualTo(1);
			assertThat(second.geoip).isSameAs(first.geoip);
			assertThat(ProcessMaps.regions(this.geoip)).hasSize(1);
		}
	}

	@Test
	void aContextThatIsEvictedIsUnmapped() throws Exception {
		try (CachedContexts contexts = new CachedContexts(1, PauseMode.NEVER)) {
			Tests evicted = contexts.run(FirstTests.class);
			Tests other = contexts.run(OtherTests.class);
			assertThatIllegalStateException().isThrownBy(evicted.geoip::segment);
			assertThat(ProcessMaps.regions(this.geoip)).hasSize(1);
			assertThat(MappedText.of(other.geoip)).isEqualTo("countries");
		}
	}

	@Test
	void aContextThatWasEvictedMapsAnewWhenItIsNeededAgain() throws Exception {
		try (CachedContexts contexts = new CachedContexts(1, PauseMode.NEVER)) {
			contexts.run(FirstTests.class);
			contexts.run(OtherTests.class);
			Tests again = contexts.run(SecondTests.class);
			assertThat(MappedText.of(again.geoip)).isEqualTo("countries");
			assertThat(ProcessMaps.regions(this.geoip)).hasSize(1);
		}
	}

	@Test
	void aContextThatIsPausedWhenItIsEvictedIsUnmapped() throws Exception {
		try (CachedContexts contexts = new CachedContexts(1, PauseMode.ALWAYS)) {
			Tests paused = contexts.run(FirstTests.class);
			contexts.run(OtherTests.class);
			assertThatIllegalStateException().isThrownBy(paused.geoip::segment);
			assertThat(ProcessMaps.regions(this.geoip)).hasSize(1);
		}
	}

	@Test
	void aContextThatATestClassMadeDirtyIsUnmapped() throws Exception {
		try (CachedContexts contexts = new CachedContexts()) {
			Tests dirty = contexts.begin(DirtyTests.class);
			assertThat(ProcessMaps.regions(this.geoip)).hasSize(1);
			contexts.end();
			assertThat(ProcessMaps.regions(this.geoip)).isEmpty();
			assertThatIllegalStateException().isThrownBy(dirty.geoip::segment);
		}
	}

	@Test
	void aContextThatIsPausedStaysMapped() throws Exception {
		try (CachedContexts contexts = new CachedContexts(2, PauseMode.ALWAYS)) {
			Tests paused = contexts.run(FirstTests.class);
			assertThat(paused.worker.isRunning()).isFalse();
			assertThat(MappedText.of(paused.geoip)).isEqualTo("countries");
			assertThat(ProcessMaps.regions(this.geoip)).hasSize(1);
		}
	}

	@Test
	void whatIsPausedAndRestartedReadsItsMappingEachTime() throws Exception {
		try (CachedContexts contexts = new CachedContexts(2, PauseMode.ALWAYS)) {
			contexts.run(FirstTests.class);
			Tests second = contexts.begin(SecondTests.class);
			assertThat(second.worker.isRunning()).isTrue();
			assertThat(second.worker.read).containsExactly("started with countries", "stopped with countries",
					"started with countries");
			contexts.end();
		}
	}

	@Test
	void aContextThatIsPausedAndRestartedMapsNothingTwice() throws Exception {
		try (CachedContexts contexts = new CachedContexts(2, PauseMode.ALWAYS)) {
			Tests first = contexts.run(FirstTests.class);
			Tests second = contexts.run(SecondTests.class);
			assertThat(second.geoip).isSameAs(first.geoip);
			assertThat(second.events.list).containsExactlyInAnyOrder("mapped geoip", "mapped notes");
			assertThat(ProcessMaps.regions(directory)).hasSize(2);
		}
	}

	@Test
	void aContextThatIsPausedWhileAnotherOneIsUsedCanBeReadAfterwards() throws Exception {
		try (CachedContexts contexts = new CachedContexts(2, PauseMode.ON_CONTEXT_SWITCH)) {
			Tests first = contexts.run(FirstTests.class);
			assertThat(first.worker.isRunning()).isTrue();
			contexts.begin(OtherTests.class);
			assertThat(first.worker.isRunning()).isFalse();
			contexts.end();
			Tests second = contexts.begin(SecondTests.class);
			assertThat(first.worker.isRunning()).isTrue();
			assertThat(MappedText.of(second.geoip)).isEqualTo("countries");
			assertThat(second.events.list).containsExactlyInAnyOrder("mapped geoip", "mapped notes");
			assertThat(ProcessMaps.regions(this.geoip)).hasSize(2);
			contexts.end();
		}
	}

	@Test
	void whatWasWrittenBeforeAPauseIsThereAfterwards() throws Exception {
		try (CachedContexts contexts = new CachedContexts(2, PauseMode.ALWAYS)) {
			Tests first = contexts.begin(FirstTests.class);
			first.notes.segment().setString(0, "something");
			contexts.end();
			Tests second = contexts.run(SecondTests.class);
			assertThat(second.notes.segment().getString(0)).isEqualTo("something");
		}
	}

	/**
	 * The application under test.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(MmapAutoConfiguration.class)
	static class Application {

		@Bean
		Worker worker(@Qualifier("geoip") MemoryMapping geoip) {
			return new Worker(geoip);
		}

		@Bean
		Events events() {
			return new Events();
		}

	}

	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
	abstract static class Tests {

		@Autowired
		@Qualifier("geoip")
		MemoryMapping geoip;

		@Autowired
		@Qualifier("notes")
		MemoryMapping notes;

		@Autowired
		Worker worker;

		@Autowired
		Events events;

		@DynamicPropertySource
		static void declare(DynamicPropertyRegistry registry) {
			registry.add("mmap.mappings.geoip.location", () -> directory.resolve("geoip.bin").toString());
			registry.add("mmap.mappings.notes.location", () -> directory.resolve("notes.bin").toString());
			registry.add("mmap.mappings.notes.access", () -> "read-write");
		}

	}

	static class FirstTests extends Tests {

	}

	static class SecondTests extends Tests {

	}

	@TestPropertySource(properties = "other=true")
	static class OtherTests extends Tests {

	}

	@DirtiesContext
	static class DirtyTests extends Tests {

	}

	static class Worker implements SmartLifecycle {

		private final List<String> read = new ArrayList<>();

		private final MemoryMapping mapping;

		private boolean running;

		Worker(MemoryMapping mapping) {
			this.mapping = mapping;
		}

		@Override
		public void start() {
			this.running = true;
			this.read.add("started with " + MappedText.of(this.mapping));
		}

		@Override
		public void stop() {
			this.running = false;
			this.read.add("stopped with " + MappedText.of(this.mapping));
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

	}

	static class Events implements MappingListener {

		private final List<String> list = new ArrayList<>();

		@Override
		public void mapped(MappingInfo mapping) {
			this.list.add("mapped " + mapping.name());
		}

	}

}
