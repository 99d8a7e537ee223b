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

import java.util.Collection;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.MappingWarning.Kind;

/**
 * Notices that files of declared mappings were truncated or changed in place. Whoever
 * maps a file by code can look at it himself. Of the worker alone.
 */
final class FileCheck implements Runnable {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final Supplier<Collection<MappingEntry>> mappings;

	private final Warnings warnings;

	/**
	 * What was found last.
	 */
	private final Map<MappingEntry, FileState> known = new WeakHashMap<>();

	/**
	 * Create a check.
	 * @param mappings what is mapped now
	 */
	FileCheck(Supplier<Collection<MappingEntry>> mappings, Warnings warnings) {
		this.mappings = mappings;
		this.warnings = warnings;
	}

	/**
	 * Return whether there is anything to look at for a spec.
	 */
	static boolean isNeededFor(MappingSpec spec) {
		return spec.source() instanceof MappingSource.File && !spec.pages().copy();
	}

	@Override
	public void run() {
		for (MappingEntry mapping : this.mappings.get()) {
			if (mapping.declared() && mapping.isCurrent() && isNeededFor(mapping.spec())) {
				check(mapping);
			}
		}
	}

	private void check(MappingEntry mapping) {
		// To find the file again wherever it will be moved: those that are declared are
		// few
		mapping.pages().fileStatus(true);
		FileLook look = FileLook.at(mapping);
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
	}

}
