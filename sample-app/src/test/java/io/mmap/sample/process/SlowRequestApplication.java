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

package io.mmap.sample.process;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

import io.mmap.MappingSet;
import io.mmap.MappingSetLease;
import io.mmap.MemoryMapping;
import io.mmap.sample.SampleApplication;
import io.mmap.sample.SampleProperties;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The application with a request that takes three seconds, and with a look at the
 * process's memory when the last bean has been destroyed. Not a configuration class, so
 * that the component scan of other tests passes it by.
 */
class SlowRequestApplication {

	static final String STARTED = "Slow request started with mapped regions: ";

	static final String LAST_BEAN_DESTROYED = "Last bean destroyed with mapped regions: ";

	static final String CLOSED = "Context closed with mapped regions: ";

	private static final Set<Long> inodes = new HashSet<>();

	public static void main(String[] args) {
		// Shutdown handlers run when the context is closed
		SpringApplication.getShutdownHandlers().add(() -> report(CLOSED));
		SpringApplication application = new SpringApplication(SampleApplication.class, SlowRequestApplication.class);
		application.run(args);
	}

	/**
	 * Return the first bean of the context that is created, and so the last one that is
	 * destroyed: no other bean comes before a post-processor of the factory.
	 */
	@Bean
	static LastBean lastBean() {
		return new LastBean();
	}

	@Bean
	RouterFunction<ServerResponse> slow(SampleProperties properties, @Qualifier("dictionary") MappingSet dictionary,
			@Qualifier("counters") MemoryMapping counters) throws IOException {
		inodes.addAll(MemoryRegion.inodes(properties.dictionary()));
		inodes.addAll(MemoryRegion.inodes(properties.data()));
		return RouterFunctions.route().GET("/slow", (request) -> {
			report(STARTED);
			Thread.sleep(3000);
			long sum = 0;
			try (MappingSetLease lease = dictionary.acquire()) {
				MemorySegment nouns = lease.segment("data.noun");
				for (long offset = 0; offset < nouns.byteSize(); offset++) {
					sum += nouns.get(ValueLayout.JAVA_BYTE, offset);
				}
			}
			byte[] magic = counters.segment().asSlice(0, 8).toArray(ValueLayout.JAVA_BYTE);
			return ServerResponse.ok().body(new String(magic) + " " + sum);
		}).build();
	}

	private static void report(String what) {
		try {
			System.out.println(what + MemoryRegion.of(Files.readAllLines(Path.of("/proc/self/maps")), inodes).size());
		}
		catch (IOException ex) {
			System.out.println(what + ex);
		}
	}

	/**
	 * Says what is mapped when it is destroyed.
	 */
	static final class LastBean implements BeanFactoryPostProcessor, DisposableBean {

		@Override
		public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		}

		@Override
		public void destroy() {
			report(LAST_BEAN_DESTROYED);
		}

	}

}
