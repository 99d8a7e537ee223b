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
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.LeakCause;
import io.mmap.MappingInfo;
import io.mmap.MappingListener;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * When mappings go: after everything that uses them, with the context that made them.
 */
@ExtendWith({ OutputCaptureExtension.class, NothingLeftBehind.class })
class MmapLifecycleTests {

	@TempDir
	Path directory;

	private Path geoip;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class))
		.withAllowBeanDefinitionOverriding(true);

	private ApplicationContextRunner declaring;

	@BeforeEach
	void writeFile() throws IOException {
		this.geoip = Files.writeString(this.directory.resolve("geoip.bin"), "countries");
		this.declaring = this.contextRunner.withPropertyValues("mmap.mappings.geoip.location=" + this.geoip);
	}

	@Test
	void aDeclaredMappingIsUnmappedWhenTheContextIsClosed() {
		this.declaring.run((context) -> {
			MemoryMapping mapping = context.getBean(MemoryMapping.class);
			assertThat(ProcessMaps.regions(this.geoip)).hasSize(1);
			context.close();
			assertThat(ProcessMaps.regions(this.geoip)).isEmpty();
			assertThatIllegalStateException().isThrownBy(mapping::segment);
		});
	}

	@Test
	void theContainerLeavesTheUnmappingToTheRegistry(CapturedOutput output) {
		Events events = new Events();
		this.declaring.withBean(MappingListener.class, () -> events)
			.withUserConfiguration(MappingUser.class)
			.run((context) -> {
				context.close();
				assertThat(events.list).containsExactly("mapped geoip", "unmapped geoip");
				assertThat(output).doesNotContain("WARN").doesNotContain("ERROR").doesNotContain("Exception");
			});
	}

	@Test
	void aBeanThatUsesAMappingIsDestroyedBeforeItIsUnmapped() {
		this.declaring.withUserConfiguration(MappingUser.class).run((context) -> {
			MappingUser user = context.getBean(MappingUser.class);
			context.close();
			assertThat(user.readWhenDestroyed).isEqualTo("countries");
		});
	}

	@Test
	void aBeanThatUsesTheRegistryIsDestroyedBeforeItIsClosed() {
		this.declaring.withUserConfiguration(RegistryUser.class).run((context) -> {
			RegistryUser user = context.getBean(RegistryUser.class);
			context.close();
			assertThat(user.readWhenDestroyed).isEqualTo("countries");
		});
	}

	@Test
	void mappingsCanBeReadUntilTheLastLifecyclePhaseHasStopped() {
		this.declaring.withUserConfiguration(Phases.class).run((context) -> {
			List<Reader> readers = List.copyOf(context.getBeansOfType(Reader.class).values());
			context.close();
			assertThat(readers).hasSize(4).extracting((reader) -> reader.readWhenStopped).containsOnly("countries");
		});
	}

	@Test
	void mappingsCanBeReadByListenersOfTheContextBeingClosed() {
		this.declaring.run((context) -> {
			MappingRegistry registry = context.getBean(MappingRegistry.class);
			List<String> read = new ArrayList<>();
			context.addApplicationListener((ApplicationListener<ContextClosedEvent>) (event) -> read
				.add(MappedText.of(registry.get("geoip"))));
			context.close();
			assertThat(read).containsExactly("countries");
		});
	}

	@Test
	void afterTheContextWasClosedNothingCanBeMapped() {
		this.declaring.run((context) -> {
			MappingRegistry registry = context.getBean(MappingRegistry.class);
			context.close();
			assertThatIllegalStateException().isThrownBy(() -> registry.map(MappingSpec.file(this.geoip).build()))
				.withMessageContaining("closed");
		});
	}

	@Test
	@Fault("open-at-shutdown")
	void anAdHocMappingThatIsStillOpenIsUnmappedAndReported() {
		this.contextRunner.run((context) -> {
			MappingRegistry registry = context.getBean(MappingRegistry.class);
			try (MemoryMapping open = registry.map(MappingSpec.file(this.geoip).label("left open").build());
					CapturedLog log = new CapturedLog()) {
				context.close();
				assertThat(ProcessMaps.regions(this.geoip)).isEmpty();
				assertThat(registry.leaks()).singleElement().satisfies((leak) -> {
					assertThat(leak.cause()).isEqualTo(LeakCause.OPEN_AT_SHUTDOWN);
					assertThat(leak.mapping().name()).isEqualTo(open.name());
				});
				assertThat(log.messages(Level.ERROR)).singleElement()
					.asString()
					.contains("LEAK:", "left open", "MmapLifecycleTests.java:");
			}
		});
	}

	@Test
	void leaksAreCountedBeforeAnyoneElseLearnsThatTheContextIsBeingClosed() {
		try (BusyListener listener = new BusyListener()) {
			this.contextRunner.withBean(MappingListener.class, () -> listener).run((context) -> {
				MappingRegistry registry = context.getBean(MappingRegistry.class);
				Garbage.collect(leak(registry));
				listener.awaitBusy();
				Garbage.collect(leak(registry));
				assertThat(leaks(registry)).isEqualTo(1);
				List<Long> leaksWhenClosing = new ArrayList<>();
				context.addApplicationListener(
						(ApplicationListener<ContextClosedEvent>) (event) -> leaksWhenClosing.add(leaks(registry)));
				context.close();
				assertThat(leaksWhenClosing).containsExactly(2L);
			});
		}
	}

	@Test
	void closingAChildContextDoesNotLookForLeaksOfItsParent() {
		try (BusyListener listener = new BusyListener()) {
			this.contextRunner.withBean(MappingListener.class, () -> listener).run((parent) -> {
				MappingRegistry registry = parent.getBean(MappingRegistry.class);
				this.contextRunner.withParent(parent).run((child) -> {
					Garbage.collect(leak(registry));
					listener.awaitBusy();
					Garbage.collect(leak(registry));
				});
				assertThat(leaks(registry)).isEqualTo(1);
				parent.close();
				assertThat(leaks(registry)).isEqualTo(2);
			});
		}
	}

	@Test
	void closingAContextMakesNoRegistryThatNobodyNeeded() {
		Events events = new Events();
		this.declaring.withBean(MappingListener.class, () -> events)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				context.close();
				assertThat(events.list).isEmpty();
			});
	}

	@Test
	void twoContextsInOneProcessShareNothing() {
		this.declaring.run((first) -> {
			this.declaring.run((second) -> {
				assertThat(ProcessMaps.regions(this.geoip)).hasSize(2);
				assertThat(second.getBean(MemoryMapping.class)).isNotSameAs(first.getBean(MemoryMapping.class));
			});
			assertThat(ProcessMaps.regions(this.geoip)).hasSize(1);
			assertThat(MappedText.of(first.getBean(MemoryMapping.class))).isEqualTo("countries");
		});
	}

	@Test
	void aChildContextUsesTheMappingsOfItsParent() {
		this.declaring.run((parent) -> {
			this.contextRunner.withParent(parent).run((child) -> {
				assertThat(child.getBean(MappingRegistry.class)).isSameAs(parent.getBean(MappingRegistry.class));
				assertThat(MappedText.of(child.getBean("mmap.geoip", MemoryMapping.class))).isEqualTo("countries");
			});
			assertThat(MappedText.of(parent.getBean(MemoryMapping.class))).isEqualTo("countries");
		});
	}

	@Test
	void aChildContextCannotDeclareMappingsThatItsParentDoesNotKnow() {
		this.declaring.run((parent) -> this.contextRunner.withParent(parent)
			// A property source of its own: the runner would add to that of the parent
			.withInitializer((context) -> TestPropertyValues.of("mmap.mappings.words.location=" + this.geoip)
				.applyTo(context.getEnvironment(), TestPropertyValues.Type.MAP, "child"))
			.run((child) -> assertThat(child).hasFailed()
				.getFailure()
				.hasStackTraceContaining("Mapping 'mmap.mappings.words' is not valid: it is declared for a child"
						+ " context, which uses the MappingRegistry of its parent, and that knows nothing of it."
						+ " Declare it in the configuration of the parent, or define a MappingRegistry bean in the"
						+ " child.")));
	}

	@Test
	void aGrandchildContextCannotDeclareThemEither() {
		this.declaring.run((parent) -> new ApplicationContextRunner().withParent(parent)
			.run((middle) -> this.contextRunner.withParent(middle)
				.withInitializer((context) -> TestPropertyValues.of("mmap.mappings.words.location=" + this.geoip)
					.applyTo(context.getEnvironment(), TestPropertyValues.Type.MAP, "child"))
				.run((child) -> assertThat(child).hasFailed())));
	}

	@Test
	void aChildContextWithARegistryOfItsOwnMayDeclareWhatItLikes() {
		this.declaring.run((parent) -> this.contextRunner.withParent(parent)
			.withBean("own", MappingRegistry.class, () -> MappingRegistry.builder().build())
			.withPropertyValues("mmap.mappings.words.location=" + this.geoip)
			.run((child) -> assertThat(child).hasNotFailed()));
	}

	@Test
	void closingAChildContextLeavesTheRegistryOfItsParentOpen() {
		this.contextRunner.run((parent) -> {
			this.contextRunner.withParent(parent).run((child) -> assertThat(child).hasNotFailed());
			try (MemoryMapping mapping = parent.getBean(MappingRegistry.class)
				.map(MappingSpec.file(this.geoip).build())) {
				assertThat(MappedText.of(mapping)).isEqualTo("countries");
			}
		});
	}

	/**
	 * In a method of its own, so that no local variable keeps the mapping.
	 */
	private WeakReference<Object> leak(MappingRegistry registry) {
		return new WeakReference<>(registry.map(MappingSpec.file(this.geoip).build()).segment().scope());
	}

	/**
	 * What was counted so far; unlike {@code registry.leaks()}, this looks for no more.
	 */
	private static long leaks(MappingRegistry registry) {
		return registry.statistics()
			.stream()
			.mapToLong((statistics) -> statistics.leaks(LeakCause.GARBAGE_COLLECTED))
			.sum();
	}

	static class MappingUser implements DisposableBean {

		private final MemoryMapping mapping;

		private String readWhenDestroyed = "";

		MappingUser(MemoryMapping mapping) {
			this.mapping = mapping;
		}

		@Override
		public void destroy() {
			this.readWhenDestroyed = MappedText.of(this.mapping);
		}

	}

	static class RegistryUser implements DisposableBean {

		private final MappingRegistry registry;

		private String readWhenDestroyed = "";

		RegistryUser(MappingRegistry registry) {
			this.registry = registry;
		}

		@Override
		public void destroy() {
			this.readWhenDestroyed = MappedText.of(this.registry.get("geoip"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Phases {

		@Bean
		Reader firstToStop(MemoryMapping mapping) {
			return new Reader(mapping, Integer.MAX_VALUE);
		}

		@Bean
		Reader byDefault(MemoryMapping mapping) {
			return new Reader(mapping, SmartLifecycle.DEFAULT_PHASE);
		}

		@Bean
		Reader zero(MemoryMapping mapping) {
			return new Reader(mapping, 0);
		}

		@Bean
		Reader lastToStop(MemoryMapping mapping) {
			return new Reader(mapping, Integer.MIN_VALUE);
		}

	}

	static class Reader implements SmartLifecycle {

		private final MemoryMapping mapping;

		private final int phase;

		private boolean running;

		private String readWhenStopped = "";

		Reader(MemoryMapping mapping, int phase) {
			this.mapping = mapping;
			this.phase = phase;
		}

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
			this.readWhenStopped = MappedText.of(this.mapping);
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return this.phase;
		}

	}

	static final class Events implements MappingListener {

		private final List<String> list = new ArrayList<>();

		@Override
		public void mapped(MappingInfo mapping) {
			this.list.add("mapped " + mapping.name());
		}

		@Override
		public void unmapped(MappingInfo mapping) {
			this.list.add("unmapped " + mapping.name());
		}

	}

}
