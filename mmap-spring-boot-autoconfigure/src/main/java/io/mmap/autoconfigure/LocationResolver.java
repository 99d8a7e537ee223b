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

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.mmap.MappingBuilder;
import io.mmap.MappingSpec;

import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.ResourceUtils;
import org.springframework.util.StringUtils;

/**
 * Finds what locations lead to.
 */
class LocationResolver {

	private final ResourceLoader resourceLoader;

	private final PathMatchingResourcePatternResolver patternResolver;

	/**
	 * Create an instance.
	 * @param resourceLoader takes a location without a prefix for a path
	 */
	LocationResolver(ResourceLoader resourceLoader) {
		this.resourceLoader = resourceLoader;
		this.patternResolver = new PathMatchingResourcePatternResolver(resourceLoader);
		// Or jars that were searched would stay open for good
		this.patternResolver.setUseCaches(false);
	}

	/**
	 * Start the spec of what a location leads to.
	 * @return the spec, or {@code null} if the location is optional and nothing is there
	 */
	@Nullable MappingBuilder<?> resolve(Location location) {
		if (location.value().startsWith(ResourceUtils.FILE_URL_PREFIX) && location.value().contains("#")) {
			throw new InvalidLocationException(
					"location '" + location + "' has a '#', which ends the path in a location that starts with 'file:'",
					"Write the path without 'file:', or '%23' for the '#'.", null);
		}
		Resource resource = this.resourceLoader.getResource(location.value());
		if (!location.isClassPath() && !resource.isFile()) {
			// First, or it would be asked for over the network whether it exists
			throw notAFile(location, resource);
		}
		if (location.optional() && !resource.exists()) {
			return null;
		}
		try {
			return spec(location, resource);
		}
		catch (FileNotFoundException ex) {
			throw new InvalidLocationException("there is no " + resource.getDescription(),
					"Check the location, and that what contains it is on the class path."
							+ " Start it with 'optional:' if it may be missing.",
					ex);
		}
		catch (IOException | InvalidPathException ex) {
			throw new InvalidLocationException("location '" + location + "' cannot be resolved: " + ex.getMessage(),
					"Correct the location.", ex);
		}
	}

	/**
	 * Start the specs of all files that match a pattern.
	 * @return the specs by the part of the path that matched the wildcards, in its order
	 */
	Map<String, MappingBuilder<?>> resolveAll(Location location) {
		if (location.value().contains("{") || location.value().contains("}")) {
			throw new InvalidLocationException("location '" + location + "' has braces and wildcards",
					"Use ?, * and ** as wildcards, and no braces beside them.", null);
		}
		try {
			return (location.isClassPath()) ? searchClassPath(location) : searchFiles(location);
		}
		catch (AccessDeniedException ex) {
			throw new InvalidLocationException(
					"location '" + location + "' cannot be searched: the directory '" + ex.getFile()
							+ "' may not be read",
					"Allow the user '" + System.getProperty("user.name")
							+ "' to read it, or use a pattern that does not match it.",
					ex);
		}
		catch (IOException | InvalidPathException ex) {
			throw new InvalidLocationException("location '" + location + "' cannot be searched: " + ex.getMessage(),
					"Correct the location.", ex);
		}
	}

	private Map<String, MappingBuilder<?>> searchFiles(Location location) throws IOException {
		Resource root = this.resourceLoader.getResource(location.root());
		if (!root.isFile()) {
			throw notAFile(location, root);
		}
		Map<String, MappingBuilder<?>> specs = new TreeMap<>();
		FileSearch.search(root.getFilePath(), location.pattern())
			.forEach((key, file) -> specs.put(key, MappingSpec.file(file)));
		return specs;
	}

	private Map<String, MappingBuilder<?>> searchClassPath(Location location) throws IOException {
		Map<String, MappingBuilder<?>> specs = new TreeMap<>();
		for (Resource resource : this.patternResolver.getResources(location.root() + location.pattern())) {
			String url = resource.getURL().toString();
			if (url.endsWith("/") || (resource.isFile() && !Files.isRegularFile(resource.getFilePath()))) {
				continue;
			}
			String key = key(location, url);
			if (specs.put(key, MappingSpec.resource(resource.getURL())) != null) {
				throw new InvalidLocationException(
						"location '" + location + "' matches '" + key + "' in more than one place",
						"Use a pattern that matches it once.", null);
			}
		}
		return specs;
	}

	private static MappingBuilder<?> spec(Location location, Resource resource) throws IOException {
		if (location.isClassPath()) {
			return MappingSpec.resource(resource.getURL());
		}
		return MappingSpec.file(resource.getFilePath());
	}

	private static InvalidLocationException notAFile(Location location, Resource resource) {
		return new InvalidLocationException(
				"location '" + location + "' is neither a file nor on the class path, but " + resource.getDescription(),
				"Use a path, or a location that starts with 'file:' or 'classpath:'.", null);
	}

	/**
	 * Return the part of a URL that follows the root of the pattern.
	 */
	private String key(Location location, String url) throws IOException {
		String longest = "";
		for (Resource root : this.patternResolver.getResources(location.root())) {
			String prefix = root.getURL().toString();
			if (url.startsWith(prefix) && prefix.length() > longest.length()) {
				longest = prefix;
			}
		}
		if (longest.isEmpty()) {
			// A jar that does not list its directories
			String path = location.root().substring(location.root().indexOf(':') + 1);
			String root = "/" + StringUtils.trimLeadingCharacter(path, '/');
			longest = url.substring(0, url.indexOf(root, url.indexOf("!/") + 1) + root.length());
		}
		return StringUtils
			.trimLeadingCharacter(StringUtils.uriDecode(url.substring(longest.length()), StandardCharsets.UTF_8), '/');
	}

}
