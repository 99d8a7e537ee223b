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
package io.mmap.sample.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

import io.mmap.sample.wordnet.WordNetFiles;

import org.springframework.util.FileSystemUtils;

/**
 * A {@link ProvokedApplication}, its files, and a {@link PrometheusServer} that scrapes
 * it.
 */
final class ProvokedSample implements AutoCloseable {

	private static final int LENGTH = 1 << 20;

	private final Path directory;

	private final SampleProcess application;

	private final PrometheusServer prometheus;

	/**
	 * Start both.
	 * @param directory where all files are
	 */
	ProvokedSample(Path directory) throws Exception {
		this.directory = directory;
		Path data = Files.createDirectory(directory.resolve("data"));
		Files.write(data.resolve("truncated.bin"), new byte[LENGTH]);
		Files.write(data.resolve("guarded.bin"), new byte[LENGTH]);
		FileSystemUtils.copyRecursively(WordNetFiles.DICTIONARY, directory.resolve("complete"));
		Files.createDirectory(directory.resolve("incomplete"));
		Files.copy(WordNetFiles.DICTIONARY.resolve("index.noun"), directory.resolve("incomplete/index.noun"));
		putDictionary("complete");
		this.application = SampleProcess.start(ProvokedApplication.class, data,
				"--spring.config.additional-location=classpath:provoked.yml",
				"--sample.dictionary=" + directory.resolve("current"));
		try {
			this.prometheus = new PrometheusServer(directory, this.application.port());
		}
		catch (Exception | AssertionError ex) {
			this.application.close();
			throw ex;
		}
	}

	SampleProcess application() {
		return this.application;
	}

	PrometheusServer prometheus() {
		return this.prometheus;
	}

	/**
	 * Have the application do something.
	 * @param what a path of {@link ProvokedApplication}, with its parameters
	 */
	void provoke(String what) throws IOException, InterruptedException {
		this.application.get("/provoke/" + what);
	}

	/**
	 * Put a dictionary in the place of the one that is in use.
	 * @param name {@code complete}, or {@code incomplete}, which is refused
	 */
	void putDictionary(String name) throws IOException {
		Path next = this.directory.resolve("next");
		// A copy, as the files would be the same otherwise
		Path copy = this.directory.resolve(name + "-" + System.nanoTime());
		FileSystemUtils.copyRecursively(this.directory.resolve(name), copy);
		Files.createSymbolicLink(next, copy);
		Files.move(next, this.directory.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
	}

	/**
	 * Truncate a file to nothing.
	 * @param name its name
	 */
	void truncate(String name) throws IOException {
		try (FileChannel channel = FileChannel.open(this.directory.resolve("data").resolve(name),
				StandardOpenOption.WRITE)) {
			channel.truncate(0);
		}
	}

	@Override
	public void close() {
		this.prometheus.close();
		this.application.close();
	}

}
