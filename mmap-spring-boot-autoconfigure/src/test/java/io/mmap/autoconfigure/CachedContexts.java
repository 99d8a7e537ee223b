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

import org.springframework.boot.test.context.SpringBootTestContextBootstrapper;
import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.cache.ContextCache.PauseMode;
import org.springframework.test.context.cache.DefaultCacheAwareContextLoaderDelegate;
import org.springframework.test.context.cache.DefaultContextCache;
import org.springframework.test.context.support.DefaultBootstrapContext;

/**
 * Does with {@code @SpringBootTest} classes what {@code SpringExtension} does, with a
 * context cache of its own. What is still cached is closed in the end.
 */
final class CachedContexts implements AutoCloseable {

	private final DefaultContextCache cache;

	private final List<TestContextManager> managers = new ArrayList<>();

	CachedContexts() {
		this(DefaultContextCache.DEFAULT_MAX_CONTEXT_CACHE_SIZE, PauseMode.NEVER);
	}

	CachedContexts(int maxSize, PauseMode pauseMode) {
		this.cache = new DefaultContextCache(maxSize, pauseMode);
	}

	/**
	 * Make an instance of a test class and inject it.
	 */
	<T> T begin(Class<T> testClass) throws Exception {
		SpringBootTestContextBootstrapper bootstrapper = new SpringBootTestContextBootstrapper();
		bootstrapper.setBootstrapContext(
				new DefaultBootstrapContext(testClass, new DefaultCacheAwareContextLoaderDelegate(this.cache)));
		TestContextManager manager = new TestContextManager(bootstrapper);
		this.managers.add(manager);
		T instance = testClass.getDeclaredConstructor().newInstance();
		manager.beforeTestClass();
		manager.prepareTestInstance(instance);
		return instance;
	}

	/**
	 * End the test class that began last.
	 */
	void end() throws Exception {
		this.managers.getLast().afterTestClass();
	}

	/**
	 * Begin and end a test class.
	 */
	<T> T run(Class<T> testClass) throws Exception {
		T instance = begin(testClass);
		end();
		return instance;
	}

	int size() {
		return this.cache.size();
	}

	@Override
	public void close() {
		for (TestContextManager manager : this.managers) {
			manager.getTestContext().markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
		}
	}

}
