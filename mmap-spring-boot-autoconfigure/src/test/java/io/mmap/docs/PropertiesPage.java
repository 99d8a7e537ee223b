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
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.mmap.autoconfigure.MappingProperties;

import org.springframework.util.StringUtils;

/**
 * Writes {@code docs/properties.md} from the configuration metadata, which also editors
 * show, and from what the constants of enumerations say about themselves.
 */
final class PropertiesPage {

	private static final Path CLASSES = Path.of("target", "classes", "META-INF");

	private static final Path SOURCES = Path.of("src", "main", "java");

	private static final Pattern CONSTANT = Pattern.compile(
			"/\\*\\*((?:(?!\\*/).)*)\\*/\\s+(?:public static final \\w+ )?([A-Z][A-Z_]+)(?:,|\\s*}|;| = (?:known\\(|new Seal\\([\\w.]+, )\"([a-z-]+)\")",
			Pattern.DOTALL);

	private static final Pattern CONSTANT_LINK = Pattern.compile("\\{@link #([A-Z_]+)}");

	private static final Pattern LIST = Pattern.compile("java\\.util\\.(?:List|Set)<(.*)>");

	private static final String OPTIONS = "mmap.mappings.<name>.";

	private final List<Property> properties = new ArrayList<>();

	/**
	 * What values of other properties do that not everybody would guess.
	 */
	private final Map<String, String> notes = new HashMap<>();

	/**
	 * The values of enumerations, and what they mean.
	 */
	private final Map<String, Map<String, String>> values = new LinkedHashMap<>();

	PropertiesPage() {
		JsonNode metadata = read(CLASSES.resolve("spring-configuration-metadata.json"));
		metadata.path("properties").forEach((node) -> this.properties.add(property("", node)));
		this.properties.sort(Comparator.comparing((property) -> group(property) + property.name()));
		JsonNode options = read(
				CLASSES.resolve("spring/configuration-metadata").resolve(MappingProperties.class.getName() + ".json"));
		for (Field field : MappingProperties.class.getDeclaredFields()) {
			options.path("properties").forEach((node) -> {
				if (node.path("name").asString().replace("-", "").equalsIgnoreCase(field.getName())) {
					this.properties.add(property(OPTIONS, node));
				}
			});
		}
		metadata.path("hints")
			.forEach((hint) -> hint.path("values")
				.forEach((value) -> hint(hint.path("name").asString(), value.path("value").asString(),
						value.path("description").asString())));
		this.properties.stream().filter((property) -> property.name().startsWith(OPTIONS)).forEach((property) -> {
			Map<String, String> constants = constants(element(property.type()));
			if (!constants.isEmpty()) {
				this.values.put(property.name(), constants);
			}
		});
	}

	private void hint(String name, String value, String description) {
		boolean enumeration = this.properties.stream()
			.anyMatch((property) -> property.name().equals(name) && isEnumeration(property.type()));
		if (enumeration) {
			this.values.computeIfAbsent(name, (key) -> new LinkedHashMap<>()).put(value, description);
		}
		else if (!description.equals("The default.") && !description.startsWith("An example")) {
			this.notes.put(name, " `%s`: %s".formatted(value, StringUtils.uncapitalize(description)));
		}
	}

	private static String group(Property property) {
		return (property.name().indexOf('.') == property.name().lastIndexOf('.')) ? "0" : "1";
	}

	private static JsonNode read(Path file) {
		return JsonMapper.shared().readTree(file.toFile());
	}

	private static Property property(String prefix, JsonNode node) {
		JsonNode value = node.path("defaultValue");
		return new Property(prefix + node.path("name").asString(), node.path("type").asString(),
				(value.isMissingNode() || value.isArray()) ? "" : value.asString().replace('_', '-'),
				node.path("description").asString());
	}

	/**
	 * Return the whole page.
	 */
	String text() {
		StringBuilder page = new StringBuilder(
				"""
						# Properties

						Every property, as configuration metadata and so the editor knows it. This page is made of that metadata by a test. A
						property below `mmap` that is not here keeps the application from starting.

						Data sizes are written as `64MB`, durations as `5s` or `100ms`. What has no default is left out, or up to the system, as
						its description says.

						""");
		section(page, "All mappings", "mmap.");
		page.append(
				"""
						## A declared mapping

						`<name>` is the name of the mapping. [mapping.md](mapping.md) has what locations can be, and what to do with names; a set
						hands its options on to each of its members. What makes no sense for a source or location is refused when the application
						starts. [native.md](native.md) has the system call behind each option, and where it works.

						""");
		table(page, OPTIONS);
		section(page, "Actuator", "management.");
		page.append("[endpoint.md](endpoint.md) and [operations.md](operations.md) have what is shown.\n");
		return page.toString();
	}

