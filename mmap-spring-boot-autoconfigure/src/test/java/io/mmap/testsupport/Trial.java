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

package io.mmap.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the main class does that a test runs because something is to come to an end: tries
 * what is to fail, and tells how that ended.
 */
public final class Trial {

	private Trial() {
	}

	/**
	 * Try something, and write a line that says what was thrown, if anything.
	 * @param key what the line starts with
	 * @param action what is tried
	 */
	public static void tell(String key, Action action) {
		String outcome = "succeeded";
		try {
			action.run();
		}
		catch (Exception | Error ex) {
			outcome = ex.toString();
		}
		System.out.println(key + ": " + outcome.replace('\n', ' '));
	}

	/**
	 * Set a limit of this process, as far as that is permitted.
	 * @param limit as {@code prlimit} wants it, such as {@code --as=1000000}
	 */
	public static void limit(String limit) throws IOException, InterruptedException {
		Process process = new ProcessBuilder("prlimit", "--pid", Long.toString(ProcessHandle.current().pid()), limit)
			.inheritIO()
			.start();
		if (process.waitFor() != 0) {
			throw new IllegalStateException("prlimit " + limit + " has ended with " + process.exitValue());
		}
	}

	/**
	 * Return a figure of this process.
	 * @param name a name of {@code /proc/self/status}, such as {@code VmSize}
	 * @return the figure in bytes
	 */
	public static long bytes(String name) throws IOException {
		return Files.readAllLines(Path.of("/proc/self/status"))
			.stream()
			.filter((line) -> line.startsWith(name + ":"))
			.mapToLong((line) -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Something that can fail.
	 */
	@FunctionalInterface
	public interface Action {

		/**
		 * Do it.
		 * @throws Exception if that fails
		 */
		void run() throws Exception;

	}

}
