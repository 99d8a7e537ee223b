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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyCaching;
import org.springframework.boot.context.properties.source.ConfigurationPropertyCaching.CacheOverride;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/**
 * The names under which mappings are declared.
 */
final class DeclaredNames {

	static final String ROOT = "mmap";

	static final String PREFIX = "mmap.mappings";

	private static final Pattern NAME = Pattern.compile("^" + Pattern.quote(PREFIX) + "\\.([^.\\[]*)[.\\[]");

	private DeclaredNames() {
	}

	/**
	 * Leave out keys that only spell another one without its hyphens. In the name of a
	 * property {@code ip-country} and {@code ipcountry} are the same, but an environment
	 * variable can only say the latter, and as keys of a map they are two.
	 */
	static Set<String> of(Collection<String> keys) {
		Map<String, String> names = new LinkedHashMap<>();
		for (String key : keys) {
			names.merge(key.replace("-", ""), key, (one, other) -> (one.length() >= other.length()) ? one : other);
		}
		return new LinkedHashSet<>(names.values());
	}

	/**
	 * Refuse what Spring Boot would pass over in silence: names of which it leaves out
	 * characters, so that a mapping gets another name, and two names in one place of
	 * which one spells the other without its hyphens, as one of them would be ignored. In
	 * different places, one overrides the other.
	 */
	static void check(Environment environment) {
		if (!(environment instanceof ConfigurableEnvironment configurable)) {
			return;
		}
		for (PropertySource<?> source : configurable.getPropertySources()) {
			if (!(source instanceof EnumerablePropertySource<?> properties)) {
				continue;
			}
			Map<String, String> names = new HashMap<>();
			for (String property : properties.getPropertyNames()) {
				Matcher matcher = NAME.matcher(property);
				// Before a bracket, nothing is a name that is given in brackets
				if (matcher.find() && !(matcher.group(1).isEmpty() && matcher.group().endsWith("["))) {
					String name = matcher.group(1);
					refuseAnotherName(name);
					refuseDuplicate(name, names.put(name.replace("-", ""), name));
				}
			}
		}
	}

	private static void refuseAnotherName(String name) {
		String read = read(name);
		if (name.isEmpty() || !read.equals(name)) {
			throw new InvalidMappingPropertiesException(name, "name", "'" + name + "' cannot be the name of a mapping",
					"Use lower-case letters a-z, digits and hyphens, and no hyphen at the start"
							+ (read.matches("[a-z0-9][a-z0-9-]*") ? ", such as '" + read + "'." : "."),
					null);
		}
	}

	/**
	 * Return as what a name is read in the name of a property.
	 */
	private static String read(String name) {
		ConfigurationPropertyName read = ConfigurationPropertyName.adapt(PREFIX + "." + name, '.');
		ConfigurationPropertyName prefix = ConfigurationPropertyName.of(PREFIX);
		return (prefix.isParentOf(read)) ? read.getLastElement(Form.ORIGINAL) : "";
	}

	private static void refuseDuplicate(String name, @Nullable String other) {
		if (other != null && !other.equals(name)) {
			throw new InvalidMappingPropertiesException(name, "name",
					"a mapping '" + other + "' is declared already, and names that differ in"
							+ " hyphens alone are the same",
					"Choose another name, or remove one of the declarations.", null);
		}
	}

	/**
	 * Return the name of what is declared for a mapping, as it is written.
	 */
	static String property(String name) {
		return (name.contains(".")) ? PREFIX + "[" + name + "]" : PREFIX + "." + name;
	}

	/**
	 * Return what is declared in an environment, and where it is to be found. Does not
	 * fail on what is declared wrongly: that is explained when it is made.
	 */
	static Map<String, Location> withLocations(Environment environment) {
		Iterable<ConfigurationPropertySource> sources = ConfigurationPropertySources.get(environment);
		Map<String, Location> locations = new LinkedHashMap<>();
		// Or sources that may change would be compared with what they were each time
		try (CacheOverride _ = ConfigurationPropertyCaching.get(sources).override()) {
			Set<String> names = of(keys(sources));
			if (!names.isEmpty()) {
				Binder binder = Binder.get(environment);
				names.forEach((name) -> locations.put(name, location(sources, binder, name)));
			}
		}
		return locations;
	}

	/**
	 * Return the keys that a map of what is declared would have. Without a binder, which
	 * searches all names for those of each entry.
	 */
	private static Set<String> keys(Iterable<ConfigurationPropertySource> sources) {
		ConfigurationPropertyName root = ConfigurationPropertyName.of(PREFIX);
		Set<String> keys = new LinkedHashSet<>();
		for (ConfigurationPropertySource source : sources) {
			if (source instanceof IterableConfigurationPropertySource properties) {
				for (ConfigurationPropertyName name : properties) {
					if (root.isAncestorOf(name)) {
						keys.add(name.getElement(root.getNumberOfElements(), Form.ORIGINAL));
					}
				}
			}
		}
		return keys;
	}

	private static Location location(Iterable<ConfigurationPropertySource> sources, Binder binder, String name) {
		String source = MmapPropertyNames.dashed(text(sources, binder, name, "source").strip());
		return (source.isEmpty() || source.equals("file")) ? Location.of(text(sources, binder, name, "location"))
				: Location.ofNewMemory(source);
	}

	private static String text(Iterable<ConfigurationPropertySource> sources, Binder binder, String name,
			String option) {
		ConfigurationPropertyName property = ConfigurationPropertyName.ofIfValid(PREFIX + "." + name + "." + option);
		if (property == null) {
			return "";
		}
		for (ConfigurationPropertySource source : sources) {
			ConfigurationProperty found = source.getConfigurationProperty(property);
			if (found != null) {
				// What has to be resolved or converted is for the binder
				return (found.getValue() instanceof String text && !text.contains("${")) ? text
						: binder.bind(property, Bindable.of(String.class)).orElse("");
			}
		}
		return "";
	}

}
