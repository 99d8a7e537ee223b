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

import org.jspecify.annotations.Nullable;

import io.mmap.Advice;
import io.mmap.Seal;

import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.GenericConverter;

/**
 * Converts the names and numbers of advice and seals. A number without quotes is no text
 * in YAML, so their factory methods would not be found for it.
 */
class NumberedOptionConverter implements GenericConverter {

	@Override
	public Set<ConvertiblePair> getConvertibleTypes() {
		return Set.of(new ConvertiblePair(String.class, Advice.class), new ConvertiblePair(Integer.class, Advice.class),
				new ConvertiblePair(String.class, Seal.class), new ConvertiblePair(Integer.class, Seal.class));
	}

	@Override
	public @Nullable Object convert(@Nullable Object source, TypeDescriptor sourceType, TypeDescriptor targetType) {
		if (source == null) {
			return null;
		}
		String text = source.toString();
		return (targetType.getType() == Advice.class) ? Advice.of(text) : Seal.of(text);
	}

}
