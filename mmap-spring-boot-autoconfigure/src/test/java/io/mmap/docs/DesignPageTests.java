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
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each decision in {@code docs/design.md} says what its readers want to know, and the
 * classes that it names exist. Its tests are looked at by {@link DocumentedTestsIT}.
 */
class DesignPageTests {

	private static final EssayPage PAGE = EssayPage.of("design.md");

	private static final Path CLASSES = Path.of("target", "classes");

	private static final Pattern CODE = Pattern.compile("`(\\w+)`");

	@Test
	void eachDecisionHasWhatElseCouldHaveBeenDoneReasonsAndCosts() throws IOException {
		assertThat(PAGE.sections(3)).hasSizeGreaterThan(20)
			.allSatisfy((decision) -> assertThat(decision).contains("\n*Instead of:* ", "\n*Why:* ", "\n*Costs:* "));
	}

	@Test
	void eachClassThatIsNamedExists() throws IOException {
		List<String> named = new ArrayList<>();
		for (String row : PAGE.sections(2).getLast().lines().filter((line) -> line.startsWith("| ")).skip(1).toList()) {
			CODE.matcher(row.split("\\|")[2]).results().map((match) -> match.group(1)).forEach(named::add);
		}
		assertThat(named).hasSizeGreaterThan(30);
		assertThat(classes()).containsAll(named);
	}

	@Test
	void noCallIsCritical() throws IOException {
		List<String> callers = new ArrayList<>();
		for (Path file : files()) {
			for (PoolEntry entry : ClassFile.of().parse(file).constantPool()) {
				if (entry instanceof MemberRefEntry member && member.name().equalsString("critical")
						&& member.owner().asInternalName().equals("java/lang/foreign/Linker$Option")) {
					callers.add(file.getFileName().toString());
				}
			}
		}
		assertThat(callers).isEmpty();
	}

	private static List<String> classes() throws IOException {
		return files().stream().map((file) -> file.getFileName().toString().replace(".class", "")).toList();
	}

	private static List<Path> files() throws IOException {
		try (Stream<Path> files = Files.walk(CLASSES)) {
			return files.filter((file) -> file.toString().endsWith(".class")).toList();
		}
	}

}
