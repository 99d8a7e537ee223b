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

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.MappingWarning.Kind;

/**
 * Notices that files of declared mappings were truncated or changed in place. Whoever
 * maps a file by code can look at it himself.
 * <p>
 * Looks when the system tells of a change, some time after something was mapped, when
 * somebody wants to know, and else only from time to time if there is a file of which the
 * system does not tell. However much is told, it looks no more often than it would then.
 */
final class FileCheck implements Runnable {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final Worker worker;

	private final Duration interval;

	private final FileWatch watch;

	private final Supplier<Collection<MappingEntry>> mappings;

	private final Warnings warnings;

	/**
	 * What was found last.
	 */
	private final Map<MappingEntry, FileState> known = new WeakHashMap<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private final AtomicBoolean requested = new AtomicBoolean();

	/**
	 * Held here, as the worker does not keep it.
	 */
	private final Runnable scheduledLook = this::lookAsScheduled;

	private volatile long lookedAt = System.nanoTime();

	/**
	 * Create a check.
	 * @param interval how often to look, and at most if the system tells of changes
	 * @param watch has the system tell of changes
	 * @param mappings what is mapped now
	 */
	FileCheck(Worker worker, Duration interval, FileWatch watch, Supplier<Collection<MappingEntry>> mappings,
			Warnings warnings) {
		this.worker = worker;
		this.interval = interval;
		this.watch = watch;
		this.mappings = mappings;
		this.warnings = warnings;
	}

	/**
	 * Look when the interval has passed, unless that is to be done anyway.
	 */
	void later() {
		if (this.scheduled.compareAndSet(false, true)) {
			this.worker.after(this.interval, this.scheduledLook);
		}
	}

	private void lookAsScheduled() {
		this.scheduled.set(false);
		run();
	}

	/**
	 * Have the worker look if nobody has for the interval: what others store into memory
	 * that they have mapped is told late.
	 */
	void request() {
		if (System.nanoTime() - this.lookedAt > Worker.nanos(this.interval)
				&& this.requested.compareAndSet(false, true)) {
			this.worker.after(Duration.ZERO, this);
		}
	}

	/**
	 * Return whether there is anything to look at for a spec.
	 */
	static boolean isNeededFor(MappingSpec spec) {
		return spec.source() instanceof MappingSource.File && !spec.pages().copy();
	}

	@Override
	public synchronized void run() {
		boolean told = false;
		try {
			this.lookedAt = System.nanoTime();
			this.requested.set(false);
			List<MappingEntry> files = this.mappings.get()
				.stream()
				.filter((mapping) -> mapping.declared() && mapping.isCurrent() && isNeededFor(mapping.spec()))
				.toList();
			// First, so that there is no change in between
			told = this.watch.watch(files, new Told(this.worker, this));
			files.forEach(this::check);
		}
		finally {
			if (!told) {
				later();
			}
		}
	}

	/**
	 * Let go of what tells of changes. To be called when nothing is mapped, until
	 * something is mapped again.
	 */
	synchronized void release() {
		this.watch.release();
	}

	private void check(MappingEntry mapping) {
		// To find the file again wherever it is moved: few are declared
		mapping.pages().fileStatus(true);
		FileLook look = FileLook.at(mapping);
		if (isGone(mapping)) {
			// Another file may have got the number of its file meanwhile
			return;
		}
		@Nullable FileState previous = this.known.put(mapping, look.state());
		if (look.state() == previous) {
			return;
		}
		switch (look.state()) {
			case TRUNCATED -> logger.error("The file of mapping " + mapping + " was truncated to " + look.length()
					+ " bytes: bytes " + (mapping.length() - look.lostBytes()) + " to " + mapping.length()
					+ " of the mapping are lost. Access to them fails, and may end the JVM. Replace files by renaming"
					+ " new ones over them.");
			case MODIFIED -> modified(mapping);
			case REPLACED, DELETED -> logger.debug("The file of mapping " + mapping + " was " + Text.of(look.state())
					+ ", and what is mapped stays as it is");
			case UNCHANGED, UNKNOWN -> this.warnings.clear(mapping, Kind.MODIFIED_IN_PLACE);
		}
	}

	private void modified(MappingEntry mapping) {
		String message = "Its file was changed in place, so that readers may have seen a part of the change. Replace"
				+ " files by renaming new ones over them.";
		if (this.warnings.raise(mapping, Kind.MODIFIED_IN_PLACE, message)) {
			logger.warn("Mapping " + mapping + ": " + message);
		}
		if (isGone(mapping)) {
			// Whoever unmapped it may have forgotten its warnings just before
			this.warnings.clear(mapping, Kind.MODIFIED_IN_PLACE);
		}
	}

	private static boolean isGone(MappingEntry mapping) {
		return !mapping.isCurrent() || mapping.released();
	}

	/**
	 * Has the worker look. Does not keep the registry from being collected.
	 */
	private static final class Told implements Runnable {

		private final Worker worker;

		private final WeakReference<FileCheck> check;

		private Told(Worker worker, FileCheck check) {
			this.worker = worker;
			this.check = new WeakReference<>(check);
		}

		@Override
		public void run() {
			FileCheck check = this.check.get();
			if (check != null) {
				this.worker.after(Duration.ZERO, check);
			}
		}

	}

}
