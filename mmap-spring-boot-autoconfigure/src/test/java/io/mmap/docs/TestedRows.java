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
import java.lang.classfile.ClassModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.transform.stream.StreamSource;

import org.jspecify.annotations.Nullable;

/**
 * Holds a document against the tests: each row of a table with a column {@code test}
 * names tests that exist, and have passed. Those that were skipped, since something is
 * missing on this machine, are wrong in CI only.
 *
 * @param document the document, in Markdown
 * @param testClasses the directory of the compiled tests
 * @param reports the directory of the reports of Surefire
 * @param ci whether this is CI, where nothing is missing
 */
record TestedRows(Path document, Path testClasses, Path reports, boolean ci) {

	private static final String COLUMN = "test";

	private static final Pattern CELL_END = Pattern.compile("(?<!\\\\)\\|");

	private static final Pattern SEPARATOR = Pattern.compile("\\|(\\s*:?-+:?\\s*\\|)+");

	private static final Pattern CODE = Pattern.compile("`([^`]*)`");

	private static final Pattern TEST = Pattern.compile("([\\w.$]+)#(\\w+)");

	private static final String SKIPPED = "it was skipped. Run the tests where it is not; the environment variable"
			+ " CI=true has it say what is missing.";

	// As in 'io.mmap.FileMappingTests[1]', an invocation of a parameterized class
	private static final Pattern INVOCATION = Pattern.compile("\\[[^\\]]*]");

	/**
	 * Return what is wrong, and print which rows were not seen as their tests were
	 * skipped.
	 * @return sentences that name the row and say what to do
	 */
	List<String> problems() throws IOException {
		List<String> problems = new ArrayList<>();
		List<Row> rows = rows();
		if (rows.isEmpty()) {
			problems.add(this.document.getFileName() + ": there is no row in any table with a column '" + COLUMN
					+ "'. Add the table, or have the check read the document where it is.");
			return problems;
		}
		List<String> classes = classes();
		Map<String, List<TestCase>> testCases = testCases();
		for (Row row : rows) {
			for (String problem : problems(row, classes, testCases)) {
				problems.add(this.document.getFileName() + ":" + row.line() + ", row '" + row.what() + "': " + problem);
			}
		}
		return problems;
	}

	private List<String> problems(Row row, List<String> classes, Map<String, List<TestCase>> testCases)
			throws IOException {
		List<String> problems = new ArrayList<>();
		List<String> tests = CODE.matcher(row.tests()).results().map((result) -> result.group(1)).toList();
		boolean skipped = false;
		if (tests.isEmpty()) {
			problems.add("it has no test. Name one or more in its column '" + COLUMN
					+ "', each as `ClassName#methodName`, or remove the row.");
		}
		for (String test : tests) {
			Matcher matcher = TEST.matcher(test);
			String problem = (matcher.matches()) ? problem(matcher.group(1), matcher.group(2), classes, testCases)
					: "that is not the name of a test. Write `ClassName#methodName`.";
			if (SKIPPED.equals(problem) && !this.ci) {
				skipped = true;
			}
			else if (problem != null) {
				problems.add("`" + test + "`: " + problem);
			}
		}
		if (skipped) {
			System.out.println(
					"Not seen in this build: " + this.document.getFileName() + ":" + row.line() + " " + row.what());
		}
		return problems;
	}

	private @Nullable String problem(String type, String method, List<String> classes,
			Map<String, List<TestCase>> testCases) throws IOException {
		String suffix = "." + type.replace('$', '.');
		List<String> found = classes.stream()
			.filter((name) -> ("." + name.replace('$', '.')).endsWith(suffix))
			.toList();
		if (found.isEmpty()) {
			return "there is no such class in " + this.testClasses + ". Correct the name, or write the test.";
		}
		if (found.size() > 1) {
			return "there is more than one such class: " + String.join(", ", found)
					+ ". Write the name of the class around it, or of the package, too.";
		}
		if (!hasMethod(found.getFirst(), method)) {
			return "the class has no such method. Correct the name, or write the test.";
		}
		List<TestCase> runs = testCases.getOrDefault(found.getFirst(), List.of())
			.stream()
			.filter((testCase) -> testCase.isOf(method))
			.toList();
		if (runs.isEmpty()) {
			return "it has not run, according to " + this.reports
					+ ". Make it a test if it is none, and run all tests: 'mvn verify' without '-Dtest'.";
		}
		if (runs.stream().noneMatch((testCase) -> testCase.outcome() == Outcome.PASSED)) {
			return (runs.stream().anyMatch((testCase) -> testCase.outcome() == Outcome.FAILED))
					? "it has failed. Make it pass, or correct the row." : SKIPPED;
		}
		return null;
	}

