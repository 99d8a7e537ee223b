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

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import io.mmap.Advice;
import io.mmap.MappedFileNotFoundException;
import io.mmap.MappingLease;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.sample.SampleApplication;
import io.mmap.sample.SampleProperties;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The application with requests that make it do what meters, alerts and the dashboard
 * show. {@code provoked.yml} has the mappings for it. Not a configuration class, so that
 * the component scan of other tests passes it by.
 */
class ProvokedApplication {

	private static final int PAGE = 4096;

	private final Queue<MemoryMapping> held = new ConcurrentLinkedQueue<>();

	private final Queue<MappingLease> leases = new ConcurrentLinkedQueue<>();

	public static void main(String[] args) {
		new SpringApplication(SampleApplication.class, ProvokedApplication.class).run(args);
	}

	@Bean
	RouterFunction<ServerResponse> provocations(MappingRegistry registry, SampleProperties properties,
			@Qualifier("scratch") MemoryMapping scratch) {
		return RouterFunctions.route()
			.GET("/provoke/leak", (request) -> done(() -> leak(registry)))
			.GET("/provoke/hold", (request) -> done(() -> hold(registry, properties.data(), number(request))))
			.GET("/provoke/release", (request) -> done(this::release))
			.GET("/provoke/map", (request) -> done(() -> map(registry, number(request))))
			.GET("/provoke/write", (request) -> done(() -> scratch.segment().fill((byte) 1)))
			.GET("/provoke/flush", (request) -> done(scratch::flush))
			.GET("/provoke/preload", (request) -> done(() -> scratch.preload().await()))
			.GET("/provoke/read", (request) -> done(() -> read(scratch)))
			.GET("/provoke/error", (request) -> done(() -> fail(registry, properties.data())))
			.build();
	}

	private static int number(ServerRequest request) {
		return Integer.parseInt(request.param("number").orElseThrow());
	}

	private static ServerResponse done(Provocation provocation) throws Exception {
		provocation.run();
		return ServerResponse.ok().body("done");
	}

	private static void leak(MappingRegistry registry) throws InterruptedException {
		int leaks = registry.leaks().size();
		registry.map(MappingSpec.anonymous(1 << 20).label("dropped").build());
		for (int i = 0; registry.leaks().size() == leaks; i++) {
			if (i == 1000) {
				throw new IllegalStateException("No leak was found by 1000 garbage collections");
			}
			System.gc();
			Thread.sleep(10);
		}
	}

	/**
	 * Map a page of a file again and again, which are regions that are not merged, and
	 * hold a lease on each.
	 */
	private void hold(MappingRegistry registry, Path data, int number) {
		for (int i = 0; i < number; i++) {
			MemoryMapping mapping = registry.map(MappingSpec.file(data.resolve("scratch.bin")).length(PAGE).build());
			this.held.add(mapping);
			this.leases.add(mapping.acquire());
		}
	}

	private void release() {
		this.leases.forEach(MappingLease::close);
		this.leases.clear();
		this.held.forEach(MemoryMapping::close);
		this.held.clear();
	}

	private static void map(MappingRegistry registry, int number) {
		List<MemoryMapping> mappings = new ArrayList<>();
		for (int i = 0; i < number; i++) {
			mappings.add(registry.map(MappingSpec.anonymous(PAGE).build()));
		}
		mappings.forEach(MemoryMapping::close);
	}

	/**
	 * Read from storage page by page, for two seconds at least.
	 */
	private static void read(MemoryMapping mapping) {
		// What was never written is not read, either
		mapping.segment().fill((byte) 2);
		mapping.flush();
		mapping.advise(Advice.RANDOM);
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
		do {
			mapping.advise(Advice.PAGE_OUT);
			MemorySegment segment = mapping.segment();
			for (long offset = 0; offset < segment.byteSize(); offset += PAGE) {
				segment.get(ValueLayout.JAVA_BYTE, offset);
			}
		}
		while (System.nanoTime() < end);
	}

	private static void fail(MappingRegistry registry, Path data) {
		Path missing = data.resolve("missing.bin");
		try {
			registry.map(MappingSpec.file(missing).build()).close();
			throw new IllegalStateException(missing + " exists: " + Files.exists(missing));
		}
		catch (MappedFileNotFoundException ex) {
			// As it should be
		}
	}

	/**
	 * Something that changes what is shown.
	 */
	private interface Provocation {

		void run() throws Exception;

	}

}
