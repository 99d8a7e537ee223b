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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What a test needs of the machine.
 */
public final class Requirement {

	private Requirement() {
	}

	/**
	 * Skip the test where something is missing, or fail it in CI.
	 * @param met whether it is there
	 * @param what what is needed, for the line that is printed
	 */
	public static void check(boolean met, String what) {
		if (!met && System.getenv("CI") == null) {
			// A class that is skipped as a whole would not be mentioned
			System.out.println("Skipped, as this is missing: " + what);
			assumeThat(met).as("skipped: " + what).isTrue();
		}
		assertThat(met).as(what).isTrue();
	}

	/**
	 * Skip the test where files are in memory only, as those of a {@code tmpfs} are, or
	 * fail it in CI.
	 * @param directory where the files are
	 */
	public static void checkOnDisk(Path directory) throws IOException {
		check(!Files.getFileStore(directory).type().equals("tmpfs"),
				"a temporary directory on a disk, to which pages are written and from which they come back");
	}

	/**
	 * Skip the test where the pages of files are those of another file system, as in
	 * directories of a container, or fail it in CI.
	 * @param directory where the files are
	 */
	public static void checkNotOverlaid(Path directory) throws IOException {
		check(!Files.getFileStore(directory).type().equals("overlay"),
				"a temporary directory that is not on overlayfs, where nobody knows which pages are dirty");
	}

}
