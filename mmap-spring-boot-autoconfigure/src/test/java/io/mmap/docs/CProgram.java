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

import io.mmap.testsupport.Requirement;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compiles the C programs of the documentation.
 */
final class CProgram {

	private CProgram() {
	}

	/**
	 * Compile a program, or skip the test where there is no compiler.
	 */
	static Path compile(Path source, Path directory) throws Exception {
		Requirement.check(hasCompiler(directory), "gcc, a C compiler, and the headers of the C library");
		Path program = directory.resolve(source.getFileName().toString().replace(".c", ""));
		try (OtherProcess compiler = OtherProcess.start(List.of("gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra",
				"-Werror", "-o", program.toString(), source.toString()))) {
			assertThat(compiler.rest()).isEmpty();
			assertThat(compiler.exitCode()).isZero();
		}
		return program;
	}

	/**
	 * Look for a compiler that has the headers of the C library, too.
	 */
	private static boolean hasCompiler(Path directory) throws Exception {
		Path trial = Files.writeString(directory.resolve("trial.c"), "#include <stdio.h>\n");
		try (OtherProcess compiler = OtherProcess.start(List.of("gcc", "-fsyntax-only", trial.toString()))) {
			compiler.rest();
			return compiler.exitCode() == 0;
		}
		catch (IOException ex) {
			// There is no such program
			return false;
		}
	}

}
