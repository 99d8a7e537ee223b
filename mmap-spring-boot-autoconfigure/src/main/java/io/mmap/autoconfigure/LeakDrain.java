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

import io.mmap.MappingRegistry;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * Has leaks counted before anything else learns that the context is being closed: meter
 * registries publish for the last time on that event.
 */
final class LeakDrain implements ApplicationListener<ContextClosedEvent>, ApplicationContextAware, Ordered {

	private @Nullable ApplicationContext applicationContext;

	@Override
	public void setApplicationContext(ApplicationContext applicationContext) {
		this.applicationContext = applicationContext;
	}

	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		// Child contexts publish to their parent as well
		if (event.getApplicationContext() == this.applicationContext
				&& this.applicationContext instanceof ConfigurableApplicationContext context) {
			drain(context.getBeanFactory());
		}
	}

	private void drain(ConfigurableListableBeanFactory beanFactory) {
		for (String name : beanFactory.getBeanNamesForType(MappingRegistry.class, false, false)) {
			// A registry that nobody has needed so far is not made now
			if (beanFactory.containsSingleton(name)) {
				beanFactory.getBean(name, MappingRegistry.class).leaks();
			}
		}
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

}
