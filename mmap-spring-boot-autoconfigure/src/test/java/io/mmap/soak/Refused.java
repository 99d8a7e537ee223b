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
import java.util.concurrent.ThreadLocalRandom;

import io.mmap.MappedFileNotFoundException;
import io.mmap.MappingCandidate;
import io.mmap.MappingException;
import io.mmap.MappingLease;
import io.mmap.MappingRefusedException;
import io.mmap.MappingRegistry;
import io.mmap.ReloadOutcome;

/**
 * A file of which not every version is to be had: it is missing, or it is refused.
 */
final class Refused {

	static final String NAME = "refused";

	/**
	 * Not the kind of the others, so that its validator refuses it.
	 */
	private static final int WRONG_KIND = 1000;

	private final Path file;

	private final Path next;

	private final int kind;

	private final String errno;

	private final Content content = new Content();

	private final Content validated = new Content();

	private long version;

	/**
	 * Write the file.
	 * @param errno what is counted if there is none
	 */
	Refused(Path directory, int kind, String errno) throws IOException {
		this.file = directory.resolve(NAME);
		this.next = directory.resolve(NAME + ".next");
		this.kind = kind;
		this.errno = errno;
		write(this.kind);
	}

	Path file() {
		return this.file;
	}

	long length() {
		return Content.length(this.kind, this.version);
	}

	/**
	 * Called whenever this is mapped, by the thread that maps it.
	 */
	void validate(MappingCandidate candidate, Ledger ledger) {
		ledger.validated(candidate.name());
		if (candidate.name().equals(NAME)) {
			this.validated.verify(candidate.segment(), this.kind);
		}
	}

	private void write(int kind) throws IOException {
		Files.write(this.next, this.content.make(kind, this.version));
		Files.move(this.next, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

	/**
	 * Replace the file, or fail to, and look at what is mapped then.
	 */
	void replace(MappingRegistry registry, Ledger ledger) throws IOException, InterruptedException {
		switch (ThreadLocalRandom.current().nextInt(4)) {
			case 0 -> {
				Files.deleteIfExists(this.file);
				fail(registry, ledger, MappedFileNotFoundException.class);
				ledger.failed("map", this.errno);
			}
			case 1 -> {
				write(WRONG_KIND);
				fail(registry, ledger, MappingRefusedException.class);
				// Whoever refuses it has seen it
				ledger.mapped(NAME, 1);
				ledger.unmapped(NAME, 1);
			}
			default -> succeed(registry, ledger);
		}
		Crew.pause(0, 40);
	}

	/**
	 * Replace the file by one that is accepted.
	 */
	void succeed(MappingRegistry registry, Ledger ledger) throws IOException {
		this.version++;
		write(this.kind);
		registry.reload(NAME);
		ledger.reloaded(NAME, ReloadOutcome.SUCCESS);
		ledger.mapped(NAME, 1);
		ledger.unmapped(NAME, 1);
		checkMapped(registry);
	}

	private void fail(MappingRegistry registry, Ledger ledger, Class<? extends MappingException> expected) {
		try {
			registry.reload(NAME);
			throw new IllegalStateException("There was no file that can be mapped, and it was reloaded");
		}
		catch (MappingException ex) {
			if (!expected.isInstance(ex)) {
				throw ex;
			}
			ledger.reloaded(NAME, ReloadOutcome.FAILURE);
		}
		checkMapped(registry);
	}

	private void checkMapped(MappingRegistry registry) {
		try (MappingLease lease = registry.get(NAME).acquire()) {
			long found = this.content.verify(lease.segment(), this.kind);
			if (found != this.version) {
				throw new WrongContentException("Version " + found + " instead of " + this.version);
			}
		}
	}

}
