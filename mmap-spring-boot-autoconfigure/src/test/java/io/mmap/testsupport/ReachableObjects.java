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

package io.mmap.testsupport;

import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;

import org.apache.commons.logging.Log;

/**
 * Walks the heap as the garbage collector does: through every field and array, static
 * fields of the classes of this project included, but not through the referent of a
 * {@link Reference}.
 */
public final class ReachableObjects {

	private static final Set<Class<?>> LEAVES = Set.of(String.class, Class.class, ClassLoader.class, Module.class,
			MethodHandle.class, VarHandle.class, MemoryLayout.class, Linker.class, Charset.class, Log.class);

	private final Set<Object> found = Collections.newSetFromMap(new IdentityHashMap<>());

	private final Set<Class<?>> opaque = new HashSet<>();

	private final Deque<Object> next = new ArrayDeque<>();

	private ReachableObjects(Object root) {
		add(root);
		while (!this.next.isEmpty()) {
			visit(this.next.remove());
		}
	}

	/**
	 * Walk.
	 * @param root where to start
	 * @return everything that can be reached from there
	 */
	public static ReachableObjects from(Object root) {
		return new ReachableObjects(root);
	}

	/**
	 * Return whether an object was reached.
	 * @param object the object
	 * @return whether it was
	 */
	public boolean contains(Object object) {
		return this.found.contains(object);
	}

	/**
	 * Return how many objects were reached.
	 * @return the number
	 */
	public int size() {
		return this.found.size();
	}

	/**
	 * Return the classes whose fields could not be looked into.
	 * @return the classes
	 */
	public Set<Class<?>> opaque() {
		return this.opaque;
	}

	private void visit(Object object) {
		Class<?> type = object.getClass();
		if (type.isArray()) {
			if (!type.getComponentType().isPrimitive()) {
				for (int i = 0; i < Array.getLength(object); i++) {
					add(Array.get(object, i));
				}
			}
			return;
		}
		for (Class<?> each = type; each != null; each = each.getSuperclass()) {
			for (Field field : each.getDeclaredFields()) {
				boolean weak = field.getDeclaringClass() == Reference.class && field.getName().equals("referent");
				boolean statics = Modifier.isStatic(field.getModifiers()) && !each.getName().startsWith("io.mmap.");
				if (!weak && !statics && !field.getType().isPrimitive()) {
					add(value(field, object));
				}
			}
		}
	}

	private Object value(Field field, Object object) {
		try {
			field.setAccessible(true);
			return field.get(object);
		}
		catch (InaccessibleObjectException ex) {
			this.opaque.add(field.getDeclaringClass());
			return "";
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void add(Object object) {
		if (object != null && LEAVES.stream().noneMatch((leaf) -> leaf.isInstance(object)) && this.found.add(object)) {
			this.next.add(object);
		}
	}

}
