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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.SystemCalls;

/**
 * What the worker does from time to time for what is mapped: no more than somebody has
 * asked for, so that nothing wakes it in vain.
 */
final class Housekeeping {

	private final Supplier<@Nullable SystemCalls> calls;

	private final Worker worker;

	private final Settings settings;

	private final GroupPublisher publisher;

	private final Warnings warnings;

	private final Supplier<Collection<MappingEntry>> mappings;

	/**
	 * Held here, as the worker does not keep it.
	 */
	private final List<Runnable> jobs = new ArrayList<>();

	private volatile @Nullable FileCheck fileCheck;

	private boolean started;

	/**
	 * Create an instance.
	 * @param calls asked for the system calls when there are files to look at
	 * @param mappings what is mapped now
	 */
	Housekeeping(Supplier<@Nullable SystemCalls> calls, Worker worker, Settings settings, GroupPublisher publisher,
			Warnings warnings, Supplier<Collection<MappingEntry>> mappings) {
		this.calls = calls;
		this.worker = worker;
		this.settings = settings;
		this.publisher = publisher;
		this.warnings = warnings;
		this.mappings = mappings;
	}

	/**
	 * Begin to look after what is declared, unless that was done before.
	 */
	synchronized void start(Collection<MappingGroup> groups) {
		if (this.started) {
			return;
		}
		List<MappingGroup> reloaded = groups.stream().filter(MappingGroup::isReloadedOnUpdate).toList();
		if (!reloaded.isEmpty()) {
			every(this.settings.reloadCheckInterval(),
					new UpdateWatch(reloaded, this.publisher, this.settings.reloadQuietPeriod()));
		}
		if (groups.stream().anyMatch(Housekeeping::hasFiles)) {
			checkFiles();
		}
		if (this.settings.holdThreshold() != null) {
			HoldScan scan = new HoldScan(this.mappings, this.settings.holdThreshold());
			every(scan.period(), scan);
		}
		this.started = true;
	}

	private static boolean hasFiles(MappingGroup group) {
		return group.isSet() || group.members()
			.values()
			.stream()
			.anyMatch((member) -> FileCheck.isNeededFor(member.origin().spec()));
	}

	private void checkFiles() {
		Duration interval = this.settings.truncationCheckInterval();
		FileWatch watch = new FileWatch(this.calls.get(), interval);
		this.worker.endTogether(watch::close);
		FileCheck check = new FileCheck(this.worker, interval, watch, this.mappings, this.warnings);
		check.later();
		this.fileCheck = check;
	}

	/**
	 * Something was mapped, so that there may be other files to look at.
	 */
	void mapped() {
		FileCheck check = this.fileCheck;
		if (check != null) {
			check.later();
		}
	}

	/**
	 * Somebody wants to know the warnings.
	 */
	void warningsWanted() {
		FileCheck check = this.fileCheck;
		if (check != null) {
			check.request();
		}
	}

	/**
	 * Nothing is mapped, and nothing may stay open until something is again.
	 */
	void release() {
		FileCheck check = this.fileCheck;
		if (check != null) {
			check.release();
		}
	}

	private void every(Duration period, Runnable job) {
		this.jobs.add(job);
		this.worker.every(period, job);
	}

}
