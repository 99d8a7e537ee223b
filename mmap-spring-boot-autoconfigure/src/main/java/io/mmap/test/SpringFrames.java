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

import java.lang.StackWalker.StackFrame;
import java.util.Map;

/**
 * Tells whether Spring is starting an application context or making a singleton on the
 * current thread. What happens then is done for that context, which may be cached and
 * outlive the test. Spring itself need not be there.
 */
final class SpringFrames {

	/**
	 * How the names of the methods begin, by class.
	 */
	private static final Map<String, String> METHODS = Map.of(
			"org.springframework.beans.factory.support.DefaultSingletonBeanRegistry", "getSingleton",
			"org.springframework.context.support.AbstractApplicationContext", "refresh",
			"org.springframework.context.support.DefaultLifecycleProcessor", "", //
			"org.springframework.boot.SpringApplication", "run");

	private SpringFrames() {
	}

	static boolean arePresent() {
		return StackWalker.getInstance().walk((frames) -> frames.anyMatch(SpringFrames::startsContext));
	}

	private static boolean startsContext(StackFrame frame) {
		String method = METHODS.get(frame.getClassName());
		return method != null && frame.getMethodName().startsWith(method);
	}

}
