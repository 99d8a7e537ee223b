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
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MappingSpec.FileBuilder;

import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.StringUtils;

/**
 * Turns declarations into specs.
 */
class PropertiesMappings {

	private final ResourceLoader resourceLoader;

	/**
	 * Create an instance.
	 * @param resourceLoader takes a location without a prefix for a path
	 */
	PropertiesMappings(ResourceLoader resourceLoader) {
		this.resourceLoader = resourceLoader;
	}

	void declare(Map<String, MmapProperties.Mapping> mappings, MappingRegistry.Builder registry) {
		Set<String> names = DeclaredNames.of(mappings.keySet());
		mappings.forEach((name, mapping) -> {
			if (!names.contains(name)) {
				return;
			}
			try {
				registry.declare(name, spec(mapping));
			}
			catch (IllegalArgumentException ex) {
				throw new InvalidMappingPropertiesException(name, ex.getMessage(), ex);
			}
		});
	}

	private MappingSpec spec(MmapProperties.Mapping mapping) {
		FileBuilder builder = MappingSpec.file(path(mapping))
			.access(mapping.getAccess())
			.offset(mapping.getOffset().toBytes())
			.create(mapping.isCreate());
		if (mapping.getLength() != null) {
			builder.length(mapping.getLength().toBytes());
		}
		return builder.build();
	}

	private Path path(MmapProperties.Mapping mapping) {
		String location = mapping.getLocation();
		if (!StringUtils.hasText(location)) {
			throw new IllegalArgumentException(
					"location is missing; give the file to map, such as 'file:/var/lib/geoip/ip-country.bin'");
		}
		Resource resource = this.resourceLoader.getResource(location);
		try {
			return resource.getFilePath();
		}
		catch (FileNotFoundException ex) {
			throw new IllegalArgumentException("location '" + location + "' is not a file in the file system, but "
					+ resource.getDescription() + "; give a path or a 'file:' location", ex);
		}
		catch (IOException ex) {
			throw new IllegalArgumentException("location '" + location + "' cannot be resolved: " + ex.getMessage(),
					ex);
		}
	}

}
