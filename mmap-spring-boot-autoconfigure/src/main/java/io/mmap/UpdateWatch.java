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

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.internal.PlainText;

/**
 * Notices that other files have taken the place of those that are mapped, and has them
 * reloaded when nothing has changed for a while. It asks what the paths lead to, so that
 * it does not matter how that came: by a rename, or by the change of a symbolic link
 * anywhere on the way. Of the worker alone.
 */
final class UpdateWatch implements Runnable {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	/**
	 * After how many quiet periods there is a reload although changes go on.
	 */
	private static final int MAX_QUIET_PERIODS = 10;

	/**
	 * When what has failed is tried again, though nothing has changed: memory or
	 * descriptors may have been short.
	 */
	private static final Duration RETRY = Duration.ofMinutes(1);

	private final List<Watched> watched;

	private final GroupPublisher publisher;

	private final long quietPeriod;

	private final LongSupplier nanoTime;

	/**
	 * Create a watch.
	 * @param groups what is to be reloaded when it is replaced
	 */
	UpdateWatch(List<MappingGroup> groups, GroupPublisher publisher, Duration quietPeriod) {
		this(groups, publisher, quietPeriod, System::nanoTime);
	}

	UpdateWatch(List<MappingGroup> groups, GroupPublisher publisher, Duration quietPeriod, LongSupplier nanoTime) {
		this.watched = groups.stream().map(Watched::new).toList();
		this.publisher = publisher;
		// So that ten of them can be told, too
		this.quietPeriod = Math.min(TimeUnit.NANOSECONDS.convert(quietPeriod), Long.MAX_VALUE / MAX_QUIET_PERIODS);
		this.nanoTime = nanoTime;
	}

	@Override
	public void run() {
		this.watched.forEach((watched) -> check(watched, this.nanoTime.getAsLong()));
	}

	private void check(Watched watched, long now) {
		MappingGroup.Mapped mapped = watched.group.mapped();
		if (mapped == null) {
			return;
		}
		Map<String, Optional<FileVersion>> found = look(watched.group);
		if (found == null || isMapped(found, mapped)) {
			if (watched.settled()) {
				this.publisher.settled(watched.group);
			}
			return;
		}
		if (!found.equals(watched.found)) {
			watched.changed(found, now);
		}
		if (watched.isDue(now, this.quietPeriod)) {
			reload(watched, now);
		}
	}

	/**
	 * Return what the paths lead to now, nothing for those that lead nowhere or are not
	 * to be watched, or {@code null} if none is.
	 */
	private static @Nullable Map<String, Optional<FileVersion>> look(MappingGroup group) {
		Map<String, Optional<FileVersion>> found = new TreeMap<>();
		try {
			Map<String, Optional<Path>> paths = group.watchedPaths();
			if (paths == null) {
				return null;
			}
			paths.forEach((key, path) -> found.put(key, path.map(PathStatus::of).map(FileVersion::of)));
		}
		catch (RuntimeException ex) {
			// Maybe in the middle of a replacement, and else the reload will say so
			logger.debug("The files of " + group + " cannot be found", ex);
		}
		return found;
	}

	private static boolean isMapped(Map<String, Optional<FileVersion>> found, MappingGroup.Mapped mapped) {
		if (!found.keySet().equals(mapped.generations().keySet())) {
			return false;
		}
		for (Map.Entry<String, Optional<FileVersion>> each : found.entrySet()) {
			FileIdentity identity = each.getValue().map(FileVersion::identity).orElse(null);
			if (mapped.isWatched(each.getKey())
					&& (identity == null || !identity.equals(mapped.identity(each.getKey())))) {
				return false;
			}
		}
		return true;
	}

	private void reload(Watched watched, long now) {
		try {
			this.publisher.reload(watched.group);
			watched.done();
		}
		catch (RuntimeException | Error ex) {
			if (!this.publisher.isOpen()) {
				return;
			}
			if (watched.failed(now, String.valueOf(ex.getMessage()))) {
				logger.warn("The files of " + watched.group + " were replaced, and could not be mapped, so that the old"
						+ " ones stay in use: " + PlainText.of(ex.getMessage()));
			}
		}
	}

	/**
	 * What is known of a group.
	 */
	private static final class Watched {

		private final MappingGroup group;

		/**
		 * What is not mapped and was found last.
		 */
		private @Nullable Map<String, Optional<FileVersion>> found;

		/**
		 * Since when the files are others than those that are mapped.
		 */
		private long since;

		/**
		 * When they have changed last.
		 */
		private long changed;

		/**
		 * Whether what was found was reloaded, and there is no sense in doing so again.
		 */
		private boolean done;

		private @Nullable String failure;

		private long failedAt;

		private Watched(MappingGroup group) {
			this.group = group;
		}

		/**
		 * What is there is mapped.
		 * @return whether a failure is to be forgotten
		 */
		private boolean settled() {
			boolean failed = this.failure != null;
			this.found = null;
			this.failure = null;
			return failed;
		}

		private void changed(Map<String, Optional<FileVersion>> found, long now) {
			if (this.found == null || this.done || this.failure != null) {
				this.since = now;
			}
			this.found = found;
			this.done = false;
			this.failure = null;
			this.changed = now;
		}

		private void done() {
			this.done = true;
			this.failure = null;
		}

		/**
		 * What is there cannot be mapped.
		 * @return whether that is another failure than the last
		 */
		private boolean failed(long now, String failure) {
			boolean another = !failure.equals(this.failure);
			this.failure = failure;
			this.failedAt = now;
			return another;
		}

		private boolean isDue(long now, long quietPeriod) {
			if (this.failure != null) {
				return now - this.failedAt >= RETRY.toNanos();
			}
			return !this.done
					&& (now - this.changed >= quietPeriod || now - this.since >= MAX_QUIET_PERIODS * quietPeriod);
		}

	}

}
