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
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.JavaProcess;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The texts by which somebody finds an entry of {@code docs/troubleshooting.md} are those
 * that this library has, or that are provoked here.
 */
@EnabledOnOs(OS.LINUX)
@ExtendWith(NothingLeftBehind.class)
class TroubleshootingPageTests {

	private static final EssayPage PAGE = EssayPage.of("troubleshooting.md");

	private static final Path CLASSES = Path.of("target", "classes");

	/** What differs from one message to the next. */
	private static final String DIFFERENT = "…";

	/** Where the compiler and formats put what differs. */
	private static final Pattern PLACEHOLDER = Pattern.compile("[\\u0001\\u0002]|%[sdnx]|\\s*\\n\\s*");

	@TempDir
	Path directory;

	@Test
	void eachEntryHasACauseAndARemedy() throws IOException {
		assertThat(PAGE.sections(3)).hasSizeGreaterThan(25)
			.allSatisfy((entry) -> assertThat(entry).contains("\n*Why.* ").contains("\n*What to do.* "));
	}

	@Test
	void noTwoEntriesHaveOneHeading() throws IOException {
		assertThat(PAGE.anchors()).doesNotHaveDuplicates();
	}

	@Test
	void eachTextIsInTheCodeOrProvoked() throws Exception {
		List<String> texts = new ArrayList<>(textsOfTheCode());
		texts.addAll(textsThatAreProvoked());
		List<String> unknown = new ArrayList<>();
		List<String> quoted = PAGE.blocks("text");
		for (String quote : quoted) {
			for (String part : quote.split(DIFFERENT)) {
				if (texts.stream().noneMatch((text) -> text.contains(part.strip()))) {
					unknown.add(part.strip());
				}
			}
		}
		assertThat(quoted).hasSizeGreaterThan(50);
		assertThat(unknown).isEmpty();
	}

	@Test
	void noTextIsSoShortThatItIsFoundAnywhere() throws IOException {
		assertThat(PAGE.blocks("text"))
			.allSatisfy((quote) -> assertThat(quote.split(DIFFERENT)).anyMatch((part) -> part.strip().length() >= 9));
	}

	@Test
	void eachFaultIsInThatSectionOfTheCatalogue() throws IOException {
		List<String> sections = EssayPage.of("faults.md").sections(2);
		List<String> missing = new ArrayList<>();
		List<EssayPage.Link> faults = PAGE.links()
			.stream()
			.filter((link) -> link.file().equals("faults.md") && link.text().startsWith("`"))
			.toList();
		for (EssayPage.Link fault : faults) {
			String heading = "## " + fault.anchor().replace('-', ' ');
			if (sections.stream()
				.noneMatch((section) -> section.toLowerCase(Locale.ROOT).startsWith(heading)
						&& section.contains("\n| " + fault.text() + " |"))) {
				missing.add(fault.text() + " in " + fault.anchor());
			}
		}
		assertThat(faults).hasSizeGreaterThan(30);
		assertThat(missing).isEmpty();
	}

	/**
	 * Return all texts of the compiled classes, cut where something is put in.
	 */
	private static List<String> textsOfTheCode() throws IOException {
		List<String> texts = new ArrayList<>();
		try (Stream<Path> files = Files.walk(CLASSES)) {
			for (Path file : (Iterable<Path>) files.filter((each) -> each.toString().endsWith(".class"))::iterator) {
				for (PoolEntry entry : ClassFile.of().parse(file).constantPool()) {
					if (entry instanceof StringEntry string) {
						PLACEHOLDER.splitAsStream(string.stringValue()).forEach(texts::add);
					}
				}
			}
		}
		return texts;
	}

	/**
	 * Return what the JVM, or this library with words of several places, says of mistakes
	 * that are made here.
	 */
	private List<String> textsThatAreProvoked() throws Exception {
		Path file = Files.write(this.directory.resolve("file"), new byte[1 << 20]);
		List<String> texts = new ArrayList<>();
		texts.add(message(afterUnmapping(file)));
		VarHandle aligned = ValueLayout.JAVA_LONG.varHandle();
		VarHandle unaligned = ValueLayout.JAVA_LONG_UNALIGNED.varHandle();
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment memory = arena.allocate(64, 8);
			texts.add(message(() -> aligned.getAndAdd(memory, 4L, 1L)));
			texts.add(message(() -> unaligned.getAndAdd(memory, 8L, 1L)));
			texts.add(message(memory::force));
			Thread.ofPlatform().start(() -> texts.add(message(() -> memory.get(ValueLayout.JAVA_BYTE, 0)))).join();
			MemorySegment lost = mapAndTruncate(file, arena);
			texts.add(message(() -> lost.get(ValueLayout.JAVA_BYTE, 1 << 19)));
		}
		texts.add(message(afterClosing()));
		String output = JavaProcess
			.run(this.directory, System.getProperty("java.class.path"),
					List.of("-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + this.directory.resolve("error.log")),
					Dying.class, this.directory.resolve("mapped").toString())
			.output();
		output.lines().forEach(texts::add);
		return texts;
	}

	private static ThrowingCallable afterUnmapping(Path file) {
		try (MappingRegistry registry = MappingRegistry.builder().build()) {
			MemoryMapping mapping = registry.map(MappingSpec.file(file).build());
			mapping.unmap();
			return mapping::unmap;
		}
	}

	private static ThrowingCallable afterClosing() {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment memory = arena.allocate(8);
			return () -> memory.get(ValueLayout.JAVA_BYTE, 0);
		}
	}

	private static MemorySegment mapAndTruncate(Path file, Arena arena) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			MemorySegment memory = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
			channel.truncate(0);
			return memory;
		}
	}

	private static String message(ThrowingCallable code) {
		return String.valueOf(catchThrowable(code).getMessage());
	}

	/**
	 * Calls a restricted method, and ends in an access that the JVM cannot make an error
	 * of.
	 */
	static final class Dying {

		private Dying() {
		}

		@SuppressWarnings("restricted")
		public static void main(String[] args) throws IOException {
			System.out.println(MemorySegment.NULL.reinterpret(1).byteSize());
			Path file = Files.write(Path.of(args[0]), new byte[1 << 20]);
			ByteBuffer lost = mapAndTruncate(file, Arena.global()).asByteBuffer();
			CRC32 sum = new CRC32();
			sum.update(lost);
		}

	}

}
