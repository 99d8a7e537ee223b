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

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.ResourcePatternResolver;
import org.springframework.util.ResourceUtils;

/**
 * Has a native image contain what is declared to be mapped from the class path, as far as
 * the configuration says so while the application is processed.
 */
class DeclaredResourcesAotProcessor implements BeanFactoryInitializationAotProcessor {

	@Override
	public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
			ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.getBeanNamesForType(MmapProperties.class, false, false).length == 0) {
			return null;
		}
		List<String> patterns = patterns(beanFactory.getBean(Environment.class));
		return (patterns.isEmpty()) ? null
				: (context, code) -> patterns.forEach(context.getRuntimeHints().resources()::registerPattern);
	}

	private static List<String> patterns(Environment environment) {
		List<String> patterns = new ArrayList<>();
		for (Location location : DeclaredNames.withLocations(environment).values()) {
			if (location.isClassPath()) {
				patterns.add(pattern(location.value()));
			}
		}
		return patterns;
	}

	/**
	 * Return which resources a location stands for, in the notation of native images,
	 * which knows no wildcard for a single character.
	 */
	private static String pattern(String location) {
		String prefix = (location.startsWith(ResourceUtils.CLASSPATH_URL_PREFIX)) ? ResourceUtils.CLASSPATH_URL_PREFIX
				: ResourcePatternResolver.CLASSPATH_ALL_URL_PREFIX;
		String path = location.substring(prefix.length()).replace('?', '*');
		return (path.startsWith("/")) ? path.substring(1) : path;
	}

}
