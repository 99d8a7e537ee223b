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

package io.mmap.actuate.info;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.mmap.Capabilities;
import io.mmap.Capability;
import io.mmap.MappingRegistry;
import io.mmap.internal.ConstantName;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * {@link InfoContributor} that tells which version maps memory, in which way, and what
 * can be done here: what one wants to know of each instance of a fleet. Shows no paths.
 * May be asked from any thread.
 */
public class MmapInfoContributor implements InfoContributor {

	private final MappingRegistry registry;

	/**
	 * Create a contributor.
	 * @param registry the registry to tell of
	 */
	public MmapInfoContributor(MappingRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void contribute(Info.Builder builder) {
		Capabilities capabilities = this.registry.capabilities();
		Map<String, Object> mmap = new LinkedHashMap<>();
		putIfKnown(mmap, "version", MappingRegistry.class.getPackage().getImplementationVersion());
		mmap.put("mapper", ConstantName.of(this.registry.mapper().type()));
		mmap.put("platform", capabilities.platform());
		mmap.put("kernel", capabilities.kernel());
		putIfKnown(mmap, "container", capabilities.container());
		Map<String, Boolean> available = new LinkedHashMap<>();
		for (Capability capability : capabilities.all()) {
			available.put(capability.name(), capability.available());
		}
		mmap.put("capabilities", available);
		builder.withDetail("mmap", mmap);
	}

	private static void putIfKnown(Map<String, Object> details, String name, @Nullable Object value) {
		if (value != null) {
			details.put(name, value);
		}
	}

}
