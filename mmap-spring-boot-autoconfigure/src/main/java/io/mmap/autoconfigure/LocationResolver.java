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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.mmap.MappingSpec;

import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
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
	MappingSpec.@Nullable Builder<?> resolve(Location location) {
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
		catch (IOException ex) {
			throw new InvalidLocationException("location '" + location + "' cannot be resolved: " + ex.getMessage(),
					"Correct the location.", ex);
		}
	}

	/**
	 * Start the specs of all files that match a pattern.
	 * @return the specs by the part of the path that matched the wildcards, in its order
	 */
	Map<String, MappingSpec.Builder<?>> resolveAll(Location location) {
		Map<String, MappingSpec.Builder<?>> specs = new TreeMap<>();
		try {
			for (Resource resource : search(location)) {
				if (resource.isFile() && !Files.isRegularFile(resource.getFilePath())) {
					continue;
				}
				String key = key(location, resource);
				if (specs.put(key, spec(location, resource)) != null) {
					throw new InvalidLocationException(
							"location '" + location + "' matches '" + key + "' in more than one place",
							"Use a pattern that matches it once.", null);
				}
			}
		}
		catch (IOException ex) {
			throw new InvalidLocationException("location '" + location + "' cannot be searched: " + ex.getMessage(),
					"Correct the location.", ex);
		}
		return specs;
	}

	private Resource[] search(Location location) throws IOException {
		if (location.isClassPath()) {
			return this.patternResolver.getResources(location.root() + location.pattern());
		}
		Resource root = this.resourceLoader.getResource(location.root());
		if (!root.isFile()) {
			throw notAFile(location, root);
		}
		// As a path: in the URL of a file some characters would mean something else
		return this.patternResolver.getResources(root.getFilePath().toAbsolutePath() + "/" + location.pattern());
	}

	private static MappingSpec.Builder<?> spec(Location location, Resource resource) throws IOException {
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

	private String key(Location location, Resource resource) throws IOException {
		if (resource.isFile() && !location.isClassPath()) {
			Path root = this.resourceLoader.getResource(location.root()).getFilePath().toAbsolutePath().normalize();
			Path file = resource.getFilePath().toAbsolutePath().normalize();
			return root.relativize(file).toString();
		}
		String url = StringUtils.uriDecode(resource.getURL().toString(), StandardCharsets.UTF_8);
		String root = "/"
				+ StringUtils.trimLeadingCharacter(location.root().substring(location.root().indexOf(':') + 1), '/');
		return url.substring(url.lastIndexOf(root) + root.length());
	}

}
