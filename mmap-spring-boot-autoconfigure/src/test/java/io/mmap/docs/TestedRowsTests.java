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
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * The check of the documentation notices what is planted.
 */
@ExtendWith(OutputCaptureExtension.class)
class TestedRowsTests {

	private static final String PLANTED = "io.mmap.docs.TestedRowsTests$";

	@TempDir
	Path directory;

	private boolean ci = true;

	@BeforeEach
	void createReport() throws IOException {
		report("TEST-planted.xml", """
				<testcase name="passes" classname="%1$sPlanted" time="0.1"/>
				<testcase name="passesWithMore" classname="%1$sPlanted">
				  <system-out><![CDATA[<failure/>]]></system-out>
				</testcase>
				<testcase name="parameterized(String, List)[1]" classname="%1$sPlanted"><skipped/></testcase>
				<testcase name="parameterized(String, List)[2]" classname="%1$sPlanted"/>
				<testcase name="fails" classname="%1$sPlanted"><failure message="x">at</failure></testcase>
				<testcase name="breaks" classname="%1$sPlanted"><error message="x"/></testcase>
				<testcase name="skips" classname="%1$sPlanted"><skipped message="x"/></testcase>
				<testcase name="passes" classname="%1$sPlantedClass[1]"/>
				<testcase name="nested" classname="%1$sPlanted$Within"/>
				<testcase name="inherited" classname="%1$sPlantedClass[2]"/>
				""".formatted(PLANTED));
	}

	@Test
	void rowsWithTestsThatHavePassedAreRight() throws Exception {
		assertThat(problems("`Planted#passes`", "`Planted#passesWithMore`, `Planted#parameterized`",
				"see `PlantedClass#passes` too", "`TestedRowsTests.Planted#passes`", "`Planted.Within#nested`",
				"`Planted$Within#nested`", "`PlantedClass#inherited`", "`io.mmap.docs.TestedRowsTests$Planted#passes`"))
			.isEmpty();
	}

	@Test
	void aRowWithoutATestIsWrong() throws Exception {
		assertThat(problems("", "Planted#passes")).containsExactly(
				"native.md:5, row 'row 0': it has no test. Name one or more in its column 'test', each as"
						+ " `ClassName#methodName`, or remove the row.",
				"native.md:6, row 'row 1': it has no test. Name one or more in its column 'test', each as"
						+ " `ClassName#methodName`, or remove the row.");
	}

	@Test
	void aRowThatEndsBeforeTheColumnIsWrong() throws Exception {
		assertThat(problemsOf("| what | test |\n|---|---|\n| short |")).singleElement()
			.asString()
			.contains("native.md:3, row 'short': it has no test.");
	}

	@Test
	void whatIsNotTheNameOfATestIsWrong() throws Exception {
		assertThat(problems("`mmap(2)`")).singleElement()
			.asString()
			.contains("row 'row 0': `mmap(2)`: that is not the name of a test. Write `ClassName#methodName`.");
	}

	@Test
	void aClassThatDoesNotExistIsWrong() throws Exception {
		assertThat(problems("`lanted#passes`")).singleElement()
			.asString()
			.contains("row 'row 0': `lanted#passes`: there is no such class", "Correct the name");
	}

	@Test
	void aClassOfWhichThereAreTwoIsWrong() throws Exception {
		assertThat(problems("`Within#nested`")).singleElement()
			.asString()
			.contains("`Within#nested`: there is more than one such class: " + PLANTED + "Planted$Within, " + PLANTED
					+ "PlantedClass$Within.", "Write the name of the class around it");
	}

	@Test
	void aMethodThatDoesNotExistIsWrong() throws Exception {
		assertThat(problems("`Planted#pass`")).singleElement()
			.asString()
			.contains("row 'row 0': `Planted#pass`: the class has no such method.");
	}

	@Test
	void aTestThatHasNotRunIsWrong() throws Exception {
		assertThat(problems("`Planted#passesWith`")).singleElement()
			.asString()
			.contains("row 'row 0': `Planted#passesWith`: it has not run", "'mvn verify' without '-Dtest'");
	}

	@Test
	void withoutReportsNoTestHasRun() throws Exception {
		Files.delete(this.directory.resolve("TEST-planted.xml"));
		assertThat(problems("`Planted#passes`")).singleElement().asString().contains("it has not run");
		report("planted.xml", "<testcase name='passes' classname='" + PLANTED + "Planted'/>");
		assertThat(problems("`Planted#passes`")).singleElement().asString().contains("it has not run");
	}

