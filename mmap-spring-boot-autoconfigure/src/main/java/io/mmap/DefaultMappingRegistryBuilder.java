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

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Builds the registry.
 */
final class DefaultMappingRegistryBuilder implements MappingRegistry.Builder {

	private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");

	private final Map<String, Declaration> declared = new LinkedHashMap<>();

	private MapperType mapperType = MapperType.AUTO;

	private @Nullable Mapper mapper;

	private boolean lazy;

	private LeakDetectionLevel leakDetectionLevel = LeakDetectionLevel.SIMPLE;

	private LeakPolicy leakPolicy = LeakPolicy.LOG;

	private Duration drainTimeout = Duration.ofSeconds(5);

	private @Nullable Duration holdThreshold;

	private Duration reloadCheckInterval = Duration.ofSeconds(1);

	private Duration reloadQuietPeriod = Duration.ofSeconds(1);

	private Duration truncationCheckInterval = Duration.ofSeconds(10);

	private long guardMaxSize = 256L << 20;

	private @Nullable Long preloadRateLimit;

	private Duration maxSampleAge = Duration.ofSeconds(10);

	private final List<MappingListener> listeners = new ArrayList<>();

	private final List<MappingValidator> validators = new ArrayList<>();

	@Override
	public DefaultMappingRegistryBuilder declare(String name, MappingSpec spec) {
		Objects.requireNonNull(spec, "spec");
		return declare(Declaration.one(name, spec));
	}

	@Override
	public DefaultMappingRegistryBuilder declareSet(String name, Map<String, MappingSpec> specs) {
		return declare(Declaration.set(name, specs));
	}

	@Override
	public DefaultMappingRegistryBuilder declareSet(String name, Supplier<Map<String, MappingSpec>> specs) {
		return declare(Declaration.set(name, specs));
	}

	private DefaultMappingRegistryBuilder declare(Declaration declaration) {
		String name = declaration.name();
		if (!NAME.matcher(name).matches()) {
			throw invalidName(name, "'" + name + "' cannot be the name of a mapping",
					"Use lower-case letters a-z, digits and hyphens, and no hyphen at the start" + suggestion(name)
							+ ".");
		}
		if (name.equals(MappingStatistics.AD_HOC) || name.startsWith(AdHocMappings.ID_PREFIX)) {
			throw invalidName(name, "'" + name
					+ "' cannot be the name of a declared mapping: mappings that were not declared are called so",
					"Choose another name.");
		}
		if (this.declared.putIfAbsent(name, declaration) != null) {
			throw invalidName(name, "a mapping '" + name + "' is declared already",
					"Choose another name, or remove one of the declarations.");
		}
		return this;
	}

	/**
	 * Return a name that is allowed and resembles another one, as part of a sentence.
	 */
	private static String suggestion(String name) {
		String similar = name.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
			.toLowerCase(Locale.ROOT)
			.replaceAll("[^a-z0-9]+", "-")
			.replaceAll("^-+|-+$", "");
		return NAME.matcher(similar).matches() ? ", such as '" + similar + "'" : "";
	}

	private static InvalidMappingException invalidName(String name, String problem, String remedy) {
		return new InvalidMappingException("mapping '" + name + "'", "name", problem, remedy);
	}

	@Override
	public DefaultMappingRegistryBuilder lazy(boolean lazy) {
		this.lazy = lazy;
		return this;
	}

	@Override
	public DefaultMappingRegistryBuilder mapper(MapperType mapper) {
		this.mapperType = Objects.requireNonNull(mapper, "mapper");
		return this;
	}

	/**
	 * Use a mapper of one's own: for tests that make system calls fail.
	 */
	DefaultMappingRegistryBuilder mapper(Mapper mapper) {
		this.mapper = mapper;
		return this;
	}

	/**
	 * Set how old samples may become: for tests that do not want to wait.
	 */
	DefaultMappingRegistryBuilder maxSampleAge(Duration age) {
		this.maxSampleAge = age;
		return this;
	}

