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

import java.io.IOException;
import java.io.InputStream;

/**
 * A class loader for one start of an application, as that of the developer tools: it
 * loads some classes itself that its parent could load as well.
 */
final class ThrowAwayClassLoader extends ClassLoader {

	private final String prefix;

	/**
	 * Create an instance.
	 * @param parent loads all other classes
	 * @param prefix how the names of the classes start that are loaded anew
	 */
	ThrowAwayClassLoader(ClassLoader parent, String prefix) {
		super(parent);
		this.prefix = prefix;
	}

	@Override
	protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
		if (!name.startsWith(this.prefix)) {
			return super.loadClass(name, resolve);
		}
		synchronized (getClassLoadingLock(name)) {
			Class<?> loaded = findLoadedClass(name);
			return (loaded != null) ? loaded : findClass(name);
		}
	}

	@Override
	protected Class<?> findClass(String name) throws ClassNotFoundException {
		try (InputStream bytes = getResourceAsStream(name.replace('.', '/') + ".class")) {
			if (bytes == null) {
				throw new ClassNotFoundException(name);
			}
			byte[] definition = bytes.readAllBytes();
			return defineClass(name, definition, 0, definition.length);
		}
		catch (IOException ex) {
			throw new ClassNotFoundException(name, ex);
		}
	}

}
