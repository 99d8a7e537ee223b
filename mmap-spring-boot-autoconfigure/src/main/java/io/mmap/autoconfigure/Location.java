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

import java.util.Locale;

import org.springframework.core.io.support.ResourcePatternResolver;
import org.springframework.util.ResourceUtils;

/**
 * Where a mapping is declared to be.
 *
 * @param value a resource location or path
 * @param optional whether it may be missing
 * @param allocated whether this is no location, but a kind of new memory
 */
record Location(String value, boolean optional, boolean allocated) {

	private static final String OPTIONAL_PREFIX = "optional:";

	static Location of(String text) {
		String location = text.strip();
		return location.startsWith(OPTIONAL_PREFIX)
				? new Location(location.substring(OPTIONAL_PREFIX.length()).strip(), true, false)
				: new Location(location, false, false);
	}

	/**
	 * Return what stands for new memory.
	 * @param source the kind of memory, as it is written in configuration
	 */
	static Location ofNewMemory(String source) {
		return new Location(source, false, true);
	}

	/**
	 * Return whether this stands for a set of files. Decided by how it is written, so
	 * that it does not depend on which files there are.
	 */
	boolean isPattern() {
		return path().contains("*") || path().contains("?");
	}

	boolean isClassPath() {
		return this.value.startsWith(ResourceUtils.CLASSPATH_URL_PREFIX)
				|| this.value.startsWith(ResourcePatternResolver.CLASSPATH_ALL_URL_PREFIX);
	}

	/**
	 * Return the directory part of a pattern that has no wildcards, with its prefix and
	 * the slash at its end.
	 */
	String root() {
		String path = path();
		int wildcard = path.indexOf('*');
		int other = path.indexOf('?');
		if (other >= 0 && (wildcard < 0 || other < wildcard)) {
			wildcard = other;
		}
		int slash = path.lastIndexOf('/', wildcard);
		return prefix() + ((slash >= 0) ? path.substring(0, slash + 1) : isClassPath() ? "" : "./");
	}

	/**
	 * Return the part of a pattern that follows its root.
	 */
	String pattern() {
		String root = root();
		return this.value.startsWith(root) ? this.value.substring(root.length()) : path();
	}

	private String prefix() {
		for (String prefix : new String[] { ResourcePatternResolver.CLASSPATH_ALL_URL_PREFIX,
				ResourceUtils.CLASSPATH_URL_PREFIX, ResourceUtils.FILE_URL_PREFIX }) {
			if (this.value.toLowerCase(Locale.ROOT).startsWith(prefix)) {
				return this.value.substring(0, prefix.length());
			}
		}
		return "";
	}

	private String path() {
		return this.value.substring(prefix().length());
	}

	@Override
	public String toString() {
		return this.value;
	}

}
