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

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.mmap.Advice;
import io.mmap.Seal;
import io.mmap.internal.ConstantName;
import io.mmap.internal.PlainText;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * Explains properties of this library that do not exist, or whose value cannot be
 * understood, and what to write instead. First in order, since Spring Boot knows less
 * about them.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class InvalidPropertyFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("mmap");

	private static final ConfigurationPropertyName MAPPINGS = ConfigurationPropertyName.of(DeclaredNames.PREFIX);

	private final PropertyOrigins origins;

	InvalidPropertyFailureAnalyzer(Environment environment) {
		this.origins = new PropertyOrigins(environment);
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		if (!PREFIX.equals(cause.getName()) && !PREFIX.isAncestorOf(cause.getName())) {
			return null;
		}
		for (Throwable each = cause; each != null; each = each.getCause()) {
			if (each instanceof UnboundConfigurationPropertiesException ex) {
				return unknown(ex.getUnboundProperties(), cause);
			}
		}
		ConfigurationProperty property = cause.getProperty();
		if (property != null) {
			return invalid(property, cause);
		}
		return (MAPPINGS.isParentOf(cause.getName())) ? noOptions(cause) : null;
	}

	private FailureAnalysis noOptions(BindException cause) {
		String name = cause.getName().toString();
		StringBuilder description = new StringBuilder(
				"A mapping has options, but here is a single value:%n".formatted());
		this.origins.describe(name, description);
		return new FailureAnalysis(description.toString(),
				"Write the file as '" + name + ".location', and further options beside that.", cause);
	}

	private static FailureAnalysis unknown(Set<ConfigurationProperty> properties, BindException cause) {
		StringBuilder description = new StringBuilder(
				((isWithoutValue(properties)) ? "A property has no value:%n" : "There is no such property:%n")
					.formatted());
		StringBuilder action = new StringBuilder();
		for (ConfigurationProperty property : properties) {
			describe(property, description);
			MmapPropertyNames.Mistake mistake = MmapPropertyNames.mistake(property.getName());
			if (mistake.known().isEmpty()) {
				action.append((action.isEmpty()) ? "" : System.lineSeparator())
					.append("'" + property.getName().chop(mistake.index())
							+ "' is a list: write its values separated by commas, or number them from [0] on"
							+ " without a gap.");
				continue;
			}
			ConfigurationPropertyName nearest = mistake.nearest();
			if (nearest != null && property.getName().equals(nearest)) {
				action.append((action.isEmpty()) ? "" : System.lineSeparator())
					.append("'" + nearest + "' has no value: write one, or leave it out.");
				continue;
			}
			action.append((action.isEmpty()) ? "" : System.lineSeparator())
				.append("Instead of '" + property.getName() + "' write ")
				.append((nearest != null) ? "'" + nearest + "'. '" : "another name. '")
				.append(property.getName().chop(mistake.index()) + "' has: ")
				.append(String.join(", ", mistake.known()))
				.append('.');
		}
		return new FailureAnalysis(description.toString(), action.toString(), cause);
	}

	private static boolean isWithoutValue(Set<ConfigurationProperty> properties) {
		return properties.stream()
			.map(ConfigurationProperty::getName)
			.allMatch(InvalidPropertyFailureAnalyzer::isKnown);
	}

	private static boolean isKnown(ConfigurationPropertyName name) {
		ConfigurationPropertyName nearest = MmapPropertyNames.mistake(name).nearest();
		return nearest != null && nearest.equals(name);
	}

	private static FailureAnalysis invalid(ConfigurationProperty property, BindException cause) {
		ResolvableType target = cause.getTarget().getType();
		boolean list = Collection.class.isAssignableFrom(target.resolve(Object.class));
		Class<?> type = (list) ? target.getGeneric().resolve(Object.class) : target.resolve(Object.class);
		StringBuilder description = new StringBuilder("The value of a property cannot be understood:%n".formatted());
		describe(property, description);
		description.append("%n    Reason: ".formatted())
			.append(reason(type, (list) ? unconverted(property.getValue(), cause) : property.getValue(), cause));
		return new FailureAnalysis(description.toString(),
				"Write " + expectation(type, list) + " for '" + property.getName() + "'.", cause);
	}

	/**
	 * Return the element of a list that could not be converted.
	 */
	private static @Nullable Object unconverted(Object list, BindException cause) {
		Object value = list;
		for (Throwable each = cause; each != null; each = each.getCause()) {
			if (each instanceof ConversionFailedException ex) {
				value = ex.getValue();
			}
		}
		return value;
	}

	/**
	 * Return the reason, in the words of the conversion unless those are only for who
	 * wrote it.
	 */
	private static String reason(Class<?> type, @Nullable Object value, BindException cause) {
		if (type.isEnum()) {
			return "There is no '" + PlainText.of(value) + "'";
		}
		Throwable reason = cause;
		while (reason.getCause() != null) {
			reason = reason.getCause();
		}
		boolean tooLarge = reason instanceof ArithmeticException
				|| type == DataSize.class && reason instanceof NumberFormatException;
		return (tooLarge) ? "The number is too large" : PlainText.of(reason.getMessage());
	}

	private static String expectation(Class<?> type, boolean list) {
		if (list) {
			return expectation(type, false).replaceFirst(",$", "") + ", or several separated by commas,";
		}
		if (type == Advice.class) {
			return "the name of advice, such as 'will-need' or 'dont-dump',";
		}
		if (type == Seal.class) {
			return "one of 'seal', 'shrink', 'grow', 'future-write'";
		}
		if (type == int.class) {
			return "a whole number, such as 131072 or 0x20000,";
		}
		if (type == DataSize.class) {
			return "a whole number with one of the units B, KB, MB, GB and TB, such as 64MB (1KB is 1024 bytes),";
		}
		if (type == Duration.class) {
			return "a whole number with one of the units ms, s, m, h and d, such as 5s,";
		}
		if (type.isEnum()) {
			return "one of " + Arrays.stream(type.getEnumConstants())
				.map((constant) -> "'" + ConstantName.of((Enum<?>) constant) + "'")
				.collect(Collectors.joining(", "));
		}
		if (type == boolean.class || type == Boolean.class) {
			return "true or false";
		}
		return "a value of type " + type.getSimpleName();
	}

	private static void describe(ConfigurationProperty property, StringBuilder description) {
		description.append("%n    Property: %s%n    Value: \"%s\"".formatted(property.getName(),
				PlainText.of(property.getValue())));
		if (property.getOrigin() != null) {
			description.append("%n    Origin: %s".formatted(PlainText.of(property.getOrigin())));
		}
	}

}
