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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootVersion;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code docs/compatibility.md} says of versions and of what is public is so.
 */
class CompatibilityPageTests {

	private static final EssayPage PAGE = EssayPage.of("compatibility.md");

	private static final Pattern PUBLIC_TYPES = Pattern.compile("^\\| public types of (.*?) \\|", Pattern.MULTILINE);

	private static final Pattern CODE = Pattern.compile("`([^`]+)`");

	@Test
	void springBootIsTheOneOfTheseTests() throws IOException {
		assertThat(PAGE.text()).contains("| 4.1.x | tested with " + SpringBootVersion.getVersion() + " |");
	}

	@Test
	void theNameOfTheModuleIsThatOfTheManifest() throws IOException {
		String pom = Files.readString(Path.of("pom.xml"));
		assertThat(pom).contains("<Automatic-Module-Name>io.mmap</Automatic-Module-Name>");
		assertThat(PAGE.text()).contains("`Automatic-Module-Name` is `io.mmap`;");
	}

	@Test
	void allPackagesWithPublicTypesAreListedButThoseThatNobodyIsToUse() throws IOException {
		List<String> packages = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackages("io.mmap")
			.stream()
			.filter((type) -> type.getModifiers().contains(JavaModifier.PUBLIC))
			.map(JavaClass::getPackageName)
			.filter((name) -> !name.startsWith("io.mmap.internal") && !name.startsWith("io.mmap.autoconfigure"))
			.distinct()
			.toList();
		String listed = PUBLIC_TYPES.matcher(PAGE.text())
			.results()
			.map((match) -> match.group(1))
			.findFirst()
			.orElseThrow();
		assertThat(CODE.matcher(listed).results().map((match) -> match.group(1)))
			.containsExactlyInAnyOrderElementsOf(packages);
	}

}
