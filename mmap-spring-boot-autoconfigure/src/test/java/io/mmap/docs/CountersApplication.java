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

package io.mmap.docs;

import java.util.stream.Stream;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.mmap.MemoryMapping;
import io.mmap.autoconfigure.MmapAutoConfiguration;
import io.mmap.docs.Counters.Event;

/**
 * An application that does nothing but count.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(MmapAutoConfiguration.class)
class CountersApplication {

	// tag::counters-bean[]
	@Bean
	Counters counters(@Qualifier("counters") MemoryMapping counters) {
		return new Counters(counters.segment());
	}
	// end::counters-bean[]

	// tag::counters-meters[]
	@Bean
	MeterBinder eventMeters(Counters counters) {
		return (registry) -> Stream.of(Event.values())
			.forEach((event) -> FunctionCounter.builder("shop.events", counters, (each) -> each.count(event))
				.tag("event", event.name())
				.register(registry));
	}
	// end::counters-meters[]

	/**
	 * What another process runs: two threads that count until they are killed.
	 * @param args arguments of the application
	 */
	public static void main(String[] args) {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(CountersApplication.class)
			.logStartupInfo(false)
			.run(args);
		Counters counters = context.getBean(Counters.class);
		Thread.ofPlatform().daemon().start(() -> {
			while (true) {
				counters.add(Event.PAYMENT, 1);
			}
		});
		while (true) {
			long count = counters.add(Event.ORDER, 1);
			if (count % 1000 == 0) {
				System.out.println("orders: " + count);
			}
		}
	}

}
