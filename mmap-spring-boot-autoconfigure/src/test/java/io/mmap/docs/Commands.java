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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.mmap.docs.Page.Block;

/**
 * Whether commands that a page has a reader type name what there is: modules, profiles,
 * plugins, test classes, jars, paths of a web application and properties. Nothing is run.
 */
final class Commands {

	private static final Set<String> PHASES = Set.of("clean", "validate", "compile", "test-compile", "test", "package",
			"process-test-classes", "verify", "install", "deploy");

	private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

	private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>\\s*<packaging>pom</packaging>");

	private final Path root;

	private final KnownProperties properties;

	private final String poms;

	private final String sources;

	private final String version;

	/**
	 * Create an instance.
	 * @param root the root of the repository
	 * @param properties the properties of applications
	 */
	Commands(Path root, KnownProperties properties) {
		this.root = root;
		this.properties = properties;
		this.poms = read(List.of("."), 2, "pom.xml");
		this.sources = read(List.of("sample-app/src", "consumers/src", "mmap-spring-boot-autoconfigure/src/test"),
				Integer.MAX_VALUE, ".java", ".kt", ".yml", ".properties");
		Matcher version = VERSION.matcher(this.poms);
		this.version = (version.find()) ? version.group(1) : "unknown";
	}

	private String read(List<String> directories, int depth, String... suffixes) {
		StringBuilder text = new StringBuilder();
		for (String directory : directories) {
			Path start = this.root.resolve(directory);
			if (Files.exists(start)) {
				try (Stream<Path> files = Files.walk(start, depth)) {
					for (Path file : files.sorted().toList()) {
						if (Stream.of(suffixes).anyMatch(file.toString()::endsWith)) {
							text.append("\n// ").append(file.getFileName()).append('\n').append(Files.readString(file));
						}
					}
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}
		}
		return text.toString();
	}

	/**
	 * Return what is wrong with the commands of a block.
	 */
	List<String> problems(Block block) {
		List<String> problems = new ArrayList<>();
		for (String line : block.code().replace("\\\n", " ").lines().toList()) {
			boolean output = block.language().equals("console") && !line.startsWith("$ ");
			if (!output && !line.startsWith("#")) {
				for (String command : line.replaceFirst("^\\$ ", "").split("\\s*(&&|\\|\\||[|;])\\s+")) {
					check(words(command), problems);
				}
			}
		}
		return problems;
	}

	private static List<String> words(String command) {
		return WORD.matcher(command)
			.results()
			.map((word) -> (word.group(1) != null) ? word.group(1)
					: (word.group(2) != null) ? word.group(2) : word.group())
			.filter((word) -> !word.isEmpty())
			.toList();
	}

	private void check(List<String> words, List<String> problems) {
		switch ((words.isEmpty()) ? "" : words.getFirst()) {
			case "mvn" -> checkMaven(words, problems);
			case "java" -> checkJava(words, problems);
			case "curl" -> words.stream()
				.skip(1)
				.filter((word) -> word.contains("localhost:"))
				.forEach((url) -> checkUrl(url, problems));
			default -> {
			}
		}
	}

	private void checkMaven(List<String> words, List<String> problems) {
		for (int i = 1; i < words.size(); i++) {
			String word = words.get(i);
			if (word.equals("-pl")) {
				for (String module : words.get(++i).split(",")) {
					check(this.poms.contains("<module>" + module + "</module>"), "there is no module " + module,
							problems);
				}
			}
			else if (word.equals("-f")) {
				check(Files.exists(this.root.resolve(words.get(++i))), "there is no " + words.get(i), problems);
			}
			else if (word.startsWith("-P")) {
				check(this.poms.contains("<id>" + word.substring(2) + "</id>"),
						"there is no profile " + word.substring(2), problems);
			}
			else if (word.startsWith("-D")) {
				checkProperty(word.substring(2).split("=", 2), problems);
			}
			else if (word.contains(":")) {
				String plugin = word.substring(0, word.indexOf(':'));
				check(this.poms.contains(">" + plugin + "-maven-plugin<")
						|| this.poms.contains(">maven-" + plugin + "-plugin<"), "the build has no plugin " + plugin,
						problems);
			}
			else if (!word.startsWith("-")) {
				check(PHASES.contains(word), "Maven has no phase " + word, problems);
			}
		}
	}

	private void checkProperty(String[] property, List<String> problems) {
		String name = property[0];
		if (name.equals("test") || name.equals("it.test")) {
			check(property.length == 2 && this.sources.contains("\n// " + property[1] + ".java\n"),
					"there is no test class " + String.join("=", property), problems);
		}
		else if (name.equals("invoker.test")) {
			check(property.length == 2 && Files.exists(Page.ROOT.resolve("consumers/src/it").resolve(property[1])),
					"there is no consumer project " + String.join("=", property), problems);
		}
		else {
			check(this.poms.contains(name) || this.sources.contains('"' + name + '"'),
					"neither the build nor a test knows a property " + name, problems);
		}
	}

	private void checkJava(List<String> words, List<String> problems) {
		for (int i = 1; i < words.size(); i++) {
			String word = words.get(i);
			if (word.equals("-jar") && words.get(i + 1).contains("target/")) {
				checkJar(words.get(i + 1), problems);
			}
			else if (word.startsWith("--") && word.contains(".") && word.contains("=")) {
				String name = word.substring(2, word.indexOf('='));
				check(this.properties.contains(name) || this.sources.contains("${" + name + "}"),
						"no application knows a property " + name, problems);
			}
		}
	}

	private void checkJar(String jar, List<String> problems) {
		String module = jar.substring(0, jar.indexOf("target/")).replaceAll("/$", "");
		if (!module.isEmpty()) {
			String expected = module + "/target/" + module + "-" + this.version + ".jar";
			check(jar.equals(expected), "the jar " + jar + " is not built: that of this module is " + expected,
					problems);
		}
	}

	private void checkUrl(String url, List<String> problems) {
		String path = url.replaceFirst("^(https?://)?localhost:\\d+", "").replaceFirst("\\?.*", "");
		String[] segments = path.split("/");
		if (segments.length > 2 && segments[1].equals("actuator")) {
			check(Pattern.compile("include: .*\\b" + Pattern.quote(segments[2]) + "\\b").matcher(this.sources).find(),
					"no application exposes an endpoint " + segments[2], problems);
		}
		else if (segments.length > 1) {
			check(this.sources.contains("\"/" + segments[1]), "no application has a path /" + segments[1], problems);
		}
	}

	private static void check(boolean right, String problem, List<String> problems) {
		if (!right) {
			problems.add(problem + ": correct the command");
		}
	}

}
