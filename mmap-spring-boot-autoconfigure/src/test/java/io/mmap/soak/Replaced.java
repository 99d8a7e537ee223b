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

package io.mmap.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import io.mmap.MappingRegistry;
import io.mmap.MappingStatistics;
import io.mmap.ReloadOutcome;

/**
 * Files that are replaced together. Those of version n are mapped by the n-th reload.
 */
final class Replaced {

	static final int PER_SECOND = 20;

	private static final long PERIOD = Duration.ofSeconds(1).toNanos() / PER_SECOND;

	private final String name;

	private final Path directory;

	private final int firstKind;

	private final List<String> keys;

	private final Content content = new Content();

	private final Times reloadTimes = new Times();

	private volatile long version;

	private long next = System.nanoTime();

	private long started = System.nanoTime();

	private long ended;

	/**
	 * Write the files.
	 * @param firstKind the kind of the first file; that of each other one is one more
	 */
	Replaced(String name, Path directory, int firstKind, int files) throws IOException {
		this.name = name;
		this.directory = Files.createDirectories(directory.resolve(name));
		this.firstKind = firstKind;
		this.keys = IntStream.range(0, files).mapToObj((file) -> "file" + file).toList();
		write();
	}

	/**
	 * Replace the files by those of the next version, then wait until it is time for the
	 * one after that.
	 */
	void replace(MappingRegistry registry, Ledger ledger) throws IOException, InterruptedException {
		if (this.version == 0) {
			this.started = System.nanoTime();
			this.next = this.started;
		}
		// Before any reader can see it
		this.version++;
		write();
		long start = System.nanoTime();
		registry.reload(this.name);
		this.reloadTimes.since(start);
		this.ended = System.nanoTime();
		ledger.reloaded(this.name, ReloadOutcome.SUCCESS);
		ledger.mapped(this.name, this.keys.size());
		// Those before, when nobody uses them any more
		ledger.unmapped(this.name, this.keys.size());
		if (reloads(registry) != this.version) {
			throw new IllegalStateException(
					this.version + " reloads of '" + this.name + "', and " + reloads(registry) + " counted");
		}
		// What was missed is made up for, but not more than a second of it
		this.next = Math.max(this.next + PERIOD, this.ended - PER_SECOND * PERIOD);
		Thread.sleep(Duration.ofNanos(Math.max(0, this.next - this.ended)));
	}

	private void write() throws IOException {
		for (int file = 0; file < this.keys.size(); file++) {
			Files.write(next(file), this.content.make(kind(file), this.version));
		}
		for (int file = 0; file < this.keys.size(); file++) {
			Files.move(next(file), file(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		}
	}

	private Path next(int file) {
		return this.directory.resolve("next" + file);
	}

	Path file(int file) {
		return this.directory.resolve(this.keys.get(file));
	}

	int kind(int file) {
		return this.firstKind + file;
	}

	List<String> keys() {
		return this.keys;
	}

	String name() {
		return this.name;
	}

	/**
	 * Return the latest version that may be seen.
	 */
	long version() {
		return this.version;
	}

	/**
	 * Return how many reloads a registry has counted: no older version may be seen.
	 */
	long reloads(MappingRegistry registry) {
		return statistics(registry).reloads(ReloadOutcome.SUCCESS);
	}

	MappingStatistics statistics(MappingRegistry registry) {
		return registry.statistics()
			.stream()
			.filter((statistics) -> statistics.name().equals(this.name))
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Check that a version is one that may be seen.
	 * @param oldest how many reloads were counted before
	 * @param generation the generation, or 0 if that is not known
	 */
	void check(long found, long oldest, int generation) {
		if (found < oldest || found > this.version) {
			throw new WrongContentException(
					"Version %d of '%s' instead of %d to %d".formatted(found, this.name, oldest, this.version));
		}
		if (generation != 0 && found != generation - 1) {
			throw new WrongContentException(
					"Version %d of '%s' in generation %d".formatted(found, this.name, generation));
		}
	}

	/**
	 * Return the lengths of the files.
	 */
	List<Long> lengths() {
		return IntStream.range(0, this.keys.size())
			.mapToObj((file) -> Content.length(kind(file), this.version))
			.toList();
	}

	/**
	 * Return how many times a second the files were replaced.
	 */
	double rate() {
		return this.version * 1e9 / Math.max(1, this.ended - this.started);
	}

	Times reloadTimes() {
		return this.reloadTimes;
	}

}
