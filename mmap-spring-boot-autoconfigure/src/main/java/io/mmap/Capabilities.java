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

package io.mmap;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.PlainText;

/**
 * What the platform, its kernel, the container and the way in which the JVM was started
 * allow, as it was found when somebody first asked.
 *
 * @param platform the operating system and processor, such as {@code Linux on amd64}
 * @param kernel the version of the kernel
 * @param container what shows that this is a container, or {@code null} if nothing does
 * @param seccomp whether system calls are filtered, as container profiles do
 * @param mapper the mapper in use, and why
 * @param all what there could be, each with whether it is available
 */
public record Capabilities(String platform, String kernel, @Nullable String container, boolean seccomp,
		MapperInfo mapper, List<Capability> all) {

	/**
	 * Return one of them.
	 * @param name its name
	 * @return the capability
	 * @throws IllegalArgumentException if there is none of that name; the message lists
	 * the names
	 */
	public Capability get(String name) {
		return this.all.stream()
			.filter((capability) -> capability.name().equals(name))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("There is no capability '" + PlainText.of(name) + "', only "
					+ String.join(", ", this.all.stream().map(Capability::name).toList())));
	}

	/**
	 * Return whether something can be used.
	 * @param name its name
	 * @return whether it is available
	 * @throws IllegalArgumentException if there is none of that name
	 */
	public boolean isAvailable(String name) {
		return get(name).available();
	}

}
