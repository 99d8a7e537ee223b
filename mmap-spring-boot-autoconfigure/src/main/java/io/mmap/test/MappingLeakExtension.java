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

package io.mmap.test;

import java.util.Optional;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Fails a test that leaves mappings behind, and names the lines of code that made them:
 * <pre class="code">
 * &#064;ExtendWith(MappingLeakExtension.class)
 * class IndexTests {
 *     // ...
 * }</pre>
 * <p>
 * A test leaves behind what was mapped while it ran, by whatever registry of the process,
 * and is still mapped when all of its callbacks have run, those of other extensions
 * included; no matter whether anybody can still reach it. It also leaves behind what was
 * reported as a leak meanwhile. Declared mappings count if their registry was built
 * during the test. What Spring makes is left to the application context: registries that
 * are beans, and what beans map while their context starts.
 * <p>
 * What is mapped outside of tests, as in {@code @BeforeAll} methods and in the
 * constructor of the test class, may stay mapped until the class is done, and fails the
 * class otherwise. As a field with {@code @RegisterExtension} this sees the constructor
 * and {@code @BeforeAll} methods only if the field is static.
 * <p>
 * Where JUnit runs tests in parallel a test is held responsible for what it maps on its
 * own thread, and what other threads map is not looked at, unless the test class is
 * {@link Isolated @Isolated}.
 * <p>
 * Safe for use by any thread, and by several test classes at the same time.
 */
public final class MappingLeakExtension
		implements TestInstancePreConstructCallback, BeforeAllCallback, BeforeEachCallback {

	private static final Namespace NAMESPACE = Namespace.create(MappingLeakExtension.class);

	private static final String PARALLEL = "junit.jupiter.execution.parallel.enabled";

	/**
	 * Create an instance. All of them do the same, and any number of them may be
	 * registered for a test.
	 */
	public MappingLeakExtension() {
	}

	@Override
	public void preConstructTestInstance(TestInstanceFactoryContext factoryContext, ExtensionContext context) {
		// With one instance for all tests it is made before everything else of the class
		if (context.getTestMethod().isEmpty()) {
			beforeAll(context);
		}
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		watch(context, "Test class '" + context.getDisplayName() + "' has, outside of its tests,");
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		watch(context, "Test '" + context.getDisplayName() + "' has");
	}

	/**
	 * Watch until the context is closed: after all callbacks, in whatever order
	 * extensions were registered, and after whatever else is closed with it.
	 */
	private static void watch(ExtensionContext context, String who) {
		context.getStore(NAMESPACE)
			.computeIfAbsent(context.getUniqueId(), (id) -> Watch.begin(who, isAloneInProcess(context)));
	}

	private static boolean isAloneInProcess(ExtensionContext context) {
		return !context.getConfigurationParameter(PARALLEL, Boolean::parseBoolean).orElse(false)
				|| isIsolated(context.getTestClass());
	}

	private static boolean isIsolated(Optional<Class<?>> testClass) {
		return testClass
			.filter((type) -> AnnotationSupport.isAnnotated(type, Isolated.class) || isIsolated(enclosingClass(type)))
			.isPresent();
	}

	private static Optional<Class<?>> enclosingClass(Class<?> type) {
		return Optional.ofNullable(type.getEnclosingClass());
	}

}
