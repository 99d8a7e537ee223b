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

import java.util.List;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells listeners, and keeps their mistakes from spreading.
 */
final class Listeners {

	private static final Log logger = LogFactory.getLog(MappingListener.class);

	private final List<MappingListener> listeners;

	Listeners(List<MappingListener> listeners) {
		this.listeners = List.copyOf(listeners);
	}

	void mapped(MappingInfo mapping) {
		tell((listener) -> listener.mapped(mapping));
	}

	void unmapped(MappingInfo mapping) {
		tell((listener) -> listener.unmapped(mapping));
	}

	void reloaded(MappingInfo mapping) {
		tell((listener) -> listener.reloaded(mapping));
	}

	void preloading(MappingPreload preload) {
		tell((listener) -> listener.preloading(preload));
	}

	void leaked(MappingLeak leak) {
		tell((listener) -> listener.leaked(leak));
	}

	private void tell(Consumer<MappingListener> news) {
		for (MappingListener listener : this.listeners) {
			try {
				news.accept(listener);
			}
			catch (Throwable ex) {
				// Whatever it is, memory still has to be unmapped and leaks be counted
				logger.error("Listener " + listener.getClass().getName() + " failed", ex);
			}
		}
	}

}
