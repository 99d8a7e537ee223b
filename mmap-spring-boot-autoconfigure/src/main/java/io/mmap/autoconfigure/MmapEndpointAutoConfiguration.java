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

import io.mmap.MappingRegistry;
import io.mmap.actuate.endpoint.MmapEndpoint;
import io.mmap.actuate.endpoint.MmapEndpointWebExtension;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link MmapEndpoint}.
 */
@AutoConfiguration(after = MmapAutoConfiguration.class)
@ConditionalOnClass({ MmapEndpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnAvailableEndpoint(MmapEndpoint.class)
@EnableConfigurationProperties(MmapEndpointProperties.class)
public final class MmapEndpointAutoConfiguration {

	@Bean
	@ConditionalOnSingleCandidate(MappingRegistry.class)
	@ConditionalOnMissingBean
	MmapEndpoint mmapEndpoint(MappingRegistry registry, MmapEndpointProperties properties,
			ObjectProvider<SanitizingFunction> sanitizingFunctions) {
		return new MmapEndpoint(registry, sanitizingFunctions.orderedStream().toList(), properties.getShowValues());
	}

	@Bean
	@ConditionalOnBean(MmapEndpoint.class)
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	MmapEndpointWebExtension mmapEndpointWebExtension(MmapEndpoint endpoint, MmapEndpointProperties properties) {
		return new MmapEndpointWebExtension(endpoint, properties.getShowValues(), properties.getRoles());
	}

}
