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
import io.mmap.InvalidMappingException;
import io.mmap.MappedRangeException;
import io.mmap.MappingException;
import io.mmap.NoSuchMappingException;
import io.mmap.UnsupportedMappingOperationException;
import io.mmap.internal.PlainText;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;

/**
 * Explains why a declared mapping could not be made, and where it was declared, or why a
 * mapping or mapper cannot be used.
 */
class DeclaredMappingFailureAnalyzer implements FailureAnalyzer {

	private final PropertyOrigins origins;

	DeclaredMappingFailureAnalyzer(Environment environment) {
		this.origins = new PropertyOrigins(environment);
	}

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		for (Throwable each = failure; each != null; each = each.getCause()) {
			FailureAnalysis analysis = switch (each) {
				case InvalidMappingPropertiesException ex ->
					analysis(ex.getName(), ex.getOption(), ex.getProblem(), ex.getRemedy(), ex);
				case DeclaredMappingException ex -> analysis(ex);
				case InvalidMappingException ex when ex.option().contains(".") -> analysis(ex);
				case InvalidMappingException ex -> new FailureAnalysis(
						"A mapping that is declared by code is not valid:" + indented(ex.problem()), ex.remedy(), ex);
				case NoSuchMappingException ex -> new FailureAnalysis(String.valueOf(ex.getMessage()),
						"Correct the code that asks for it" + (ex.knownNames().contains(ex.name()) ? "."
								: ", or declare it below '" + DeclaredNames.PREFIX + "'."),
						ex);
				case MappingException ex -> new FailureAnalysis(ex.problem() + ".",
						(ex.remedy().isEmpty()) ? "Look at what caused it." : ex.remedy(), ex);
				case UnsupportedMappingOperationException ex -> new FailureAnalysis(String.valueOf(ex.getMessage()),
						"Start the application, or configure it, as described above.", ex);
				default -> null;
			};
			if (analysis != null) {
				return analysis;
			}
		}
		return null;
	}

	/**
	 * Explain what is wrong with a setting of the registry.
	 */
	private FailureAnalysis analysis(InvalidMappingException failure) {
		StringBuilder description = new StringBuilder("Memory cannot be mapped with these settings:%n".formatted());
		this.origins.describe(DeclaredNames.ROOT + "." + failure.option(), description);
		description.append("%n    Reason: ".formatted()).append(failure.problem()).append('.');
		return new FailureAnalysis(description.toString(), failure.remedy(), failure);
	}

	private FailureAnalysis analysis(DeclaredMappingException failure) {
		String name = failure.name();
		if (failure.getCause() instanceof MappingException cause) {
			return analysis(name, option(name, cause), cause.problem(), cause.remedy(), failure);
		}
		if (failure.getCause() instanceof InvalidMappingException cause) {
			return analysis(name, cause.option(), cause.problem(), cause.remedy(), failure);
		}
		if (failure.getCause() instanceof UnsupportedMappingOperationException cause) {
			return analysis(name, (cause.option() != null) ? cause.option() : whatIsMapped(name), cause.problem(),
					cause.remedy(), failure);
		}
		Throwable cause = (failure.getCause() != null) ? failure.getCause() : failure;
		return analysis(name, whatIsMapped(name), PlainText.of(cause.getMessage()), "", failure);
	}

	/**
	 * Return the option to which an exception points.
	 */
	private String option(String name, MappingException cause) {
		if (cause instanceof MappedRangeException) {
			return this.origins.isSet(property(name, "length")) ? "length" : "offset";
		}
		return whatIsMapped(name);
	}

	/**
	 * Return the option that says what is mapped.
	 */
	private String whatIsMapped(String name) {
		boolean newMemory = this.origins.isSet(property(name, "source"))
				&& !this.origins.isSet(property(name, "location"));
		return (newMemory) ? "source" : "location";
	}

	private FailureAnalysis analysis(String name, String option, String problem, String remedy, Throwable failure) {
		StringBuilder description = new StringBuilder(
				"The mapping '" + PlainText.of(name) + "' could not be made:" + System.lineSeparator());
		String property = property(name, option);
		this.origins.describe(property, description);
		description.append("%n    Reason: ".formatted()).append(problem).append('.');
		String action = (remedy.isEmpty())
				? "Correct the properties under '" + DeclaredNames.property(name) + "', or what they refer to."
				: remedy;
		return new FailureAnalysis(description.toString(), action, failure);
	}

	private static String property(String name, String option) {
		return DeclaredNames.property(name) + (option.equals("name") ? "" : "." + option);
	}

	private static String indented(String text) {
		return "%n%n    ".formatted() + text + ".";
	}

}
