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
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.mmap.internal.PlainText;

/**
 * Tells the log and a listener how one preload gets on, at most once a second, and how it
 * has ended. One that takes less than a second is of no interest to the log. For use by
 * the thread that loads.
 */
final class PreloadProgress {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final DefaultMappingPreload preload;

	private final Consumer<MappingPreload> listener;

	private final PreloadClock clock;

	private long next;

	PreloadProgress(DefaultMappingPreload preload, Consumer<MappingPreload> listener, PreloadClock clock) {
		this.preload = preload;
		this.listener = listener;
		this.clock = clock;
		this.next = clock.nanoTime() + SECOND;
	}

	/**
	 * A piece was loaded, and more are to come.
	 */
	void advanced() {
		long now = this.clock.nanoTime();
		if (now - this.next < 0) {
			return;
		}
		this.next = now + SECOND;
		if (logger.isInfoEnabled()) {
			Duration remaining = this.preload.remaining();
			logger.info("Preloading mapping " + this.preload + ": "
					+ (int) (100.0 * this.preload.loaded() / this.preload.length()) + "% at "
					+ rate(this.preload.rate()) + ((remaining != null) ? ", " + time(remaining) + " left" : ""));
		}
		tell();
	}

	/**
	 * It has ended, in whichever way.
	 */
	void ended() {
		Throwable failure = this.preload.failure();
		if (failure != null) {
			String message = "Preload of mapping " + this.preload + " failed after " + loaded() + ": "
					+ ((failure instanceof MappingException) ? failure.getMessage()
							: PlainText.of(failure) + ". What was not loaded is when it is accessed.");
			logger.warn(message, (failure instanceof MappingException) ? null : PlainText.cause(failure));
		}
		else {
			String time = String.format(Locale.ROOT, "%.1f s", this.preload.elapsed() / 1e9);
			log((this.preload.state() == MappingPreload.State.COMPLETED)
					? "Preloaded mapping " + this.preload + ": " + Text.count(this.preload.loaded(), "byte") + " in "
							+ time + ", " + rate(this.preload.rate())
					: "Preload of mapping " + this.preload + " was cancelled after " + loaded() + " in " + time);
		}
		tell();
	}

	private void log(String message) {
		if (this.preload.elapsed() > SECOND) {
			logger.info(message);
		}
		else {
			logger.debug(message);
		}
	}

	private void tell() {
		try {
			this.listener.accept(this.preload);
		}
		catch (Throwable ex) {
			// Whatever it is, the rest is still to be loaded
			logger.error("A listener failed that was told about the preload of mapping " + this.preload, ex);
		}
	}

	private String loaded() {
		return this.preload.loaded() + " of " + Text.count(this.preload.length(), "byte");
	}

	private static String rate(long bytesPerSecond) {
		return (bytesPerSecond >= 1 << 20) ? String.format(Locale.ROOT, "%.1f MB/s", bytesPerSecond / 0x1p20)
				: String.format(Locale.ROOT, "%.1f KB/s", bytesPerSecond / 0x1p10);
	}

	private static String time(Duration duration) {
		Duration time = Duration.ofSeconds(duration.plusNanos(SECOND - 1).toSeconds());
		if (time.toHours() > 0) {
			return time.toHours() + " h " + time.toMinutesPart() + " min";
		}
		return ((time.toMinutes() > 0) ? time.toMinutes() + " min " : "") + time.toSecondsPart() + " s";
	}

}
