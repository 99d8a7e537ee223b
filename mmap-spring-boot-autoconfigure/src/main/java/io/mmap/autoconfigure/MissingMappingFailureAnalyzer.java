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

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.mmap.MappingSet;
import io.mmap.MemoryMapping;
import io.mmap.internal.NearestName;
import io.mmap.internal.PlainText;

import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Explains why a mapping could not be injected. First in order, since Spring Boot would
 * advise to define a bean.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class MissingMappingFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

	private final Environment environment;

	MissingMappingFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		ResolvableType type = cause.getResolvableType();
		Class<?> wanted = (type != null) ? type.resolve() : null;
		if ((wanted != MemoryMapping.class && wanted != MappingSet.class)
				|| cause instanceof NoUniqueBeanDefinitionException) {
			return null;
		}
		String who = (description != null) ? description : "A bean";
		String what = (wanted == MappingSet.class) ? "a set of mappings" : "a mapping";
		if (!"true".equalsIgnoreCase(this.environment.getProperty("mmap.enabled", "true"))) {
			return new FailureAnalysis(who + " required " + what + ", but mappings are disabled.",
					"Set 'mmap.enabled' to true, or remove it.", cause);
		}
		Map<String, Location> declared = DeclaredNames.withLocations(this.environment);
		String name = qualifier(rootFailure);
		if (name == null) {
			return new FailureAnalysis(
					who + " required " + what + ", but there is none."
							+ (declared.isEmpty() ? "" : " Declared are: " + describe(declared) + "."),
					"Declare " + what + " with '" + DeclaredNames.PREFIX + ".<name>.location'"
							+ ((wanted == MappingSet.class) ? ", as a pattern" : "") + ".",
					cause);
		}
		return analyze(who + " required " + what + " '" + name + "'", wanted, name, declared, cause);
	}

	private static FailureAnalysis analyze(String what, Class<?> wanted, String name, Map<String, Location> declared,
			NoSuchBeanDefinitionException cause) {
		String property = "'" + DeclaredNames.PREFIX + "." + name + ".location'";
		Location location = declared.get(name);
		if (location == null) {
			String nearest = NearestName.of(name, declared.keySet());
			return new FailureAnalysis(
					what + ", but no mapping of that name is declared."
							+ ((nearest != null) ? " Did you mean '" + nearest + "'?" : "")
							+ ((declared.isEmpty()) ? ""
									: " Declared are: " + String.join(", ", new TreeSet<>(declared.keySet())) + "."),
					((nearest != null) ? "Use @Qualifier(\"" + nearest + "\"), or declare it with "
							: "Declare it with ") + property + ".",
					cause);
		}
		if (location.allocated() && wanted == MappingSet.class) {
			return new FailureAnalysis(what + ", but the mapping of that name has the source '" + PlainText.of(location)
					+ "', which is one mapping.", "Inject a MemoryMapping.", cause);
		}
		if (location.isPattern() != (wanted == MappingSet.class)) {
			return new FailureAnalysis(
					what + ", but the location '" + PlainText.of(location) + "' of that name stands for "
							+ ((location.isPattern()) ? "a set of mappings." : "one mapping."),
					(location.isPattern()) ? "Inject a MappingSet, or give " + property + " the path of one file."
							: "Inject a MemoryMapping, or give " + property + " a pattern.",
					cause);
		}
		if (!location.optional()) {
			return new FailureAnalysis(
					what + ", which is declared, but there is no such bean. An application with a MappingRegistry bean"
							+ " of its own gets that one alone: nothing is mapped for its configuration then.",
					"Get it from the MappingRegistry, or remove that bean.", cause);
		}
		return new FailureAnalysis(
				what + ", which is declared, but optional, and nothing is at '" + PlainText.of(location) + "'.",
				"Inject it as Optional<MemoryMapping> or ObjectProvider<MemoryMapping>, or have the file there before"
						+ " the application starts.",
				cause);
	}

	private @Nullable String qualifier(Throwable rootFailure) {
		String name = null;
		UnsatisfiedDependencyException failure = findCause(rootFailure, UnsatisfiedDependencyException.class);
		for (Throwable each = failure; each != null; each = each.getCause()) {
			if (each instanceof UnsatisfiedDependencyException unsatisfied) {
				InjectionPoint injectionPoint = unsatisfied.getInjectionPoint();
				Qualifier qualifier = (injectionPoint != null) ? injectionPoint.getAnnotation(Qualifier.class) : null;
				// That of the innermost bean stays, which is the one that needs a mapping
				name = (qualifier != null) ? qualifier.value() : null;
			}
		}
		return name;
	}

	private static String describe(Map<String, Location> declared) {
		return new TreeMap<>(declared).entrySet()
			.stream()
			.map((entry) -> entry.getKey() + " (" + ((entry.getValue().optional()) ? "optional, " : "")
					+ ((entry.getValue().isPattern()) ? "a set" : "one mapping") + ")")
			.collect(Collectors.joining(", "));
	}

}
