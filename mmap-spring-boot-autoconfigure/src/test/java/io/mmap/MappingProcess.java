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

package io.mmap;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

/**
 * A JVM of its own that maps what it is told to, and keeps that mapped. It ends when it
 * is closed, and when the process that started it does.
 */
final class MappingProcess implements AutoCloseable {

	private static final String ANSWER = "> ";

	private final Process process;

	private final PrintStream commands;

	private final BufferedReader output;

	private MappingProcess(Process process) {
		this.process = process;
		this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
		this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
	}

	/**
	 * Start a process.
	 * @param mapper how it is to map
	 * @param launcher the words of a command that runs another one, if any
	 */
	static MappingProcess start(MapperType mapper, String... launcher) throws IOException {
		List<String> command = new ArrayList<>(List.of(launcher));
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.add("--enable-native-access=ALL-UNNAMED");
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), MappingProcess.class.getName()));
		command.add(mapper.name());
		return new MappingProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
	}

	/**
	 * Have it map a file, exclusively or not, and answer "mapped" or what went wrong.
	 */
	String map(Path file, MappingAccess access, boolean exclusive) throws Exception {
		tell("map", access.name(), Boolean.toString(exclusive), file.toString());
		return answer();
	}

	/**
	 * Have it create a file of one page; what comes of it is to be asked for.
	 */
	void beginToCreate(Path file) {
		tell("create", file.toString());
	}

	/**
	 * Have it unmap all.
	 */
	String unmap() throws Exception {
		tell("unmap");
		return answer();
	}

	private void tell(String... words) {
		this.commands.println(String.join("\t", words));
	}

	/**
	 * Return what it answers.
	 */
	String answer() throws Exception {
		return CompletableFuture.supplyAsync(this::readAnswer, (task) -> Thread.ofVirtual().start(task))
			.get(60, TimeUnit.SECONDS);
	}

	private String readAnswer() {
		StringBuilder lines = new StringBuilder();
		try {
			String line;
			while ((line = this.output.readLine()) != null) {
				if (line.startsWith(ANSWER)) {
					return line.substring(ANSWER.length());
				}
				lines.append(line).append('\n');
			}
		}
		catch (IOException ex) {
			throw new AssertionError(lines.toString(), ex);
		}
		throw new AssertionError("It ended: " + lines);
	}

	/**
	 * End it at once, as {@code kill -9} does.
	 */
	void kill() {
		this.process.destroyForcibly().onExit().orTimeout(60, TimeUnit.SECONDS).join();
	}

	@Override
	public void close() {
		kill();
		this.commands.close();
	}

	/**
	 * What the process runs.
	 */
	public static void main(String[] args) throws IOException {
		List<MemoryMapping> mappings = new ArrayList<>();
		BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		try (MappingRegistry registry = MappingRegistry.builder().mapper(MapperType.valueOf(args[0])).build()) {
			String command;
			while ((command = commands.readLine()) != null) {
				System.out.println(ANSWER + obey(command.split("\t"), registry, mappings));
			}
			mappings.forEach(MemoryMapping::close);
		}
	}

	private static String obey(String[] command, MappingRegistry registry, List<MemoryMapping> mappings) {
		return switch (command[0]) {
			case "map" -> map(registry, mappings,
					MappingSpec.file(Path.of(command[3]))
						.access(MappingAccess.valueOf(command[1]))
						.exclusive(Boolean.parseBoolean(command[2]))
						.build());
			case "create" -> map(registry, mappings,
					MappingSpec.file(Path.of(command[1]))
						.access(MappingAccess.READ_WRITE)
						.length(4096)
						.create(true)
						.build());
			default -> {
				mappings.forEach(MemoryMapping::close);
				mappings.clear();
				yield "unmapped";
			}
		};
	}

	private static String map(MappingRegistry registry, List<MemoryMapping> mappings, MappingSpec spec) {
		try {
			MemoryMapping mapping = registry.map(spec);
			mappings.add(mapping);
			if (spec.access() != MappingAccess.READ_ONLY) {
				mapping.segment().set(JAVA_BYTE, 0, (byte) 'c');
			}
			return "mapped";
		}
		catch (MappingException ex) {
			Path file = ((MappingSource.File) spec.source()).path();
			return ex.getClass().getSimpleName() + ": " + ex.getMessage() + " Regions "
					+ ProcessMaps.regions(file).size() + ", descriptors " + ProcessMaps.descriptors(file).size();
		}
	}

}
