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

import java.beans.PropertyDescriptor;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.NearestName;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.util.ReflectionUtils;

/**
 * Knows which properties there are.
 */
final class MmapPropertyNames {

	private MmapPropertyNames() {
	}

	/**
	 * Find what is wrong with the name of a property that does not exist.
	 */
	static Mistake mistake(ConfigurationPropertyName name) {
		Class<?> type = MmapProperties.class;
		int index = 1;
		while (index < name.getNumberOfElements() - 1) {
			PropertyDescriptor property = find(type, name.getElement(index, Form.DASHED));
			if (property == null) {
				break;
			}
			if (Collection.class.isAssignableFrom(property.getPropertyType())) {
				return new Mistake(name, index + 1, Set.of());
			}
			boolean isMap = Map.class.isAssignableFrom(property.getPropertyType());
			type = (isMap) ? MappingProperties.class : property.getPropertyType();
			index += (isMap) ? 2 : 1;
		}
		index = Math.min(index, name.getNumberOfElements() - 1);
		Set<String> known = new TreeSet<>();
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
			if (!property.getName().equals("class")) {
				known.add(dashed(type, property));
			}
		}
		return new Mistake(name, index, known);
	}

	private static @Nullable PropertyDescriptor find(Class<?> type, String name) {
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
			if (dashed(type, property).equals(name)) {
				return property;
			}
		}
		return null;
	}

	private static String dashed(Class<?> type, PropertyDescriptor property) {
		Field field = ReflectionUtils.findField(type, property.getName());
		Name name = (field != null) ? field.getAnnotation(Name.class) : null;
		return (name != null) ? name.value() : dashed(property.getName().replaceAll("([a-z])([A-Z])", "$1-$2"));
	}

	/**
	 * Return a name as it is written in configuration.
	 */
	static String dashed(String name) {
		return name.toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * An element of a name that is not known.
	 *
	 * @param name the name
	 * @param index which element it is
	 * @param known the elements that could stand there; none below a list
	 */
	record Mistake(ConfigurationPropertyName name, int index, Set<String> known) {

		/**
		 * Return the name that was probably meant.
		 */
		@Nullable ConfigurationPropertyName nearest() {
			String nearest = NearestName.of(this.name.getElement(this.index, Form.DASHED), this.known);
			if (nearest == null) {
				return null;
			}
			ConfigurationPropertyName meant = this.name.chop(this.index).append(nearest);
			for (int i = this.index + 1; i < this.name.getNumberOfElements(); i++) {
				meant = meant.append(this.name.getElement(i, Form.ORIGINAL));
			}
			return meant;
		}

	}

}
