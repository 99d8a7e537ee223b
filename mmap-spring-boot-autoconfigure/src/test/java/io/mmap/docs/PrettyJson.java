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

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;

/**
 * JSON as a page shows it: what fits into a line is on one.
 */
final class PrettyJson {

	private static final int WIDTH = 116;

	private PrettyJson() {
	}

	static String of(JsonNode node) {
		return write(node, "", 0) + "\n";
	}

	private static String write(JsonNode node, String indent, int before) {
		String line = line(node);
		if (indent.length() + before + line.length() <= WIDTH || node.isEmpty()) {
			return line;
		}
		String inner = indent + "  ";
		List<String> parts = new ArrayList<>();
		node.properties().forEach((property) -> {
			String name = "\"" + property.getKey() + "\": ";
			parts.add(name + write(property.getValue(), inner, name.length()));
		});
		if (node.isArray()) {
			node.forEach((element) -> parts.add(write(element, inner, 0)));
		}
		String content = inner + fill(parts, inner);
		return (node.isArray()) ? "[\n" + content + "\n" + indent + "]" : "{\n" + content + "\n" + indent + "}";
	}

	/**
	 * Have as many parts in a line as fit.
	 */
	private static String fill(List<String> parts, String indent) {
		StringBuilder text = new StringBuilder(parts.getFirst());
		int used = indent.length() + parts.getFirst().length();
		for (int i = 1; i < parts.size(); i++) {
			String part = parts.get(i);
			boolean fits = !parts.get(i - 1).contains("\n") && !part.contains("\n")
					&& used + part.length() + 2 <= WIDTH;
			text.append((fits) ? ", " : ",\n" + indent).append(part);
			used = ((fits) ? used + 2 : indent.length()) + part.length();
		}
		return text.toString();
	}

	private static String line(JsonNode node) {
		List<String> parts = new ArrayList<>();
		if (node.isObject()) {
			node.properties()
				.forEach((property) -> parts.add("\"" + property.getKey() + "\": " + line(property.getValue())));
			return (parts.isEmpty()) ? "{}" : "{ " + String.join(", ", parts) + " }";
		}
		if (node.isArray()) {
			node.forEach((element) -> parts.add(line(element)));
			return (parts.isEmpty()) ? "[]" : "[ " + String.join(", ", parts) + " ]";
		}
		return node.toString();
	}

}
