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
package io.mmap.benchmarks.app;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * An application that does nothing by itself. Says how long it took to start, in
 * nanoseconds, and ends when its input does.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class Application {

	/**
	 * Bind what is declared in the way of an application that has one property for each.
	 */
	@Bean
	@ConditionalOnBooleanProperty("bind")
	ApplicationRunner bindingLocations(Environment environment) {
		return (arguments) -> Binder.get(environment).bind("mmap.mappings", Bindable.mapOf(String.class, Place.class));
	}

	public static void main(String[] arguments) throws IOException {
		long start = System.nanoTime();
		SpringApplication.run(Application.class, arguments);
		System.out.println(ChildJvm.RESULT + (System.nanoTime() - start));
		while (System.in.read() >= 0) {
			continue;
		}
		// The web server's threads are no daemons
		System.exit(0);
	}

	/**
	 * A mapping, as far as its location goes.
	 */
	public static class Place {

		private @Nullable String location;

		public @Nullable String getLocation() {
			return this.location;
		}

		public void setLocation(String location) {
			this.location = location;
		}

	}

}
