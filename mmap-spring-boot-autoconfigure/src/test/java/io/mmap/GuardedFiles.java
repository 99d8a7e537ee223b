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

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Files to be guarded, and who changes them.
 */
final class GuardedFiles {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private GuardedFiles() {
	}

	static byte[] content(long seed, int length) {
		byte[] content = new byte[length];
		new Random(seed).nextBytes(content);
		return content;
	}

	/**
	 * Empty a file as a shell does, which waits for a lease to be given up.
	 */
	static void truncate(Path file) throws IOException, InterruptedException {
		shell(": > '" + file + "'");
	}

	static void shell(String command) throws IOException, InterruptedException {
		Process shell = startShell(command);
		try {
			assertThat(shell.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("'%s' has ended", command).isTrue();
			assertThat(shell.exitValue()).as(command).isZero();
		}
		finally {
			shell.destroyForcibly();
		}
	}

	static Process startShell(String command) throws IOException {
		return new ProcessBuilder("sh", "-c", command).inheritIO().start();
	}

	static void await(String what, BooleanSupplier condition) throws InterruptedException {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime()).as(what).isLessThan(deadline);
			Thread.sleep(5);
		}
	}

	static long guardThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("mmap-guard"))
			.count();
	}

}
