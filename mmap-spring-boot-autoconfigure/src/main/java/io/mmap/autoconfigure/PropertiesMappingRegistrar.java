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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.mmap.InvalidMappingException;
import io.mmap.MappingBuilder;
import io.mmap.MappingDeclarations;
import io.mmap.MappingRegistrar;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MappingSpecCustomizer;
import io.mmap.ResourceMappingBuilder;
import io.mmap.internal.PlainText;

/**
 * Declares the mappings that stand in the configuration.
 */
class PropertiesMappingRegistrar implements MappingRegistrar {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final Map<String, MappingProperties> mappings;

	private final LocationResolver locations;

	private final List<MappingSpecCustomizer> customizers;

	private final boolean nothingNeeded;

	/**
	 * Create an instance.
	 * @param mappings what stands there, by name
	 * @param locations finds the files
	 * @param customizers have the last word
	 * @param nothingNeeded whether a pattern may match nothing, as nothing is going to be
	 * mapped anyway
	 */
	PropertiesMappingRegistrar(Map<String, MappingProperties> mappings, LocationResolver locations,
			List<MappingSpecCustomizer> customizers, boolean nothingNeeded) {
		this.mappings = mappings;
		this.locations = locations;
		this.customizers = customizers;
		this.nothingNeeded = nothingNeeded;
	}

	@Override
	public void declareMappings(MappingDeclarations declarations) {
		Set<String> names = DeclaredNames.of(this.mappings.keySet());
		this.mappings.forEach((name, mapping) -> {
			if (!names.contains(name)) {
				return;
			}
			try {
				declare(name, mapping, declarations);
			}
			catch (InvalidLocationException ex) {
				throw new InvalidMappingPropertiesException(name, "location", ex.getProblem(), ex.getRemedy(), ex);
			}
			catch (InvalidMappingException ex) {
				throw new InvalidMappingPropertiesException(name, ex.option(), ex.problem(), ex.remedy(), ex);
			}
		});
	}

	private void declare(String name, MappingProperties mapping, MappingDeclarations declarations) {
		OptionChecks.check(name, mapping);
		switch (mapping.getSource()) {
			case FILE -> declareFile(name, mapping, declarations);
			case ANONYMOUS ->
				declarations.declare(name, spec(name, mapping, MappingSpec.anonymous(newLength(mapping))));
			case IN_MEMORY_FILE ->
				declarations.declare(name, spec(name, mapping, MappingSpec.inMemoryFile(name, newLength(mapping))));
		}
	}

	private static long newLength(MappingProperties mapping) {
		return (mapping.getLength() != null) ? mapping.getLength().toBytes() : 0;
	}

	private void declareFile(String name, MappingProperties mapping, MappingDeclarations declarations) {
		String text = mapping.getLocation();
		Location location = Location.of((text != null) ? text : "");
		if (location.value().isEmpty()) {
			throw new InvalidLocationException("location is missing",
					"Give the file to map, such as 'file:/var/lib/geoip/ip-country.bin'.", null);
		}
		if (location.isPattern()) {
			declareSet(name, mapping, location, declarations);
			return;
		}
		MappingBuilder<?> builder = this.locations.resolve(location);
		if (builder != null) {
			declarations.declare(name, spec(name, mapping, builder));
		}
		else {
			logger.info("Mapping '" + name + "' is optional, and nothing is at '" + PlainText.of(location)
					+ "': not mapped");
		}
	}

	private void declareSet(String name, MappingProperties mapping, Location location,
			MappingDeclarations declarations) {
		OptionChecks.checkPattern(name, mapping);
		SetSearch search = new SetSearch(name, mapping, location);
		// Here, so that what is wrong is told as for any other declaration
		search.first(this.nothingNeeded);
		declarations.declareSet(name, search);
	}

	private static String checkPattern(Location location) {
		if (location.isClassPath()) {
			return "Check the pattern, and that what contains the files is on the class path.";
		}
		return "Check the pattern; a relative one starts at '" + System.getProperty("user.dir", ".") + "'.";
	}

	private MappingSpec spec(String name, MappingProperties mapping, MappingBuilder<?> builder) {
		if (builder instanceof ResourceMappingBuilder) {
			OptionChecks.checkResource(name, mapping);
		}
		DeclaredOptions.apply(mapping, builder);
		this.customizers.forEach((customizer) -> customizer.customize(name, builder));
		return builder.build();
	}

	/**
	 * Finds the members of a set, again and again. What was found before keeps its spec:
	 * customizers are asked for what is new.
	 */
	private final class SetSearch implements Supplier<Map<String, MappingSpec>> {

		private final String name;

		private final MappingProperties mapping;

		private final Location location;

		private Map<String, MappingSpec> found = Map.of();

		private boolean fresh;

		private SetSearch(String name, MappingProperties mapping, Location location) {
			this.name = name;
			this.mapping = mapping;
			this.location = location;
		}

		@Override
		public synchronized Map<String, MappingSpec> get() {
			if (this.fresh) {
				this.fresh = false;
				return this.found;
			}
			return next(false);
		}

		private synchronized void first(boolean nothingNeeded) {
			next(nothingNeeded);
			this.fresh = true;
		}

		private synchronized Map<String, MappingSpec> next(boolean nothingNeeded) {
			Map<String, MappingSpec> specs = new LinkedHashMap<>();
			PropertiesMappingRegistrar.this.locations.resolveAll(this.location).forEach((key, builder) -> {
				MappingSpec known = this.found.get(key);
				specs.put(key, (known != null) ? known : spec(this.name, this.mapping, builder));
			});
			if (specs.isEmpty() && !this.location.optional() && !nothingNeeded) {
				throw new InvalidLocationException("no file matches '" + this.location + "'",
						checkPattern(this.location) + " Start it with 'optional:' if there may be none.", null);
			}
			this.found = specs;
			return specs;
		}

	}

}
