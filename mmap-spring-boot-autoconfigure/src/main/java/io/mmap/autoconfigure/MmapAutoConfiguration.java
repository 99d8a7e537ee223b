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

import io.mmap.MappingListener;
import io.mmap.MappingRegistrar;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpecCustomizer;
import io.mmap.MappingValidator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for memory mappings.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "mmap.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MmapProperties.class)
public final class MmapAutoConfiguration {

	@Bean
	@ConfigurationPropertiesBinding
	static NumberedOptionConverter mappingNumberedOptionConverter() {
		return new NumberedOptionConverter();
	}

	@Bean
	static AbsentOptionsAdvisor mappingAbsentOptionsAdvisor() {
		return new AbsentOptionsAdvisor();
	}

	@Bean
	LeakDrain mappingLeakDrain() {
		return new LeakDrain();
	}

	@Bean
	InheritedRegistryCheck inheritedMappingRegistryCheck(ApplicationContext context) {
		return new InheritedRegistryCheck(context);
	}

	@Bean
	@ConditionalOnBooleanProperty("mmap.preload.readiness")
	PreloadReadiness mappingPreloadReadiness(ObjectProvider<MappingRegistry> registry) {
		return new PreloadReadiness(() -> registry.getObject().preloads());
	}

	/**
	 * The registry, and a bean for each mapping that is declared for it: an application
	 * with a registry of its own has neither.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(MappingRegistry.class)
	@Import(MappingBeansRegistrar.class)
	static class RegistryConfiguration {

		@Bean(destroyMethod = "close")
		MappingRegistry mappingRegistry(MmapProperties properties, Environment environment,
				ResourceLoader resourceLoader, ObjectProvider<MappingListener> listeners,
				ObjectProvider<MappingValidator> validators, ObjectProvider<MappingRegistrar> registrars,
				ObjectProvider<MappingSpecCustomizer> customizers) {
			DeclaredNames.check(environment);
			boolean trainingRun = TrainingRun.isActive();
			MappingRegistry.Builder builder = MappingRegistry.builder()
				.mapper(properties.getMapper())
				.leakDetection(properties.getLeakDetection().getLevel())
				.leakPolicy(properties.getLeakDetection().getPolicy())
				.drainTimeout(properties.getShutdown().getDrainTimeout())
				.leaseHoldThreshold(properties.getLeases().getHoldThreshold())
				.reloadCheckInterval(properties.getReload().getCheckInterval())
				.reloadQuietPeriod(properties.getReload().getQuietPeriod())
				.truncationCheckInterval(properties.getTruncation().getCheckInterval())
				.guardMaxSize(properties.getGuard().getMaxSize().toBytes())
				.preloadRateLimit((properties.getPreload().getRateLimit() != null)
						? properties.getPreload().getRateLimit().toBytes() : null)
				.lazy(trainingRun);
			listeners.orderedStream().forEach(builder::listener);
			validators.orderedStream().forEach(builder::validator);
			LocationResolver locations = new LocationResolver(ApplicationResourceLoader.get(resourceLoader, true));
			new PropertiesMappingRegistrar(properties.getMappings(), locations, customizers.orderedStream().toList(),
					trainingRun)
				.declareMappings(builder);
			registrars.orderedStream().forEach((registrar) -> registrar.declareMappings(builder));
			return builder.build();
		}

	}

}
