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
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.LeakDetectionLevel;
import io.mmap.LeakPolicy;
import io.mmap.MapperType;
import io.mmap.MappingAccess;
import io.mmap.MappingInfo;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.BlockedWrite;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What each property does.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapPropertiesTests {

	private static final int SIZE = 10_000;

	@TempDir
	Path directory;

	private Path file;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class));

	@BeforeEach
	void writeFile() throws IOException {
		byte[] content = new byte[SIZE];
		for (int i = 0; i < content.length; i++) {
			content[i] = (byte) (i % 251);
		}
		this.file = Files.write(this.directory.resolve("file.bin"), content);
	}

	@Test
	void aMappingIsReadOnlyAndOfTheWholeFileByDefault() {
		declaring().run((context) -> {
			MappingInfo mapping = info(context);
			assertThat(mapping.access()).isEqualTo(MappingAccess.READ_ONLY);
			assertThat(mapping.offset()).isZero();
			assertThat(mapping.length()).isEqualTo(SIZE);
			assertThat(mapping(context).segment().isReadOnly()).isTrue();
		});
	}

	@Test
	void accessReadWriteChangesTheFile() {
		declaring("access=read-write").run((context) -> {
			mapping(context).segment().set(JAVA_BYTE, 17, (byte) 42);
			mapping(context).flush();
			assertThat(Files.readAllBytes(this.file)[17]).isEqualTo((byte) 42);
		});
	}

	@Test
	void accessCopyOnWriteLeavesTheFileAsItIs() {
		declaring("access=copy-on-write").run((context) -> {
			mapping(context).segment().set(JAVA_BYTE, 17, (byte) 42);
			assertThat(mapping(context).segment().get(JAVA_BYTE, 17)).isEqualTo((byte) 42);
			assertThat(Files.readAllBytes(this.file)[17]).isEqualTo((byte) 17);
		});
	}

	@Test
	void offsetAndLengthSelectAPartOfTheFile() {
		declaring("offset=4KB", "length=100B").run((context) -> {
			assertThat(info(context).offset()).isEqualTo(4096);
			assertThat(mapping(context).length()).isEqualTo(100);
			assertThat(mapping(context).segment().get(JAVA_BYTE, 0)).isEqualTo((byte) (4096 % 251));
		});
	}

	@Test
	void aNumberWithoutAUnitIsBytes() {
		declaring("offset=251", "length=10").run((context) -> {
			assertThat(info(context).offset()).isEqualTo(251);
			assertThat(mapping(context).length()).isEqualTo(10);
			assertThat(mapping(context).segment().get(JAVA_BYTE, 0)).isZero();
		});
	}

	@Test
	void createMakesTheFileAndTheDirectoryAboveIt() {
		Path created = this.directory.resolve("data/counters.bin");
		this.contextRunner
			.withPropertyValues("mmap.mappings.counters.location=" + created,
					"mmap.mappings.counters.access=read-write", "mmap.mappings.counters.length=1MB",
					"mmap.mappings.counters.create=true")
			.run((context) -> {
				assertThat(created).hasSize(1 << 20);
				assertThat(mapping(context).length()).isEqualTo(1 << 20);
			});
	}

	@Test
	void createLeavesAFileThatIsLongEnoughAsItIs() throws IOException {
		byte[] before = Files.readAllBytes(this.file);
		declaring("access=read-write", "length=1KB", "create=true")
			.run((context) -> assertThat(this.file).hasBinaryContent(before));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "file:", "file://" })
	void anAbsolutePathMayBeGivenWithAndWithoutAPrefix(String prefix) {
		this.contextRunner.withPropertyValues("mmap.mappings.test.location=" + prefix + this.file)
			.run((context) -> assertThat(ProcessMaps.regions(this.file)).hasSize(1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "file:" })
	void aRelativePathStartsAtTheWorkingDirectory(String prefix) {
		Path relative = Path.of("").toAbsolutePath().relativize(this.file);
		assertThat(relative).isRelative();
		this.contextRunner.withPropertyValues("mmap.mappings.test.location=" + prefix + relative)
			.run((context) -> assertThat(ProcessMaps.regions(this.file)).hasSize(1));
	}

	@Test
	void aClassPathResourceThatIsAFileCanBeMapped() {
		this.contextRunner
			.withPropertyValues("mmap.mappings.test.location=classpath:"
					+ MmapAutoConfiguration.class.getName().replace('.', '/') + ".class")
			.run((context) -> assertThat(mapping(context).segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 0xca));
	}

	@Test
	void placeholdersInALocationAreResolved() {
		this.contextRunner
			.withPropertyValues("data.directory=" + this.directory,
					"mmap.mappings.test.location=${data.directory}/file.bin")
			.run((context) -> assertThat(ProcessMaps.regions(this.file)).hasSize(1));
	}

	@Test
	void aNameMayContainDigitsAndHyphens() {
		this.contextRunner.withPropertyValues("mmap.mappings.ip-country-6.location=" + this.file)
			.run((context) -> assertThat(context.getBean("mmap.ip-country-6")).isInstanceOf(MemoryMapping.class));
	}

	@Test
	void aMappingCanBeDeclaredByEnvironmentVariables() {
		withEnvironment(Map.of("MMAP_MAPPINGS_GEOIP_LOCATION", this.file.toString(), "MMAP_MAPPINGS_GEOIP_LENGTH",
				"1KB", "MMAP_MAPPINGS_GEOIP_ACCESS", "READ_WRITE"))
			.run((context) -> {
				assertThat(context.getBean("mmap.geoip")).isInstanceOf(MemoryMapping.class);
				assertThat(info(context).name()).isEqualTo("geoip");
				assertThat(info(context).length()).isEqualTo(1024);
				assertThat(info(context).access()).isEqualTo(MappingAccess.READ_WRITE);
			});
	}

	@Test
	void anEnvironmentVariableOverridesAProperty() {
		withEnvironment(Map.of("MMAP_MAPPINGS_TEST_LENGTH", "1KB"))
			.withPropertyValues(property("location=" + this.file))
			.run((context) -> assertThat(info(context).length()).isEqualTo(1024));
	}

	@Test
	void anEnvironmentVariableOverridesAPropertyOfANameWithAHyphen() {
		withEnvironment(Map.of("MMAP_MAPPINGS_IPCOUNTRY_LENGTH", "1KB"))
			.withPropertyValues("mmap.mappings.ip-country.location=" + this.file)
			.run((context) -> {
				assertThat(mapping(context).name()).isEqualTo("ip-country");
				assertThat(info(context).length()).isEqualTo(1024);
			});
	}

	@ParameterizedTest
	@CsvSource({ "jdk, JDK, true", "native, NATIVE, false", "auto, NATIVE, false" })
	void theMapperIsTheOneThatWasChosen(String value, MapperType type, boolean segmentIsMappedByTheJdk) {
		declaring().withPropertyValues("mmap.mapper=" + value).run((context) -> {
			assertThat(context.getBean(MappingRegistry.class).mapper().type()).isEqualTo(type);
			assertThat(mapping(context).segment().isMapped()).isEqualTo(segmentIsMappedByTheJdk);
			assertThat(mapping(context).segment().get(JAVA_BYTE, 250)).isEqualTo((byte) 250);
		});
	}

	@Test
	void leaksAreDetectedAndLoggedByDefault() {
		this.contextRunner.run((context) -> {
			MmapProperties.LeakDetection leakDetection = context.getBean(MmapProperties.class).getLeakDetection();
			assertThat(leakDetection.getLevel()).isEqualTo(LeakDetectionLevel.SIMPLE);
			assertThat(leakDetection.getPolicy()).isEqualTo(LeakPolicy.LOG);
		});
	}

	@Test
	void theLevelOfLeakDetectionDecidesWhatIsRecorded() {
		this.contextRunner.withPropertyValues("mmap.leak-detection.level=disabled").run((context) -> {
			try (MemoryMapping mapping = adHoc(context)) {
				assertThat(mapping.length()).isEqualTo(SIZE);
				assertThat(info(context).createdBy()).isNull();
			}
		});
		this.contextRunner.withPropertyValues("mmap.leak-detection.level=detailed").run((context) -> {
			try (MemoryMapping mapping = adHoc(context)) {
				assertThat(mapping.length()).isEqualTo(SIZE);
				assertThat(info(context).createdBy()).contains("MmapPropertiesTests.adHoc");
			}
		});
	}

	@Test
	void theLeakPolicyIsHandedOn() {
		this.contextRunner.withPropertyValues("mmap.leak-detection.policy=throw").run((context) -> {
			Thread.UncaughtExceptionHandler handler = Thread.currentThread().getUncaughtExceptionHandler();
			StringBuilder thrown = new StringBuilder();
			Thread.currentThread().setUncaughtExceptionHandler((thread, ex) -> thrown.append(ex.getMessage()));
			try (MemoryMapping open = adHoc(context)) {
				context.close();
				assertThat(thrown).contains("LEAK").contains(open.name());
			}
			finally {
				Thread.currentThread().setUncaughtExceptionHandler(handler);
			}
		});
	}

	@Test
	void theDrainTimeoutIsFiveSecondsByDefault() {
		this.contextRunner
			.run((context) -> assertThat(context.getBean(MmapProperties.class).getShutdown().getDrainTimeout())
				.isEqualTo(Duration.ofSeconds(5)));
	}

	@Test
	void closingTheContextWaitsForMemoryInUseAsLongAsTheDrainTimeout() {
		this.contextRunner.withPropertyValues("mmap.shutdown.drain-timeout=300ms").run((context) -> {
			Path large = Files.write(this.directory.resolve("large.bin"), new byte[1 << 20]);
			MemoryMapping mapping = context.getBean(MappingRegistry.class).map(MappingSpec.file(large).build());
			try (BlockedWrite write = new BlockedWrite(mapping.asByteBuffer())) {
				long start = System.nanoTime();
				context.close();
				assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(300),
						Duration.ofSeconds(4));
				assertThat(ProcessMaps.regions(large)).hasSize(1);
				assertThat(write.isBlocked()).isTrue();
			}
			mapping.close();
		});
	}

	@Test
	void anUnknownValueNamesTheProperty() {
		declaring("access=write-only").run((context) -> assertThat(context).hasFailed()
			.getFailure()
			.hasStackTraceContaining("mmap.mappings.test.access")
			.hasStackTraceContaining("write-only"));
	}

	private ApplicationContextRunner declaring(String... settings) {
		ApplicationContextRunner runner = this.contextRunner.withPropertyValues(property("location=" + this.file));
		for (String setting : settings) {
			runner = runner.withPropertyValues(property(setting));
		}
		return runner;
	}

	private static String property(String setting) {
		return "mmap.mappings.test." + setting;
	}

	private ApplicationContextRunner withEnvironment(Map<String, String> variables) {
		return this.contextRunner.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", new HashMap<>(variables))));
	}

	private static MemoryMapping mapping(ApplicationContext context) {
		return context.getBean(MemoryMapping.class);
	}

	private static MappingInfo info(ApplicationContext context) {
		assertThat(context.getBean(MappingRegistry.class).mappings()).hasSize(1);
		return context.getBean(MappingRegistry.class).mappings().getFirst();
	}

	private MemoryMapping adHoc(ApplicationContext context) {
		return context.getBean(MappingRegistry.class).map(MappingSpec.file(this.file).build());
	}

}
