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
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.mmap.testsupport.Fault;

/**
 * Holds a catalogue of faults against the tests that are marked as theirs: each entry has
 * one, and each of them an entry.
 *
 * @param document the catalogue, in Markdown, with the name of each entry in the first
 * column and its test in the one called {@code test}
 * @param testClasses the directory of the compiled tests
 */
record FaultCatalogue(Path document, Path testClasses) {

	private static final String MARK = Fault.class.descriptorString();

	private static final Pattern NAME = Pattern.compile("`([a-z0-9]+(?:-[a-z0-9]+)*)`");

	private static final Pattern TEST = Pattern.compile("`([\\w.$]+#\\w+)`");

	/**
	 * Return what is wrong.
	 * @return sentences that name the entry and say what to do
	 */
	List<String> problems() throws IOException {
		List<String> problems = new ArrayList<>();
		Map<String, List<String>> marked = marked();
		Map<String, String> entries = new TreeMap<>();
		for (TestedRows.Row row : rows()) {
			Matcher name = NAME.matcher(row.what());
			Matcher test = TEST.matcher(row.tests());
			if (!name.matches() || !test.matches()) {
				problems.add("%s:%d: write one name, such as `disk-full`, and one test, as `ClassName#methodName`"
					.formatted(this.document.getFileName(), row.line()));
			}
			else if (entries.put(name.group(1), test.group(1)) != null) {
				problems.add("%s: there is more than one entry of this name. Find another one for one of them"
					.formatted(name.group(1)));
			}
		}
		entries.forEach((name, test) -> check(name, test, marked.getOrDefault(name, List.of()), problems));
		marked.forEach((name, tests) -> {
			if (!entries.containsKey(name)) {
				problems.add("%s: %s is marked as its test, and there is no such entry. Add it to %s".formatted(name,
						tests, this.document.getFileName()));
			}
		});
		return problems;
	}

	private static void check(String name, String test, List<String> marked, List<String> problems) {
		if (marked.size() != 1) {
			problems.add("%s: %s. Mark exactly one with @Fault(\"%s\")".formatted(name,
					(marked.isEmpty()) ? "no test is marked as its own" : "more than one test is: " + marked, name));
		}
		else if (!("." + marked.getFirst()).endsWith("." + test)) {
			problems.add("%s: its test is said to be %s, and %s is marked as such. Correct one of them".formatted(name,
					test, marked.getFirst()));
		}
	}

	/**
	 * Return the names of the entries.
	 */
	List<String> entries() throws IOException {
		return rows().stream().map(TestedRows.Row::what).toList();
	}

	private List<TestedRows.Row> rows() throws IOException {
		return new TestedRows(this.document, this.testClasses, this.testClasses, false).rows();
	}

	private Map<String, List<String>> marked() throws IOException {
		Map<String, List<String>> marked = new TreeMap<>();
		try (Stream<Path> files = Files.walk(this.testClasses)) {
			for (Path file : (Iterable<Path>) files.filter((each) -> each.toString().endsWith(".class"))::iterator) {
				ClassModel type = ClassFile.of().parse(file);
				for (MethodModel method : type.methods()) {
					String test = type.thisClass().asInternalName().replace('/', '.') + "#"
							+ method.methodName().stringValue();
					faults(method)
						.forEach((fault) -> marked.computeIfAbsent(fault, (name) -> new ArrayList<>()).add(test));
				}
			}
		}
		return marked;
	}

	private static Stream<String> faults(MethodModel method) {
		return method.findAttribute(Attributes.runtimeVisibleAnnotations())
			.stream()
			.flatMap((attribute) -> attribute.annotations().stream())
			.filter((annotation) -> annotation.className().equalsString(MARK))
			.flatMap((annotation) -> annotation.elements().stream())
			.map(AnnotationElement::value)
			.map((value) -> ((AnnotationValue.OfString) value).stringValue());
	}

}
