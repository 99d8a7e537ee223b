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
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.Advice;
import io.mmap.DeclaredMappingException;
import io.mmap.MappingAccess;
import io.mmap.MappingException;
import io.mmap.MappingInfo;
import io.mmap.MappingRegistry;
import io.mmap.MappingSet;
import io.mmap.MappingSpec;
import io.mmap.MappingSpecCustomizer;
import io.mmap.MemoryMapping;
import io.mmap.Protection;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the properties do that concern the pages of a mapping, and where its memory comes
 * from, as the kernel sees it.
 */
@ExtendWith({ OutputCaptureExtension.class, NothingLeftBehind.class })
class MmapPagePropertiesTests {

	private static final String JAR_RESOURCE = "classpath:org/springframework/core/SpringVersion.class";

	private static final String NATIVE_REMEDY = "It needs the native mapper: start the JVM with"
			+ " --enable-native-access=ALL-UNNAMED, or 'Enable-Native-Access: ALL-UNNAMED' in the manifest of the"
			+ " executable jar, and leave 'mmap.mapper' at 'auto'.";

	@TempDir
	Path directory;

	private Path file;

	private FailureAnalysisOutput failure;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class));

	@BeforeEach
	void writeFile(CapturedOutput output) throws IOException {
		byte[] content = new byte[10_000];
		Arrays.fill(content, (byte) 7);
		this.file = Files.write(this.directory.resolve("words.bin"), content);
		this.failure = new FailureAnalysisOutput(this.directory, output);
	}

	@AfterEach
	void noNewMemoryIsLeftBehind() throws IOException {
		assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
			.noneMatch((line) -> line.endsWith(":words]") || line.contains("/memfd:words"));
	}

	@Test
	void anonymousMemoryIsAMappingOfItsOwn() {
		anonymous().run((context) -> {
			MemoryMapping mapping = context.getBean("mmap.words", MemoryMapping.class);
			mapping.segment().set(JAVA_BYTE, 16_383, (byte) 42);
			assertThat(mapping.segment().get(JAVA_BYTE, 16_383)).isEqualTo((byte) 42);
			assertThat(mapping.length()).isEqualTo(16_384);
			assertThat(info(context).source()).isEqualTo("anonymous");
			assertThat(info(context).path()).isNull();
			assertThat(info(context).access()).isEqualTo(MappingAccess.READ_WRITE);
			assertThat(vmFlags(mapping)).doesNotContain("sh");
		});
	}

	@Test
	void anonymousMemoryIsInjectedByItsName() {
		anonymous().withUserConfiguration(NeedsWords.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void sharedAnonymousMemoryIsShared() {
		anonymous("shared=true").run((context) -> assertThat(vmFlags(mapping(context))).contains("sh"));
	}

	@Test
	void anInMemoryFileIsCalledLikeTheMapping() {
		inMemoryFile().run((context) -> {
			assertThat(info(context).source()).isEqualTo("in-memory-file");
			assertThat(Files.readSymbolicLink(Path.of("/proc/self/fd/" + mapping(context).descriptor())))
				.hasToString("/memfd:words (deleted)");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "in-memory-file", "IN_MEMORY_FILE", "inmemoryfile" })
	void theSourceMayBeWrittenInAnyWay(String source) {
		declaring("source=" + source, "length=16KB")
			.run((context) -> assertThat(info(context).source()).isEqualTo("in-memory-file"));
	}

	@Test
	void theLengthOfNewMemoryMayBeUsedByACustomizer() {
		anonymous().withBean(MappingSpecCustomizer.class, () -> (name, builder) -> builder.length(4096))
			.run((context) -> assertThat(mapping(context).length()).isEqualTo(4096));
	}

	@Test
	void newMemoryCanBeMappedOnFirstUse() {
		anonymous("lazy=true").run((context) -> {
			assertThat(context.getBean(MappingRegistry.class).mappings()).isEmpty();
			mapping(context).segment();
			assertThat(context.getBean(MappingRegistry.class).mappings()).hasSize(1);
		});
	}

	@Test
	void protectionIsThatOfTheAccessByDefault() {
		file().run((context) -> assertThat(permissions(mapping(context))).isEqualTo("r--s"));
		file("access=read-write").run((context) -> assertThat(permissions(mapping(context))).isEqualTo("rw-s"));
		anonymous().run((context) -> assertThat(permissions(mapping(context))).isEqualTo("rw-p"));
	}

	@Test
	void protectionIsWhatThePagesPermitAtFirst() {
		file("access=read-write", "protection=read").run((context) -> {
			assertThat(permissions(mapping(context))).isEqualTo("r--s");
			assertThat(info(context).protection()).containsExactly(Protection.READ);
			mapping(context).protect(Protection.READ, Protection.WRITE);
			assertThat(permissions(mapping(context))).isEqualTo("rw-s");
		});
		anonymous("protection=READ,execute")
			.run((context) -> assertThat(permissions(mapping(context))).isEqualTo("r-xp"));
		anonymous("protection[0]=read", "protection[1]=write")
			.run((context) -> assertThat(permissions(mapping(context))).isEqualTo("rw-p"));
	}

	@Test
	void anEmptyListOfProtectionForbidsEverything() {
		yaml("""
				mmap:
				  mappings:
				    words:
				      source: anonymous
				      length: 16KB
				      protection: []
				""").run((context) -> assertThat(permissions(mapping(context))).isEqualTo("---p"));
	}

	@Test
	void memoryIsWritableAndExecutableOnlyIfThatIsAskedForTwice() {
		anonymous("protection=read,write,execute", "writable-and-executable=true")
			.run((context) -> assertThat(permissions(mapping(context))).isEqualTo("rwxp"));
		anonymous("protection=read,write,execute").run((context) -> assertInvalid(context,
				"protection contains both write and execute, so whoever can write to the memory could run code. Write"
						+ " first, and exchange write for execute then; or set 'writable-and-executable' to true, too,"
						+ " if there is no other way."));
	}

	@Test
	void theLabelIsShown() {
		file("label=all words").run((context) -> assertThat(info(context).label()).isEqualTo("all words"));
	}

	@Test
	void lockedMemoryIsLocked() {
		file("locked=true").run((context) -> assertThat(vmFlags(mapping(context))).contains("lo"));
		file().run((context) -> assertThat(vmFlags(mapping(context))).doesNotContain("lo"));
	}

	@ParameterizedTest
	@CsvSource({ "dont-dump, dd", "DONT_FORK, dc", "16, dd", "sequential, sr", "random, rr", "wipe-on-fork, wf" })
	void adviceIsGiven(String advice, String flag) {
		anonymous("advice=" + advice).run((context) -> assertThat(vmFlags(mapping(context))).contains(flag));
	}

	@Test
	void severalPiecesOfAdviceAreGiven() {
		file("advice=dont-dump, dont-fork")
			.run((context) -> assertThat(vmFlags(mapping(context))).contains("dd", "dc"));
		yaml("""
				mmap:
				  mappings:
				    words:
				      location: %s
				      advice: [ dont-dump, 10 ]
				""".formatted(this.file)).run((context) -> assertThat(vmFlags(mapping(context))).contains("dd", "dc"));
	}

	@Test
	void aNumberInYamlIsUnderstoodWithAndWithoutQuotes() {
		for (String advice : List.of("16", "'16'", "[ 16 ]", "[ '16' ]")) {
			yaml("""
					mmap:
					  mappings:
					    words:
					      source: in-memory-file
					      length: 16KB
					      advice: %s
					      seals: 4
					""".formatted(advice)).run((context) -> {
				assertThat(vmFlags(mapping(context))).as(advice).contains("dd");
				assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping(context).resize(32_768));
			});
		}
	}

	@Test
	void adviceThatTheSystemRefusesIsLeftOutWithALineInTheLog() {
		try (CapturedLog log = new CapturedLog()) {
			file("advice=9999").run((context) -> assertThat(context).hasNotFailed());
			assertThat(log.messages(Level.INFO)).filteredOn((message) -> message.contains("9999"))
				.singleElement()
				.asString()
				.contains("without option 'advice 9999 (a number");
		}
	}

	@Test
	void dontDumpLeavesItOutOfCoreDumps() {
		file("dont-dump=true").run((context) -> assertThat(vmFlags(mapping(context))).contains("dd"));
		file().run((context) -> assertThat(vmFlags(mapping(context))).doesNotContain("dd"));
	}

	@Test
	void dontForkKeepsItFromForkedProcesses() {
		file("dont-fork=true").run((context) -> assertThat(vmFlags(mapping(context))).contains("dc"));
		file().run((context) -> assertThat(vmFlags(mapping(context))).doesNotContain("dc"));
	}

	@Test
	void noReserveSetsNoSwapSpaceAside() {
		anonymous("no-reserve=true").run((context) -> assertThat(vmFlags(mapping(context))).contains("nr"));
	}

	@Test
	@EnabledOnOs(architectures = "amd64")
	void map32bitGivesAnAddressOf32Bits() {
		file("map-32bit=true").run((context) -> assertThat(mapping(context).address()).isLessThan(1L << 32));
		anonymous("map-32bit=true").run((context) -> assertThat(mapping(context).address()).isLessThan(1L << 32));
		file().run((context) -> assertThat(mapping(context).address()).isGreaterThan(1L << 32));
	}

	@ParameterizedTest
	@EnabledOnOs(architectures = "amd64")
	@ValueSource(strings = { "map32bit", "map-32-bit", "map32Bit" })
	void map32bitMayBeWrittenInOtherWays(String name) {
		file(name + "=true").run((context) -> assertThat(mapping(context).address()).isLessThan(1L << 32));
	}

	@Test
	void populateBringsTheMemoryIn() {
		anonymous("populate=true").run((context) -> assertThat(smaps(mapping(context), "Rss:")).isEqualTo("16 kB"));
		anonymous().run((context) -> assertThat(smaps(mapping(context), "Rss:")).isEqualTo("0 kB"));
	}

	@Test
	void hugePagesAreTriedOrAvoided() {
		anonymous("length=4MB", "huge-pages=try").run((context) -> {
			assertThat(vmFlags(mapping(context))).contains("hg");
			assertThat(mapping(context).address() % (2 << 20)).isZero();
		});
		anonymous("huge-pages=never").run((context) -> assertThat(vmFlags(mapping(context))).contains("nh"));
	}

	@Test
	void hugePagesThatAreRequiredAreThere() {
		anonymous("length=4MB", "huge-pages=require")
			.run((context) -> assertThat(smaps(mapping(context), "AnonHugePages:")).isEqualTo("4096 kB"));
	}

	@Test
	void hugePagesThatDoNotFitAreExplainedWithTheirLine() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    words:
				      location: %s
				      huge-pages: require
				""".formatted(this.file))).isEqualTo("""
				Description:

				The mapping 'words' could not be made:

				    Property: mmap.mappings.words.huge-pages
				    Value: "require"
				    Origin: URL [file:<dir>/application.yml] - 5:19
				    Reason: huge-pages are required, but 10000 bytes do not fill one of 2097152 bytes.

				Action:

				Use a larger length, or 'try'.""");
	}

	@ParameterizedTest
	@ValueSource(strings = { "anonymous", "in-memory-file" })
	void hugePagesFromThePoolAreTried(String source) {
		try (CapturedLog log = new CapturedLog()) {
			// Of this size nobody has a page
			declaring("source=" + source, "length=16KB", "huge-tlb=try", "huge-page-size=1TB").run((context) -> {
				mapping(context).segment().set(JAVA_BYTE, 0, (byte) 1);
				assertThat(log.messages(Level.INFO))
					.filteredOn((message) -> message.contains("without huge pages from the pool"))
					.hasSize(1);
			});
		}
	}

	@Test
	void hugePagesFromThePoolThatAreRequiredAreThereOrNothingIsMapped() {
		anonymous("huge-tlb=require", "huge-page-size=1TB").run((context) -> assertThat(context).hasFailed()
			.getFailure()
			.hasStackTraceContaining(DeclaredMappingException.class.getName()));
	}

	@Test
	void aCopySurvivesTheTruncationOfItsFile() {
		file("copy=true").run((context) -> {
			try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE)) {
				channel.truncate(0);
			}
			assertThat(mapping(context).segment().get(JAVA_BYTE, 9999)).isEqualTo((byte) 7);
			assertThat(permissions(mapping(context))).isEqualTo("r--p");
		});
	}

	@Test
	void mapSyncNeedsPersistentMemory() {
		file("map-sync=true", "access=read-write").run((context) -> assertThat(context).hasFailed()
			.getFailure()
			.hasStackTraceContaining(DeclaredMappingException.class.getName()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "anonymous", "in-memory-file" })
	void whatIsReservedCanBeGrownIntoWithoutMoving(String source) {
		declaring("source=" + source, "length=16KB", "reserve=64MB").run((context) -> {
			MemoryMapping mapping = mapping(context);
			long address = mapping.address();
			mapping.resize(32 << 20);
			assertThat(mapping.address()).isEqualTo(address);
			mapping.segment().set(JAVA_BYTE, (32 << 20) - 1, (byte) 1);
		});
	}

	@Test
	void aFileCanBeGrownWithoutMoving() {
		file("access=read-write", "create=true", "length=8KB", "reserve=1MB").run((context) -> {
			long address = mapping(context).address();
			mapping(context).resize(512 << 10);
			assertThat(mapping(context).address()).isEqualTo(address);
			assertThat(this.file).hasSize(512 << 10);
		});
	}

	@Test
	void anInMemoryFileIsSealed() {
		inMemoryFile("seals=future-write, grow").run((context) -> {
			MemoryMapping mapping = mapping(context);
			mapping.segment().set(JAVA_BYTE, 0, (byte) 1);
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping.resize(32_768));
			MappingRegistry registry = context.getBean(MappingRegistry.class);
			MappingSpec second = MappingSpec.descriptor(mapping.descriptor()).access(MappingAccess.READ_WRITE).build();
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> registry.map(second));
			try (MemoryMapping readOnly = registry.map(MappingSpec.descriptor(mapping.descriptor()).build())) {
				assertThat(readOnly.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 1);
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "0x2000000", "33554432" })
	void flagsAreAddedByNumber(String flags) {
		// One that no kernel knows, which shared mappings of files are refused for
		file("flags=" + flags).run((context) -> assertThat(context).getFailure()
			.rootCause()
			.hasMessageContaining("MAP_SHARED_VALIDATE|0x2000000"));
		yaml("""
				mmap:
				  mappings:
				    words:
				      location: %s
				      flags: %s
				""".formatted(this.file, flags)).run((context) -> assertThat(context).getFailure()
			.rootCause()
			.hasMessageContaining("MAP_SHARED_VALIDATE|0x2000000"));
	}

	@Test
	void protectionBitsAreAddedByNumber() {
		// PROT_SEM, which does nothing on most processors
		anonymous("protection-bits=0x8").run((context) -> assertThat(permissions(mapping(context))).isEqualTo("rw-p"));
		anonymous("protection-bits=0x4").run((context) -> assertInvalid(context,
				"protection-bits 0x4 contains PROT_* that are not to be given by number: 0x4. Use 'protection' for"
						+ " these."));
	}

	@Test
	void allMembersOfASetHaveTheOptions() throws IOException {
		Files.copy(this.file, this.directory.resolve("others.bin"));
		declaring("location=" + this.directory + "/*.bin", "advice=dont-dump", "locked=true").run((context) -> {
			MappingSet set = context.getBean(MappingSet.class);
			assertThat(set.asMap().values()).hasSize(2)
				.allSatisfy((mapping) -> assertThat(vmFlags(mapping)).contains("dd", "lo"));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "copy=false", "copy=true" })
	void aResourceHasTheOptions(String copy) {
		declaring("location=" + JAR_RESOURCE, copy, "advice=dont-dump", "locked=true", "label=version")
			.run((context) -> {
				assertThat(vmFlags(mapping(context))).contains("dd", "lo");
				assertThat(mapping(context).segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 0xca);
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"location=a.bin|location 'a.bin'|new memory comes from nowhere. Leave it out, or set 'source' to file.",
			"access=read-only|access read-only|new memory can be read and written. Leave it out; 'protection' says"
					+ " what is permitted at first.",
			"access=copy-on-write|access copy-on-write|new memory can be read and written. Leave it out;"
					+ " 'protection' says what is permitted at first.",
			"offset=4KB|offset 4096|new memory has no content to start in. Leave it out.",
			"create=true|create|new memory is always created. Leave it out.",
			"exclusive=true|exclusive|no other process can declare the same memory. Leave it out.",
			"copy=true|copy|new memory has no content to copy. Leave it out.",
			"map-sync=true|map-sync|new memory is not durable. Leave it out." })
	void refusesWhatMakesNoSenseForNewMemory(String property, String what, String whyAndRemedy) {
		for (String source : List.of("anonymous", "in-memory-file")) {
			declaring("source=" + source, "length=16KB", property).run((context) -> assertInvalid(context,
					what + " makes no sense with source " + source + ", since " + whyAndRemedy));
		}
	}

	@Test
	void refusesWhatMakesNoSenseForOneKindOfNewMemory() {
		anonymous("seals=grow").run((context) -> assertInvalid(context, "seals makes no sense with source anonymous,"
				+ " since only a file in memory can be sealed. Set 'source' to in-memory-file, or leave it out."));
		inMemoryFile("shared=true").run((context) -> assertInvalid(context,
				"shared makes no sense with source in-memory-file, since an in-memory file always is. Leave it out."));
		inMemoryFile("seals=write").run((context) -> assertInvalid(context,
				"seals must not contain write: the file would consist of zeros for ever. Use future-write, or fill the"
						+ " file and call MemoryMapping.seal."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "anonymous", "in-memory-file" })
	void refusesNewMemoryWithoutALength(String source) {
		declaring("source=" + source).run((context) -> assertInvalid(context,
				"length is missing, and new memory has no end up to which it could be mapped. Set 'length', such as"
						+ " 64MB."));
		declaring("source=" + source, "length=0")
			.run((context) -> assertInvalid(context, "length must be positive, but is 0. Use at least 1."));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"shared=true|shared|the access says whether a file is. Set access to read-write for writes that reach the"
					+ " file, or leave it out.",
			"seals=grow|seals|only a file in memory can be sealed. Set 'source' to in-memory-file, or leave it out.",
			"huge-tlb=try|huge-tlb try|only new memory is taken from the pool of huge pages. Leave it out, and use"
					+ " 'huge-pages', with 'copy' where the file system has none.",
			"huge-page-size=2MB|huge-page-size 2097152|only new memory is taken from the pool of huge pages. Leave it"
					+ " out, and use 'huge-pages', with 'copy' where the file system has none." })
	void refusesWhatMakesNoSenseForAFile(String property, String what, String whyAndRemedy) {
		for (String location : List.of(this.file.toString(), JAR_RESOURCE, this.directory + "/*.bin")) {
			declaring("location=" + location, property).run((context) -> assertInvalid(context,
					what + " makes no sense with source file, since " + whyAndRemedy));
		}
	}

	@Test
	void refusesWhatMakesNoSenseForAResource() {
		declaring("location=" + JAR_RESOURCE, "map-sync=true")
			.run((context) -> assertInvalid(context, "map-sync makes no sense for '" + JAR_RESOURCE
					+ "', since what is on the class path cannot be written." + " Leave it out. Or map a file."));
		declaring("location=" + JAR_RESOURCE, "reserve=1MB")
			.run((context) -> assertInvalid(context, "reserve makes no sense for '" + JAR_RESOURCE
					+ "', since what is on the class path does not grow." + " Leave it out. Or map a file."));
	}

	@Test
	void refusesToReserveForASet() {
		declaring("location=" + this.directory + "/*.bin", "length=4KB", "reserve=1MB")
			.run((context) -> assertInvalid(context, "reserve makes no sense for the pattern '" + this.directory
					+ "/*.bin', whose mappings cannot be resized. Leave out 'reserve', or give the path of one file."));
	}

	@Test
	void refusesOptionsThatContradictEachOther() {
		file("reserve=1MB").run((context) -> assertInvalid(context,
				"reserve needs a length, which is missing. Set 'length': how long it is at first."));
		anonymous("huge-tlb=try", "huge-page-size=3MB").run((context) -> assertInvalid(context,
				"huge-page-size must be a power of two of at least 65536, but is 3145728. Use one of the sizes in"
						+ " /sys/kernel/mm/hugepages."));
		anonymous("huge-page-size=2MB").run((context) -> assertInvalid(context,
				"huge-page-size makes no sense without huge-tlb. Set 'huge-tlb' to try or require, or leave it out."));
		file("copy=true", "access=read-write").run((context) -> assertInvalid(context,
				"copy makes no sense with access read-write, since a copy does not reach the file. Use access"
						+ " read-only, or copy-on-write for changes that stay in memory; or leave out 'copy'."));
		file("advice=mergeable").run((context) -> assertInvalid(context,
				"advice mergeable is for private anonymous memory only. Leave it out."));
		anonymous("flags=0x10").run((context) -> assertInvalid(context,
				"flags 0x10 contains MAP_* that are not to be given by number: 0x10. Use the options of the builder for"
						+ " these."));
	}

	@Test
	void anOptionThatMakesNoSenseIsExplainedWithItsLine() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    words:
				      source: anonymous
				      length: 16KB
				      access: read-only
				""")).isEqualTo(
				"""
						Description:

						The mapping 'words' could not be made:

						    Property: mmap.mappings.words.access
						    Value: "read-only"
						    Origin: URL [file:<dir>/application.yml] - 6:15
						    Reason: access read-only makes no sense with source anonymous, since new memory can be read and written.

						Action:

						Leave it out; 'protection' says what is permitted at first.""");
	}

	@Test
	void lockingWithTheJdkMapperIsExplained() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mapper: jdk
				  mappings:
				    words:
				      location: %s
				      locked: true
				""".formatted(this.file))).isEqualTo(
				"""
						Description:

						The mapping 'words' could not be made:

						    Property: mmap.mappings.words.locked
						    Value: "true"
						    Origin: URL [file:<dir>/application.yml] - 6:15
						    Reason: Cannot map file '<dir>/words.bin' (read-only, offset 0, to the end): the jdk mapper does not \
						offer option 'locked'.

						Action:

						"""
						+ NATIVE_REMEDY);
	}

	@Test
	void newMemoryWithTheJdkMapperIsExplained() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mapper: jdk
				  mappings:
				    words:
				      source: anonymous
				      length: 16KB
				""")).isEqualTo("""
				Description:

				The mapping 'words' could not be made:

				    Property: mmap.mappings.words.source
				    Value: "anonymous"
				    Origin: URL [file:<dir>/application.yml] - 5:15
				    Reason: Cannot map anonymous memory (length 16384): the jdk mapper maps files only.

				Action:

				""" + NATIVE_REMEDY);
	}

	@ParameterizedTest
	@ValueSource(strings = { "protection=read", "no-reserve=true", "map-32bit=true", "huge-pages=require", "copy=true",
			"map-sync=true", "flags=0x2000000", "protection-bits=0x8", "dont-dump=true", "dont-fork=true" })
	void theJdkMapperRefusesWhatItCannotLeaveOut(String property) {
		file(property).withPropertyValues("mmap.mapper=jdk")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasStackTraceContaining("the jdk mapper does not offer option '" + property.split("=")[0]));
	}

	@Test
	void theJdkMapperLeavesOutWhatMakesNoDifferenceWithALineInTheLog() {
		try (CapturedLog log = new CapturedLog()) {
			file("advice=dont-dump", "populate=true", "huge-pages=try").withPropertyValues("mmap.mapper=jdk")
				.run((context) -> assertThat(mapping(context).segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 7));
			assertThat(log.messages(Level.INFO)).filteredOn((message) -> message.contains("without"))
				.containsExactly("Mapping file '" + this.file + "' (read-only, offset 0, to the end) without advice,"
						+ " populate, huge-pages, which the jdk mapper does not offer. " + NATIVE_REMEDY);
		}
	}

	@Test
	void whatIsNotSetIsLeftToTheDefaults() {
		MappingProperties mapping = new MappingProperties();
		assertThat(mapping.getSource()).isEqualTo(MappingProperties.Source.FILE);
		assertThat(mapping.getProtection()).isNull();
		assertThat(mapping.getHugePages()).isNull();
		assertThat(mapping.getAdvice()).isEqualTo(List.<Advice>of());
	}

	private ApplicationContextRunner file(String... settings) {
		return declaring(settings).withPropertyValues(property("location=" + this.file));
	}

	private ApplicationContextRunner anonymous(String... settings) {
		return declaring("source=anonymous", "length=16KB").withPropertyValues(properties(settings));
	}

	private ApplicationContextRunner inMemoryFile(String... settings) {
		return declaring("source=in-memory-file", "length=16KB").withPropertyValues(properties(settings));
	}

	private ApplicationContextRunner declaring(String... settings) {
		return this.contextRunner.withPropertyValues(properties(settings));
	}

	private ApplicationContextRunner yaml(String text) {
		return this.contextRunner.withInitializer((context) -> {
			try {
				for (PropertySource<?> source : new YamlPropertySourceLoader().load("yaml",
						new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)))) {
					context.getEnvironment().getPropertySources().addFirst(source);
				}
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	private static String[] properties(String... settings) {
		return Arrays.stream(settings).map(MmapPagePropertiesTests::property).toArray(String[]::new);
	}

	private static String property(String setting) {
		return "mmap.mappings.words." + setting;
	}

	private static MemoryMapping mapping(ApplicationContext context) {
		return context.getBean(MemoryMapping.class);
	}

	private static MappingInfo info(ApplicationContext context) {
		return context.getBean(MappingRegistry.class).mappings().getFirst();
	}

	private static void assertInvalid(AssertableApplicationContext context, String problemAndRemedy) {
		assertThat(context).hasFailed();
		assertThat(Failure.of(InvalidMappingPropertiesException.class, context.getStartupFailure()))
			.hasMessage("Mapping 'mmap.mappings.words' is not valid: " + problemAndRemedy);
	}

	private static List<String> vmFlags(MemoryMapping mapping) throws IOException {
		return List.of(smaps(mapping, "VmFlags:").split(" "));
	}

	private static String permissions(MemoryMapping mapping) throws IOException {
		return region(mapping).getFirst().split(" ")[1];
	}

	private static String smaps(MemoryMapping mapping, String key) throws IOException {
		return region(mapping).stream()
			.filter((line) -> line.startsWith(key))
			.map((line) -> line.substring(key.length()).strip())
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Return the lines of {@code /proc/self/smaps} on the region of a mapping.
	 */
	private static List<String> region(MemoryMapping mapping) throws IOException {
		List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
		for (int i = 0; i < lines.size(); i++) {
			if (lines.get(i).matches("[0-9a-f]+-[0-9a-f]+ .*")) {
				String[] range = lines.get(i).substring(0, lines.get(i).indexOf(' ')).split("-");
				if (Long.parseUnsignedLong(range[0], 16) <= mapping.address()
						&& mapping.address() < Long.parseUnsignedLong(range[1], 16)) {
					int end = i + 1;
					while (end < lines.size() && !lines.get(end - 1).startsWith("VmFlags:")) {
						end++;
					}
					return lines.subList(i, end);
				}
			}
		}
		throw new IllegalStateException("Nothing is mapped at " + Long.toHexString(mapping.address()));
	}

	static class NeedsWords {

		NeedsWords(@Qualifier("words") MemoryMapping words) {
			assertThat(words.name()).isEqualTo("words");
		}

	}

}
