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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link Snippets} and {@link Commands} notice what is planted.
 */
class SnippetsTests {

	private static final KnownProperties PROPERTIES = new KnownProperties();

	@TempDir
	Path directory;

	@Test
	void aRegionThatAPageShowsIsRight() throws IOException {
		source("A.java", "class A {\n\t// %s::page-a[]\n\tint a;\n\n\t\tint b;\n\n\t// %s::page-a[]\n}\n");
		assertThat(problems(block("java", "int a;\n\n\tint b;"))).isEmpty();
	}

	@Test
	void aClassThatIsNestedInATestIsShownAsOneThatIsNot() throws IOException {
		source("A.java", "class A {\n\t// %s::page-a[]\n\t@Component\n\tstatic class B {\n\t}\n\t// %s::page-a[]\n}\n");
		assertThat(problems(block("java", "@Component\nclass B {\n}"))).isEmpty();
	}

	@Test
	void aRegionMayBeWithinAnother() throws IOException {
		source("a.yml", "# %s::page-all[]\na:\n  b: 1\n");
		Files.writeString(this.directory.resolve("src/a.yml"),
				"# tag::page-all[]\na:\n  # tag::page-part[]\n  b: 1\n  # end::page-part[]\n# end::page-all[]\n");
		assertThat(problems(block("yaml", "a:\n  b: 1") + block("yaml", "b: 1"))).isEmpty();
	}

	@Test
	void codeThatIsNoRegionIsNamedWithTheLineInWhichItDiffers() throws IOException {
		source("A.java", "// %s::page-a[]\nint a;\nint b;\n// %s::page-a[]\n");
		assertThat(problems(block("java", "int a;\nint b;") + block("java", "int a;\nint c;"))).singleElement()
			.asString()
			.startsWith("page.md:6: this block of java is no region of a source that is compiled and run")
			.endsWith("The region 'page-a' (src/A.java:1) is like it up to its line 2");
	}

	@Test
	void codeOfAnotherLanguageIsNoRegion() throws IOException {
		source("a.yml", "# %s::page-a[]\na\n# %s::page-a[]\n");
		assertThat(problems(block("yaml", "a") + block("java", "a"))).singleElement()
			.asString()
			.startsWith("page.md:5: this block of java");
	}

	@Test
	void aRegionThatNoPageShowsIsWrong() throws IOException {
		source("A.java", "// %s::page-a[]\nint a;\n// %s::page-a[]\n");
		assertThat(problems(""))
			.containsExactly("src/A.java:1: no page shows the region 'page-a': remove its tags, or show it");
	}

	@Test
	void aNameThatIsTakenIsWrong() throws IOException {
		source("A.java", "// %s::page-a[]\nint a;\n// %s::page-a[]\n");
		source("B.java", "// %s::page-a[]\nint b;\n// %s::page-a[]\n");
		assertThat(problems(block("java", "int a;"))).singleElement()
			.asString()
			.startsWith("src/B.java:1: there is another region 'page-a' already, src/A.java:1");
	}

	@Test
	void tagsThatDoNotMatchAreWrong() throws IOException {
		Files.createDirectories(this.directory.resolve("src"));
		Files.writeString(this.directory.resolve("src/A.java"),
				"// tag::page-a[]\n// end::page-b[]\n// tag::[]\n// end::Page_a[]\n");
		assertThat(problems("")).hasSize(4)
			.anySatisfy((problem) -> assertThat(problem)
				.isEqualTo("src/A.java:1: the region 'page-a' does not end in this file"))
			.anySatisfy(
					(problem) -> assertThat(problem).startsWith("src/A.java:2: the region 'page-b' ends here and has"))
			.anySatisfy((problem) -> assertThat(problem).startsWith("src/A.java:3: '' is no name of a region"))
			.anySatisfy((problem) -> assertThat(problem).startsWith("src/A.java:4: 'Page_a' is no name of a region"));
	}

	@Test
	void aBlockThatSaysNoLanguageIsWrong() throws IOException {
		assertThat(problems(block("", "LEAK: ...") + block("text", "LEAK: ..."))).singleElement()
			.asString()
			.startsWith("page.md:1: a block of '' is looked at by no test");
	}

	@Test
	void linesOfThisProjectAreAnExcerptOnThePageForContributorsOnly() throws IOException {
		Path main = Files.createDirectories(this.directory.resolve("main"));
		Files.writeString(main.resolve("A.java"), "class A {\n\tvoid a() {\n\t\tb();\n\t}\n}\n");
		String excerpt = block("java", "void a() {\n\tb();\n}");
		Files.createDirectories(this.directory.resolve("src"));
		assertThat(problems("CONTRIBUTING.md", excerpt)).isEmpty();
		assertThat(problems("page.md", excerpt)).hasSize(1);
		assertThat(problems("CONTRIBUTING.md", block("java", "void a() {\n}"))).hasSize(1);
	}

	@Test
	void commandsThatNameWhatThereIsAreRight() {
		assertThat(commands("""
				mvn -pl sample-app -am spring-boot:run
				mvn -o -pl mmap-spring-boot-autoconfigure test -Dtest=SnippetsTests
				mvn -Pmutation process-test-classes && mvn verify -Dmmap.seed=1
				java -jar sample-app/target/sample-app-0.1.0-SNAPSHOT.jar --sample.dictionary=/tmp --mmap.mapper=jdk
				curl localhost:8080/actuator/mmap
				curl -X POST 'http://localhost:8080/words?prefix=geo' | jq .
				ls /tmp
				""")).isEmpty();
	}

	@Test
	void commandsThatNameWhatThereIsNotAreWrong() {
		assertThat(commands("""
				mvn -pl sample -Pnone spring-boat:run
				mvn verfy -Dtest=NoSuchTests -Dno.such=1
				cd x && java -jar sample-app/target/sample-app-0.0.9.jar --mmap.mappings.x.locaton=y
				curl localhost:8080/actuator/mmaps; curl localhost:8080/wrds
				""")).containsExactly("there is no module sample: correct the command",
				"there is no profile none: correct the command",
				"the build has no plugin spring-boat: correct the command",
				"Maven has no phase verfy: correct the command",
				"there is no test class test=NoSuchTests: correct the command",
				"neither the build nor a test knows a property no.such: correct the command",
				"the jar sample-app/target/sample-app-0.0.9.jar is not built: that of this module is"
						+ " sample-app/target/sample-app-0.1.0-SNAPSHOT.jar: correct the command",
				"no application knows a property mmap.mappings.x.locaton: correct the command",
				"no application exposes an endpoint mmaps: correct the command",
				"no application has a path /wrds: correct the command");
	}

	private void source(String name, String code) throws IOException {
		Path file = Files.createDirectories(this.directory.resolve("src")).resolve(name);
		// Written so that this source has no such lines itself
		Files.writeString(file, code.replaceFirst("%s", "tag").replaceFirst("%s", "end"));
	}

	private static String block(String language, String code) {
		return "```" + language + "\n" + code + "\n```\n\n";
	}

	private List<String> problems(String text) {
		return problems("page.md", text);
	}

	private List<String> problems(String name, String text) {
		return new Snippets(List.of(new Page(name, text.lines().toList())),
				Regions.read(this.directory, List.of("src", "missing")),
				new Excerpts("CONTRIBUTING.md", this.directory.resolve("main")), new Commands(Page.ROOT, PROPERTIES))
			.problems();
	}

	private static List<String> commands(String commands) {
		return new Commands(Page.ROOT, PROPERTIES).problems(new Page.Block(1, "shell", commands, ""));
	}

}