	private void section(StringBuilder page, String title, String prefix) {
		page.append("## ").append(title).append("\n\n");
		table(page, prefix);
	}

	private void table(StringBuilder page, String prefix) {
		List<Property> rows = this.properties.stream()
			.filter((property) -> property.name().startsWith(prefix)
					&& (prefix.equals(OPTIONS) || !property.name().startsWith("mmap.mappings")))
			.toList();
		page.append("| property | type | default | |\n|---|---|---|---|\n");
		for (Property property : rows) {
			String value = property.defaultValue();
			page.append("| `%s` | %s | %s | %s |\n".formatted(property.name(), type(property),
					(value.isEmpty()) ? "" : "`" + value + "`",
					description(property) + this.notes.getOrDefault(property.name(), "")));
		}
		page.append('\n');
		this.values.forEach((name, values) -> {
			if (name.startsWith(prefix) && name.startsWith(OPTIONS) == prefix.equals(OPTIONS)) {
				page.append("### ").append(name.replace(OPTIONS, "")).append("\n\n| value | |\n|---|---|\n");
				values.forEach((value, meaning) -> page.append("| `%s` | %s |\n".formatted(value, meaning)));
				page.append('\n');
			}
		});
	}

	private static String description(Property property) {
		return property.description()
			.replaceAll("'([a-z-]+:?)'", "`$1`")
			.replace("mmap(2)", "[`mmap(2)`](https://man7.org/linux/man-pages/man2/mmap.2.html)")
			.replace("madvise(2)", "[`madvise(2)`](https://man7.org/linux/man-pages/man2/madvise.2.html)");
	}

	private String type(Property property) {
		String element = element(property.type());
		String type = switch (element) {
			case "java.lang.Boolean" -> "boolean";
			case "java.lang.Integer" -> "number";
			case "java.lang.String" -> "text";
			case "java.time.Duration" -> "duration";
			case "org.springframework.util.unit.DataSize" -> "data size";
			default -> (this.values.containsKey(property.name()))
					? "[value](#" + property.name().replace(OPTIONS, "").replace(".", "") + ")" : alternatives(element);
		};
		return (element.equals(property.type())) ? type : "list: " + type;
	}

	private static String element(String type) {
		Matcher list = LIST.matcher(type);
		return (list.matches()) ? list.group(1) : type;
	}

	private static String alternatives(String type) {
		return Stream.of(load(type).getEnumConstants())
			.map((constant) -> "`" + dashed(constant.toString()) + "`")
			.collect(Collectors.joining(", "));
	}

	private static boolean isEnumeration(String type) {
		return type.startsWith("io.mmap.") && load(type).isEnum();
	}

	private static Class<?> load(String type) {
		try {
			return Class.forName(type);
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException("Say in PropertiesPage how a property of type " + type + " is written", ex);
		}
	}

	private static String dashed(String constant) {
		return constant.toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Return the constants of a type of this project, and the first sentence of their
	 * Javadoc.
	 */
	private static Map<String, String> constants(String type) {
		Map<String, String> constants = new LinkedHashMap<>();
		if (type.startsWith("io.mmap.")) {
			String source = source(type.replaceAll("\\$.*", ""));
			String part = (type.contains("$"))
					? source.substring(source.indexOf("enum " + type.replaceAll(".*\\$", ""))) : source;
			Matcher constant = CONSTANT.matcher(part);
			while (constant.find()) {
				String name = (constant.group(3) != null) ? constant.group(3) : dashed(constant.group(2));
				constants.putIfAbsent(name, prose(constant.group(1)));
			}
		}
		return constants;
	}

	private static String source(String type) {
		try {
			return Files.readString(SOURCES.resolve(type.replace('.', '/') + ".java"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String prose(String javadoc) {
		return CONSTANT_LINK.matcher(javadoc)
			.replaceAll((link) -> "`" + dashed(link.group(1)) + "`")
			.replaceAll("(?m)^\\s*\\*", " ")
			.replaceAll("\\s+", " ")
			.replaceAll("\\{@code ([^}]*)}", "`$1`")
			.replaceAll("\\{@link(?:plain)? [^ }]+ ([^}]*)}", "$1")
			.replaceAll("\\{@link (?:\\w*#)?([^}]*)}", "`$1`")
			.replaceAll("</?em>", "*")
			.replaceAll(" @see.*", "")
			.strip();
	}

	/**
	 * A property.
	 *
	 * @param name its name
	 * @param type its type in Java
	 * @param defaultValue its default, or empty
	 * @param description what it is
	 */
	private record Property(String name, String type, String defaultValue, String description) {

	}

}
