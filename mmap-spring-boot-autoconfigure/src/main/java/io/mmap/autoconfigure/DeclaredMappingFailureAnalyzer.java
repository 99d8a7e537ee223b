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

import io.mmap.DeclaredMappingException;
import io.mmap.UnsupportedMappingOperationException;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;

/**
 * Explains why a declared mapping could not be made, and where it was declared, or why a
 * mapper cannot be used.
 */
class DeclaredMappingFailureAnalyzer implements FailureAnalyzer {

	private final Environment environment;

	DeclaredMappingFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		for (Throwable each = failure; each != null; each = each.getCause()) {
			if (each instanceof DeclaredMappingException ex) {
				return analysis(ex.name(), ex);
			}
			if (each instanceof InvalidMappingPropertiesException ex) {
				return analysis(ex.getName(), ex);
			}
			if (each instanceof UnsupportedMappingOperationException) {
				return new FailureAnalysis(String.valueOf(each.getMessage()),
						"Start the application, or configure it, as described above.", each);
			}
		}
		return null;
	}

	private FailureAnalysis analysis(String name, RuntimeException failure) {
		String property = "mmap.mappings." + name;
		Throwable reason = failure.getCause();
		String description = "The mapping declared under '" + property + "'" + origin(property + ".location")
				+ " could not be made:" + System.lineSeparator() + System.lineSeparator() + "    "
				+ ((reason != null) ? reason.getMessage() : failure.getMessage());
		return new FailureAnalysis(description,
				"Correct the properties under '" + property + "', or what they refer to, as described above.", failure);
	}

	private String origin(String property) {
		ConfigurationPropertyName name = ConfigurationPropertyName.ofIfValid(property);
		if (name == null) {
			return "";
		}
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty found = source.getConfigurationProperty(name);
			if (found != null && found.getOrigin() != null) {
				return " (" + found.getOrigin() + ")";
			}
		}
		return "";
	}

}
