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

package io.mmap.autoconfigure;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.mmap.MappingPreload;
import io.mmap.MappingRegistry;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.Ordered;

/**
 * Keeps the application from accepting traffic until mappings have been preloaded: it
 * does so once all of its runners have returned. This is among the last of them, so that
 * others get on meanwhile. The wait ends when the context is closed, since that cancels
 * preloads, and when the thread is interrupted.
 */
final class PreloadReadiness implements ApplicationRunner, Ordered {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final Supplier<? extends Collection<MappingPreload>> preloads;

	/**
	 * Create a runner.
	 * @param preloads returns what to wait for, those included that have ended by then
	 */
	PreloadReadiness(Supplier<? extends Collection<MappingPreload>> preloads) {
		this.preloads = preloads;
	}

	@Override
	public void run(ApplicationArguments arguments) {
		List<MappingPreload> all = List.copyOf(this.preloads.get());
		List<MappingPreload> underWay = all.stream().filter((preload) -> !preload.state().isEnd()).toList();
		if (!underWay.isEmpty()) {
			logger.info("The application accepts traffic when " + mappings(underWay) + " preloaded");
		}
		try {
			for (MappingPreload preload : underWay) {
				preload.await();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			logger.warn("Interrupted while waiting until " + mappings(underWay)
					+ " preloaded. The application goes on without waiting any longer.");
		}
		List<MappingPreload> failed = all.stream()
			.filter((preload) -> preload.state() == MappingPreload.State.FAILED)
			.toList();
		if (!failed.isEmpty()) {
			logger.warn("The application goes on although " + mappings(failed) + " not preloaded as a whole: "
					+ failed.stream()
						.map((preload) -> "of '" + preload.name() + "' " + preload.loaded() + " of " + preload.length()
								+ " bytes were loaded")
						.collect(Collectors.joining(", "))
					+ ". First accesses to the rest are slower.");
		}
	}

	private static String mappings(List<MappingPreload> preloads) {
		return ((preloads.size() == 1) ? "mapping " : "mappings ")
				+ preloads.stream().map((preload) -> "'" + preload.name() + "'").collect(Collectors.joining(", "))
				+ ((preloads.size() == 1) ? " is" : " are");
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
