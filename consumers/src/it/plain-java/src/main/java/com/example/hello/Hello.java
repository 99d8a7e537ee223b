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
package com.example.hello;

// tag::plain-java-application[]
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;

public class Hello {

	public static void main(String[] args) {
		MappingSpec spec = MappingSpec.file(Path.of(args[0])).label("hello").build();
		try (MappingRegistry registry = MappingRegistry.builder().build(); MemoryMapping hello = registry.map(spec)) {
			byte[] bytes = hello.segment().toArray(ValueLayout.JAVA_BYTE);
			System.out.println("Mapped: " + new String(bytes, StandardCharsets.UTF_8).strip());
			System.out.println("Mapper: " + registry.mapper().type());
		}
	}

}
// end::plain-java-application[]
