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

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the same each time what is different each time, or on each machine: times,
 * addresses, paths, lines of code, and figures of the kernel. It is checked to be there
 * and to be of the right kind.
 */
final class StableJson {

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private static final String TIME = "2026-11-23T05:31:18.512Z";

	private static final Set<String> TIMES = Set.of("detectedAt", "sampledAt", "mappedAt", "since", "last",
			"lastReload", "timestamp");

	/**
	 * What some fields are on a page, where they are there at all.
	 */
	private static final JsonNode FIGURES = MAPPER.readTree("""
			{ "majorFaults": 12, "minorFaults": 20345, "bytesRead": 16973824, "age": 42.5, "seconds": 0.0042,
			"regions": { "used": 412, "max": 65530 }, "locked": { "used": 0, "max": 8388608 }, "pageSize": 4096,
			"hugePageSizes": [ 2097152, 1073741824 ], "platform": "Linux x86-64", "kernel": "6.8.0", "seccomp": false,
			"pressure": [ { "resource": "io", "kind": "some", "scope": "control-group", "stalled": 0.21,
			"average10": 0.0 } ] }
			""");

	private static final List<String> CAPABILITIES = List.of("cachestat", "change-tracking");

	private final Path directory;

	/**
	 * Create an instance.
	 * @param directory the directory that is {@code /data} on the page
	 */
	StableJson(Path directory) {
		this.directory = directory;
	}

	JsonNode of(String json) {
		JsonNode node = MAPPER.readTree(json.replace(this.directory.toString(), "/data")
			.replaceAll("io\\.mmap\\.docs\\.EndpointPageTests\\.(\\w+)\\(EndpointPageTests\\.java:\\d+\\)",
					"com.acme.Indexer.$1(Indexer.java:42)"));
		stabilize(node);
		return node;
	}

	private void stabilize(JsonNode node) {
		if (node instanceof ObjectNode object) {
			for (String name : List.copyOf(object.propertyNames())) {
				stabilize(object, name, object.get(name));
			}
		}
		if (node instanceof ObjectNode object && object.has("mapped") && object.has("resident")) {
			inMemory(object, object.path("mapped").asLong());
		}
		node.forEach(this::stabilize);
	}

	private static void inMemory(ObjectNode object, long length) {
		object.put("resident", length);
		if (!object.path("dirty").isNull()) {
			object.put("dirty", 0);
		}
	}

	private void stabilize(ObjectNode object, String name, JsonNode value) {
		JsonNode figure = FIGURES.path(name);
		if (TIMES.contains(name) && !value.isNull()) {
			Instant.parse(value.asString());
			object.put(name, TIME);
		}
		else if (!figure.isMissingNode() && !value.isNull() && !(name.equals("seconds") && value.asDouble() == 0)) {
			if (value.getNodeType() != figure.getNodeType()) {
				throw new AssertionError(name + " is " + value + ", and not like " + figure);
			}
			object.set(name, figure);
		}
		else if (name.equals("address") && value.asString().startsWith("0x")) {
			object.put(name, "0x7f5a40000000");
		}
		else if (name.equals("container")) {
			object.remove(name);
		}
		else if (name.equals("all")) {
			object.set(name, capabilities((ArrayNode) value));
		}
		else if (name.equals("residency")) {
			residency((ObjectNode) value, object.path("length").asLong());
		}
		else if (name.equals("parts")) {
			parts((ObjectNode) value);
		}
	}

	/**
	 * Take two of them, as if they were available.
	 */
	private static ArrayNode capabilities(ArrayNode all) {
		ArrayNode some = all.arrayNode();
		for (JsonNode each : all) {
			if (CAPABILITIES.contains(each.path("name").asString())) {
				some.add(((ObjectNode) each).put("available", true).put("reason", "..."));
			}
		}
		return some;
	}

	/**
	 * How much is in memory, and which call tells it, depends on the file system.
	 */
	private static void residency(ObjectNode residency, long length) {
		inMemory(residency, length);
		residency.put("reason", "cachestat");
	}

	private static void parts(ObjectNode parts) {
		ArrayNode resident = parts.arrayNode();
		parts.path("resident").forEach((part) -> resident.add(parts.path("length").asLong()));
		parts.set("resident", resident);
		parts.put("reason", "cachestat");
	}

}
