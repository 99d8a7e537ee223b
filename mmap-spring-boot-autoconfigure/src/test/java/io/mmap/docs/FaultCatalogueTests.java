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
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.testsupport.Fault;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The check of the catalogue notices what is planted.
 */
class FaultCatalogueTests {

	private static final String RIGHT = row("`planted-once`", "`planted.Planted#once`");

	private static final String MISSING = "planted-twice: [planted.Planted#first,"
			+ " planted.Planted#second] is marked as its test, and there is no such entry";

	private static final MethodTypeDesc NO_ARGUMENTS = MethodTypeDesc.of(ConstantDescs.CD_void);

	@TempDir
	Path directory;

	@Test
	void anEntryWithTheTestThatIsMarkedAsItsOwnIsRight() throws Exception {
		assertThat(problems(RIGHT)).noneMatch((problem) -> problem.startsWith("planted-once"));
	}

	@Test
	void aMarkedTestWithoutAnEntryIsWrong() throws Exception {
		assertThat(problems(RIGHT)).anyMatch((problem) -> problem.startsWith(MISSING));
	}

	@Test
	void anEntryWithTwoTestsIsWrong() throws Exception {
		assertThat(problems(RIGHT, row("`planted-twice`", "`Planted#first`")))
			.anyMatch((problem) -> problem.startsWith("planted-twice: more than one test is:"));
	}

	@Test
	void anEntryWhoseTestIsNotMarkedIsWrong() throws Exception {
		assertThat(problems(RIGHT, row("`planted-never`", "`Planted#never`")))
			.anyMatch((problem) -> problem.startsWith("planted-never: no test is marked as its own"));
	}

	@Test
	void anEntryThatNamesAnotherTestIsWrong() throws Exception {
		assertThat(problems(row("`planted-once`", "`planted.Planted#never`")))
			.anyMatch((problem) -> problem.startsWith("planted-once: its test is said to be"));
		assertThat(problems(row("`planted-once`", "`planted.Planted#nce`")))
			.anyMatch((problem) -> problem.startsWith("planted-once: its test is said to be"));
	}

	@Test
	void twoEntriesOfOneNameAreWrong() throws Exception {
		assertThat(problems(RIGHT, RIGHT))
			.anyMatch((problem) -> problem.startsWith("planted-once: there is more than one entry of this name"));
	}

	@Test
	void aRowWithoutANameOrATestIsWrong() throws Exception {
		assertThat(problems(row("planted-once", "`Planted#once`"), row("`planted-once`", "")))
			.filteredOn((problem) -> problem.startsWith("faults.md:"))
			.hasSize(2);
	}

	private static String row(String name, String test) {
		return "| " + name + " | goes wrong | " + test + " |\n";
	}

	private List<String> problems(String... rows) throws IOException {
		Path document = Files.writeString(this.directory.resolve("faults.md"),
				"| fault | what | test |\n|---|---|---|\n" + String.join("", rows));
		Path classes = Files.createDirectories(this.directory.resolve("classes/planted"));
		ClassFile.of().buildTo(classes.resolve("Planted.class"), ClassDesc.of("planted.Planted"), (type) -> {
			test(type, "once", "planted-once");
			test(type, "first", "planted-twice");
			test(type, "second", "planted-twice");
			type.withMethod("never", NO_ARGUMENTS, ClassFile.ACC_ABSTRACT, (method) -> {
			});
		});
		return new FaultCatalogue(document, classes.getParent()).problems();
	}

	/**
	 * Not in a class of this source, which the real check would find.
	 */
	private static void test(ClassBuilder type, String name, String fault) {
		Annotation mark = Annotation.of(Fault.class.describeConstable().orElseThrow(),
				AnnotationElement.ofString("value", fault));
		type.withMethod(name, NO_ARGUMENTS, ClassFile.ACC_ABSTRACT,
				(method) -> method.with(RuntimeVisibleAnnotationsAttribute.of(mark)));
	}

}
