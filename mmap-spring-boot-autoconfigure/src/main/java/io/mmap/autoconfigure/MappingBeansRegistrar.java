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

import java.util.Set;

import io.mmap.MemoryMapping;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
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

	private final Environment environment;

	MappingBeansRegistrar(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata importingClassMetadata, BeanDefinitionRegistry registry) {
		for (String name : names()) {
			RootBeanDefinition definition = new RootBeanDefinition(MappingFactoryBean.class);
			definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
			definition.setAutowireMode(RootBeanDefinition.AUTOWIRE_CONSTRUCTOR);
			// Or the container makes the factory to ask it, and with it the registry too
			// early
			definition.setAttribute(FactoryBean.OBJECT_TYPE_ATTRIBUTE, MemoryMapping.class);
			definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
			registry.registerBeanDefinition(BEAN_NAME_PREFIX + name, definition);
		}
	}

	private Set<String> names() {
		return Binder.get(this.environment)
			.bind("mmap.mappings", Bindable.mapOf(String.class, Object.class))
			.map((mappings) -> DeclaredNames.of(mappings.keySet()))
			.orElseGet(Set::of);
	}

}