	@Test
	void aTestThatHasPassedInAnotherClassOnlyIsWrong() throws Exception {
		assertThat(problems("`PlantedClass#passesWithMore`")).singleElement().asString().contains("it has not run");
	}

	@Test
	void aTestThatHasFailedIsWrong() throws Exception {
		assertThat(problems("`Planted#fails`", "`Planted#breaks`")).hasSize(2)
			.allSatisfy((problem) -> assertThat(problem).contains("it has failed. Make it pass, or correct the row."));
	}

	@Test
	void aTestThatWasSkippedIsWrongInCi(CapturedOutput output) throws Exception {
		assertThat(problems("`Planted#skips`")).singleElement().asString().contains("it was skipped.", "CI=true");
		assertThat(output).doesNotContain("Not seen");
	}

	@Test
	void aRowWhoseTestWasSkippedElsewhereIsNamedOnceAndNotWrong(CapturedOutput output) throws Exception {
		this.ci = false;
		assertThat(problems("`Planted#passes`", "`Planted#skips`, `Planted#skips` and `Planted#passes`")).isEmpty();
		assertThat(output.getOut().lines().filter((line) -> line.startsWith("Not seen")))
			.containsExactly("Not seen in this build: native.md:6 row 1");
	}

	@Test
	void whatHasFailedOrNotRunIsWrongElsewhereToo() throws Exception {
		this.ci = false;
		assertThat(problems("`Planted#fails`", "`Planted#passesWith`", "`Planted#skips`, `Planted#breaks`"))
			.satisfiesExactly((problem) -> assertThat(problem).contains("it has failed"),
					(problem) -> assertThat(problem).contains("it has not run"),
					(problem) -> assertThat(problem).contains("`Planted#breaks`: it has failed"));
	}

	@Test
	void eachWrongTestOfARowIsNamed() throws Exception {
		assertThat(problems("`Planted#fails`, `Planted#passes` and `Planted#skips`")).hasSize(2);
	}

	@Test
	void tablesWithoutTestsAreIgnored() throws Exception {
		assertThat(problemsOf("""
				| what | flag |
				|:---|---:|
				| read | `PROT_READ` |

				```
				| what | test |
				|---|---|
				| code | |
				```

				| what \\| how | test | more |
				|---|---|---|
				| read \\| write | `Planted#passes` | `PROT_WRITE` |
				""")).isEmpty();
	}

	@Test
	void aDocumentWithoutAnyTestIsWrong() throws Exception {
		assertThat(problemsOf("# Nothing\n\n| what | tests |\n|---|---|\n| read | |\n")).singleElement()
			.asString()
			.startsWith("native.md: there is no row in any table with a column 'test'.");
	}

	@Test
	void aReportThatCannotBeReadIsNamed() throws IOException {
		Files.writeString(this.directory.resolve("TEST-broken.xml"), "<testsuite>");
		assertThatIOException().isThrownBy(() -> problems("`Planted#passes`"))
			.withMessageContaining("TEST-broken.xml; remove it, and run the tests again");
	}

	private List<String> problems(String... tests) throws IOException, URISyntaxException {
		StringBuilder document = new StringBuilder("# Title\n\n| what | system call | test |\n|---|---|---|\n");
		for (int i = 0; i < tests.length; i++) {
			document.append("| row " + i + " | `mmap` | " + tests[i] + " |\n");
		}
		return problemsOf(document.toString());
	}

	private List<String> problemsOf(String document) throws IOException, URISyntaxException {
		Path file = Files.writeString(this.directory.resolve("native.md"), document);
		Path testClasses = Path.of(getClass().getProtectionDomain().getCodeSource().getLocation().toURI());
		return new TestedRows(file, testClasses, this.directory, this.ci).problems();
	}

	private void report(String name, String testCases) throws IOException {
		Files.writeString(this.directory.resolve(name), "<testsuite>\n" + testCases + "</testsuite>\n");
	}

	/**
	 * Has methods that no report knows as tests but the planted one.
	 */
	static class Planted {

		void passes() {
		}

		void passesWith() {
		}

		void passesWithMore() {
		}

		void parameterized() {
		}

		void fails() {
		}

		void breaks() {
		}

		void skips() {
		}

		void inherited() {
		}

		static class Within {

			void nested() {
			}

		}

	}

	/**
	 * Is parameterized, according to the report.
	 */
	static class PlantedClass extends Planted {

		static class Within {

			void nested() {
			}

		}

	}

}
