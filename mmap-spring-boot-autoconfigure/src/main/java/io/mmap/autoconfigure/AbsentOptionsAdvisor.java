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

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Has the binder pass over the options of declared mappings that nobody has written. It
 * would otherwise ask each property source for each of more than thirty options of each
 * mapping.
 */
class AbsentOptionsAdvisor implements ConfigurationPropertiesBindHandlerAdvisor {

	private static final ConfigurationPropertyName MAPPINGS = ConfigurationPropertyName.of(DeclaredNames.PREFIX);

	/**
	 * What the names of variables of the environment start with.
	 */
	private static final String VARIABLES = "MMAP_MAPPINGS_";

	/**
	 * A name, and an option below it.
	 */
	private static final int OPTION_ELEMENTS = MAPPINGS.getNumberOfElements() + 2;

	@Override
	public BindHandler apply(BindHandler bindHandler) {
		return new Handler(bindHandler);
	}

	/**
	 * Of one binding.
	 */
	private static final class Handler extends AbstractBindHandler {

		private @Nullable Options options;

		private Handler(BindHandler parent) {
			super(parent);
		}

		@Override
		public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target,
				BindContext context) {
			if (name.getNumberOfElements() == OPTION_ELEMENTS && MAPPINGS.isAncestorOf(name)
					&& !options(context).mayBePresent(name)) {
				return null;
			}
			return super.onStart(name, target, context);
		}

		private Options options(BindContext context) {
			Options options = this.options;
			if (options == null) {
				options = Options.in(context.getSources());
				this.options = options;
			}
			return options;
		}

	}

	/**
	 * The options that somebody has written.
	 *
	 * @param names their names, or {@code null} if not all of them can be known
	 */
	private record Options(@Nullable Set<ConfigurationPropertyName> names) {

		private static Options in(Iterable<ConfigurationPropertySource> sources) {
			Set<ConfigurationPropertyName> names = new HashSet<>();
			for (ConfigurationPropertySource source : sources) {
				if (mayAnswerOtherNames(source.getUnderlyingSource())) {
					return new Options(null);
				}
				if (source.containsDescendantOf(MAPPINGS) == ConfigurationPropertyState.ABSENT) {
					continue;
				}
				if (!(source instanceof IterableConfigurationPropertySource properties)) {
					return new Options(null);
				}
				for (ConfigurationPropertyName name : properties) {
					if (name.getNumberOfElements() >= OPTION_ELEMENTS && MAPPINGS.isAncestorOf(name)) {
						names.add(name.chop(OPTION_ELEMENTS));
					}
				}
			}
			return new Options(names);
		}

		/**
		 * Return whether a source may have values for names that it does not list. Those
		 * of Spring list all that they have, except that a variable may stand for more
		 * names than its own, since it cannot tell hyphens from dots.
		 */
		private static boolean mayAnswerOtherNames(@Nullable Object source) {
			if (source instanceof SystemEnvironmentPropertySource variables) {
				return Arrays.stream(variables.getPropertyNames())
					.anyMatch((name) -> name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_").startsWith(VARIABLES));
			}
			return source == null || !source.getClass().getName().startsWith("org.springframework.");
		}

		private boolean mayBePresent(ConfigurationPropertyName name) {
			return this.names == null || this.names.contains(name);
		}

	}

}
