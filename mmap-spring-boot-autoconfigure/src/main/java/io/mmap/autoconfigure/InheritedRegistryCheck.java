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

import java.util.LinkedHashSet;
import java.util.Set;

import io.mmap.MappingRegistry;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.ApplicationContext;

/**
 * Fails the start-up of a child context that declares mappings of its own, although it
 * uses the registry of its parent: nobody would make them.
 */
class InheritedRegistryCheck implements InitializingBean {

	private final ApplicationContext context;

	InheritedRegistryCheck(ApplicationContext context) {
		this.context = context;
	}

	@Override
	public void afterPropertiesSet() {
		ApplicationContext owner = this.context;
		while (owner != null && !hasRegistry(owner)) {
			owner = owner.getParent();
		}
		if (owner == null || owner == this.context) {
			return;
		}
		// The environment of a child has the properties of its parent, too
		Set<String> own = new LinkedHashSet<>(DeclaredNames.withLocations(this.context.getEnvironment()).keySet());
		own.removeAll(DeclaredNames.withLocations(owner.getEnvironment()).keySet());
		for (String name : own) {
			throw new InvalidMappingPropertiesException(name, "location",
					"it is declared for a child context, which uses the MappingRegistry of its parent, and that"
							+ " knows nothing of it",
					"Declare it in the configuration of the parent, or define a MappingRegistry bean in the child.",
					null);
		}
	}

	private static boolean hasRegistry(ApplicationContext context) {
		return context.getBeanNamesForType(MappingRegistry.class, false, false).length > 0;
	}

}
