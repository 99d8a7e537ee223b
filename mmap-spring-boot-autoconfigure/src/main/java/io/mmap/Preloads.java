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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

import org.jspecify.annotations.Nullable;

import io.mmap.MappingWarning.Kind;

/**
 * The preloads of the mappings of a registry.
 */
final class Preloads {

	/**
	 * The latest of each mapping, those of ad hoc mappings only while they are under way.
	 */
	private final Map<String, MappingPreload> latest = new ConcurrentSkipListMap<>();

	private final Settings settings;

	private final Warnings warnings;

	private final Listeners listeners;

	/**
	 * Made with the first preload.
	 */
	private @Nullable Preloader preloader;

	private boolean closed;

	Preloads(Settings settings, Warnings warnings, Listeners listeners) {
		this.settings = settings;
		this.warnings = warnings;
		this.listeners = listeners;
	}

	/**
	 * Start to preload a mapping. Keeps neither its handle nor its memory reachable.
	 */
	MappingPreload start(DefaultMemoryMapping mapping) {
		if (mapping.origin().spec().confined()) {
			throw new UnsupportedMappingOperationException("Mapping " + mapping.description()
					+ " cannot be preloaded in the background: it is confined to one thread. Use prefault.");
		}
		Generation generation = mapping.mapped();
		WeakReference<DefaultMemoryMapping> handle = new WeakReference<>(mapping);
		int number = generation.entry().generation();
		MappingPreload preload = preloader().start(mapping.name(), generation.entry().toString(),
				generation.entry().length(), generation.entry().counters(),
				(offset, length) -> load(handle.get(), number, offset, length));
		this.latest.put(mapping.name(), preload);
		if (preload.state().isEnd()) {
			forgetAdHoc(preload);
		}
		return preload;
	}

	private static void load(@Nullable DefaultMemoryMapping mapping, int number, long offset, long length) {
		if (mapping == null || !mapping.preload(number, offset, length)) {
			throw new PreloadOvertakenException();
		}
	}

	private synchronized Preloader preloader() {
		Preloader preloader = this.preloader;
		if (this.closed) {
			throw new IllegalStateException("The mapping registry was closed, so nothing can be preloaded any more");
		}
		if (preloader == null) {
			Long limit = this.settings.preloadRateLimit();
			preloader = new Preloader((limit != null) ? limit : 0, this.settings.drainTimeout(), this::progress);
			this.preloader = preloader;
		}
		return preloader;
	}

	/**
	 * Start to preload what was just mapped, as far as that was asked for.
	 */
	void mapped(Collection<DefaultMemoryMapping> mappings) {
		for (DefaultMemoryMapping mapping : mappings) {
			if (mapping.origin().spec().life().preload()) {
				start(mapping);
			}
		}
	}

	List<MappingPreload> all() {
		return List.copyOf(this.latest.values());
	}

	private void progress(MappingPreload preload) {
		switch (preload.state()) {
			case FAILED -> this.warnings.raise(preload.name(), Kind.PRELOAD_FAILED, "Only " + preload.loaded() + " of "
					+ preload.length() + " bytes could be brought into memory: " + preload.failure());
			case COMPLETED -> this.warnings.clear(preload.name(), Kind.PRELOAD_FAILED);
			case QUEUED, RUNNING, CANCELLED -> {
				// Nothing is wrong
			}
		}
		if (preload.state().isEnd()) {
			forgetAdHoc(preload);
		}
		this.listeners.preloading(preload);
	}

	/**
	 * Forget a mapping that is gone.
	 */
	void forget(String name) {
		MappingPreload preload = this.latest.remove(name);
		if (preload != null) {
			preload.cancel();
		}
	}

	private void forgetAdHoc(MappingPreload preload) {
		if (preload.name().startsWith(AdHocMappings.ID_PREFIX)) {
			this.latest.remove(preload.name(), preload);
		}
	}

	/**
	 * Cancel all of them.
	 */
	void close() {
		Preloader preloader = preloaderToClose();
		if (preloader != null) {
			preloader.close();
		}
	}

	private synchronized @Nullable Preloader preloaderToClose() {
		this.closed = true;
		return this.preloader;
	}

}