	@Override
	public DefaultMappingRegistryBuilder leakDetection(LeakDetectionLevel level) {
		this.leakDetectionLevel = Objects.requireNonNull(level, "level");
		return this;
	}

	@Override
	public DefaultMappingRegistryBuilder leakPolicy(LeakPolicy policy) {
		this.leakPolicy = Objects.requireNonNull(policy, "policy");
		return this;
	}

	@Override
	public DefaultMappingRegistryBuilder drainTimeout(Duration timeout) {
		this.drainTimeout = Objects.requireNonNull(timeout, "timeout");
		return this;
	}

	@Override
	public DefaultMappingRegistryBuilder leaseHoldThreshold(@Nullable Duration threshold) {
		this.holdThreshold = (threshold != null) ? positive("leases.hold-threshold", threshold) : null;
		return this;
	}

	@Override
	public DefaultMappingRegistryBuilder reloadCheckInterval(Duration interval) {
		this.reloadCheckInterval = positive("reload.check-interval", interval);
		return this;
	}

	@Override
	public DefaultMappingRegistryBuilder reloadQuietPeriod(Duration quietPeriod) {
		if (quietPeriod.isNegative()) {
			throw invalidSetting("reload.quiet-period", "must not be negative", quietPeriod, "Use 0 or more.");
		}
		this.reloadQuietPeriod = quietPeriod;
		return this;
	}

	@Override
	public DefaultMappingRegistryBuilder truncationCheckInterval(Duration interval) {
		this.truncationCheckInterval = positive("truncation.check-interval", interval);
		return this;
	}

	@Override
	public DefaultMappingRegistryBuilder guardMaxSize(long maxSize) {
		if (maxSize <= 0) {
			throw invalidSetting("guard.max-size", "must be positive", maxSize, "Use at least 1.");
		}
		this.guardMaxSize = maxSize;
		return this;
	}

	@Override
	public DefaultMappingRegistryBuilder preloadRateLimit(@Nullable Long bytesPerSecond) {
		if (bytesPerSecond != null && bytesPerSecond <= 0) {
			throw invalidSetting("preload.rate-limit", "must be positive", bytesPerSecond,
					"Use at least 1, or leave it out.");
		}
		this.preloadRateLimit = bytesPerSecond;
		return this;
	}

	private static Duration positive(String setting, Duration value) {
		if (value.isNegative() || value.isZero()) {
			throw invalidSetting(setting, "must be positive", value, "Use a longer time, such as 1s.");
		}
		return value;
	}

	private static InvalidMappingException invalidSetting(String setting, String expected, Object value,
			String remedy) {
		return new InvalidMappingException("mapping registry", setting, setting + " " + expected + ", but is " + value,
				remedy);
	}

	@Override
	public DefaultMappingRegistryBuilder validator(MappingValidator validator) {
		this.validators.add(Objects.requireNonNull(validator, "validator"));
		return this;
	}

	@Override
	public DefaultMappingRegistryBuilder listener(MappingListener listener) {
		this.listeners.add(Objects.requireNonNull(listener, "listener"));
		return this;
	}

	@Override
	public DefaultMappingRegistry build() {
		Mapper mapper = (this.mapper != null) ? this.mapper : Mappers.lazily(this.mapperType);
		DefaultMappingRegistry registry = new DefaultMappingRegistry(mapper, settings(), this.declared.values());
		if (!this.lazy) {
			registry.mapDeclared();
		}
		return registry;
	}

	/**
	 * Return what was set so far.
	 */
	Settings settings() {
		return new Settings(this.leakDetectionLevel, this.leakPolicy, this.drainTimeout, this.holdThreshold,
				this.reloadCheckInterval, this.reloadQuietPeriod, this.truncationCheckInterval, this.guardMaxSize,
				this.preloadRateLimit, this.maxSampleAge, this.listeners, this.validators);
	}

}
