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

import org.jspecify.annotations.Nullable;

import io.mmap.internal.PlainText;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * Finds where properties were written.
 */
class PropertyOrigins {

	private final Environment environment;

	PropertyOrigins(Environment environment) {
		this.environment = environment;
	}

	boolean isSet(String property) {
		return find(property) != null;
	}

	/**
	 * Describe a property in lines of their own: its name, its value and, if known, the
	 * file and line. Of a group of properties the place of its first one is told, and so
	 * it is when the property is missing in its group.
	 */
	void describe(String property, StringBuilder description) {
		ConfigurationProperty found = find(property);
		String group = property.substring(0, property.lastIndexOf('.'));
		if (found == null && findBelow(property) == null && findBelow(group) == null) {
			// Nobody has written it: what it is about was declared by code
			return;
		}
		description.append("%n    Property: %s".formatted(PlainText.of(property)));
		if (found != null) {
			description.append("%n    Value: \"%s\"".formatted(PlainText.of(found.getValue())));
		}
		else {
			found = findBelow(property);
			found = (found != null) ? found : findBelow(group);
		}
		if (found != null && found.getOrigin() != null) {
			description.append("%n    Origin: %s".formatted(PlainText.of(found.getOrigin())));
		}
	}

	private @Nullable ConfigurationProperty find(String property) {
		ConfigurationPropertyName name = ConfigurationPropertyName.ofIfValid(property);
		if (name == null) {
			return null;
		}
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty found = source.getConfigurationProperty(name);
			if (found != null) {
				return found;
			}
		}
		return null;
	}

	private @Nullable ConfigurationProperty findBelow(String property) {
		ConfigurationPropertyName parent = ConfigurationPropertyName.adapt(property, '.');
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			if (source instanceof IterableConfigurationPropertySource properties) {
				for (ConfigurationPropertyName name : properties) {
					if (parent.isAncestorOf(name)) {
						return source.getConfigurationProperty(name);
					}
				}
			}
		}
		return null;
	}

}
