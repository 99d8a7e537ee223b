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

import io.mmap.MappingSet;
import io.mmap.MemoryMapping;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConstructorArgumentValues;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers each declared mapping {@code name} as a bean {@code mmap.name} that is a
 * candidate for {@code @Qualifier("name") MemoryMapping}. The prefix keeps it apart from
 * the application's own beans.
 */
class MappingBeansRegistrar implements ImportBeanDefinitionRegistrar {

	static final String BEAN_NAME_PREFIX = "mmap.";

	private static final String REGISTRY_BEAN_NAME = "mappingRegistry";

	private final Environment environment;

	MappingBeansRegistrar(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata importingClassMetadata, BeanDefinitionRegistry registry) {
		declarations().forEach((name, location) -> {
			String beanName = BEAN_NAME_PREFIX + name;
			// A file without a location cannot be mapped, if it is meant for this library
			// at all; and if the name is in use, the application knows better
			if (!location.value().isEmpty() && !registry.isBeanNameInUse(beanName)) {
				registry.registerBeanDefinition(beanName, beanDefinition(name, location));
			}
		});
	}

	private static BeanDefinition beanDefinition(String name, Location location) {
		boolean set = location.isPattern();
		RootBeanDefinition definition = new RootBeanDefinition(
				(set) ? MappingSetFactoryBean.class : MappingFactoryBean.class);
		ConstructorArgumentValues arguments = definition.getConstructorArgumentValues();
		arguments.addIndexedArgumentValue(0, name);
		// By name: whatever other registries there are, it is declared for this one
		arguments.addIndexedArgumentValue(1, new RuntimeBeanReference(REGISTRY_BEAN_NAME));
		if (!set) {
			arguments.addIndexedArgumentValue(2, location.optional());
		}
		// Or the container makes the factory, and so the registry, too early to ask it
		definition.setAttribute(FactoryBean.OBJECT_TYPE_ATTRIBUTE, (set) ? MappingSet.class : MemoryMapping.class);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
		return definition;
	}

	private Map<String, Location> declarations() {
		return DeclaredNames.withLocations(this.environment);
	}

}