	List<Row> rows() throws IOException {
		List<Row> rows = new ArrayList<>();
		List<String> lines = Files.readAllLines(this.document);
		boolean code = false;
		int column = -1;
		for (int i = 0; i < lines.size(); i++) {
			String line = lines.get(i).strip();
			if (line.startsWith("```")) {
				code = !code;
			}
			if (code || !line.startsWith("|")) {
				column = -1;
			}
			else if (i + 1 < lines.size() && SEPARATOR.matcher(lines.get(i + 1).strip()).matches()) {
				column = cells(line).indexOf(COLUMN);
			}
			else if (column >= 0 && !SEPARATOR.matcher(line).matches()) {
				List<String> cells = cells(line);
				rows.add(new Row(i + 1, cells.getFirst(), (column < cells.size()) ? cells.get(column) : ""));
			}
		}
		return rows;
	}

	private static List<String> cells(String line) {
		return CELL_END.splitAsStream(line.substring(1)).map(String::strip).toList();
	}

	private List<String> classes() throws IOException {
		try (Stream<Path> files = Files.walk(this.testClasses)) {
			return files.map((file) -> this.testClasses.relativize(file).toString())
				.filter((file) -> file.endsWith(".class"))
				.map((file) -> file.substring(0, file.length() - ".class".length()).replace('/', '.'))
				.sorted()
				.toList();
		}
	}

	private boolean hasMethod(String type, String method) throws IOException {
		Path file = this.testClasses.resolve(type.replace('.', '/') + ".class");
		if (!Files.exists(file)) {
			return false;
		}
		ClassModel model = ClassFile.of().parse(file);
		if (model.methods().stream().anyMatch((candidate) -> candidate.methodName().equalsString(method))) {
			return true;
		}
		String superclass = model.superclass().map((entry) -> entry.asInternalName()).orElse("");
		return hasMethod(superclass.replace('/', '.'), method);
	}

	private Map<String, List<TestCase>> testCases() throws IOException {
		Map<String, List<TestCase>> testCases = new HashMap<>();
		if (!Files.isDirectory(this.reports)) {
			return testCases;
		}
		try (Stream<Path> files = Files.list(this.reports)) {
			for (Path file : (Iterable<Path>) files.filter(TestedRows::isReport)::iterator) {
				read(file, testCases);
			}
		}
		return testCases;
	}

	private static boolean isReport(Path file) {
		String name = file.getFileName().toString();
		return name.startsWith("TEST-") && name.endsWith(".xml");
	}

	private static void read(Path report, Map<String, List<TestCase>> testCases) throws IOException {
		XMLInputFactory factory = XMLInputFactory.newInstance();
		factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
		try {
			XMLStreamReader reader = factory.createXMLStreamReader(new StreamSource(report.toFile()));
			String type = "";
			String name = "";
			Outcome outcome = Outcome.PASSED;
			while (reader.hasNext()) {
				int event = reader.next();
				if (event == XMLStreamConstants.START_ELEMENT) {
					switch (reader.getLocalName()) {
						case "testcase" -> {
							type = INVOCATION.matcher(reader.getAttributeValue(null, "classname")).replaceAll("");
							name = reader.getAttributeValue(null, "name");
							outcome = Outcome.PASSED;
						}
						case "failure", "error" -> outcome = Outcome.FAILED;
						case "skipped" -> outcome = Outcome.SKIPPED;
						default -> {
						}
					}
				}
				else if (event == XMLStreamConstants.END_ELEMENT && reader.getLocalName().equals("testcase")) {
					testCases.computeIfAbsent(type, (key) -> new ArrayList<>()).add(new TestCase(name, outcome));
				}
			}
			reader.close();
		}
		catch (XMLStreamException ex) {
			throw new IOException("Cannot read " + report + "; remove it, and run the tests again", ex);
		}
	}

	/**
	 * A row of a table.
	 *
	 * @param line the number of its line
	 * @param what its first cell
	 * @param tests its cell with the tests
	 */
	record Row(int line, String what, String tests) {

	}

	/**
	 * An invocation of a test.
	 *
	 * @param name the name of the method, and what tells the invocation from others
	 * @param outcome how it ended
	 */
	private record TestCase(String name, Outcome outcome) {

		boolean isOf(String method) {
			return this.name.startsWith(method) && (this.name.length() == method.length()
					|| !Character.isJavaIdentifierPart(this.name.charAt(method.length())));
		}

	}

	/**
	 * How an invocation ended.
	 */
	private enum Outcome {

		PASSED, FAILED, SKIPPED

	}

}
