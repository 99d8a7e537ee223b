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

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

import io.mmap.MemoryMapping;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * Prints what is mapped, and ends.
 */
@SpringBootApplication
public class HelloApplication {

	@Bean
	CommandLineRunner print(@Qualifier("hello") MemoryMapping hello) {
		return (args) -> {
			byte[] bytes = hello.segment().toArray(ValueLayout.JAVA_BYTE);
			System.out.println("Mapped: " + new String(bytes, StandardCharsets.UTF_8).strip());
		};
	}

	public static void main(String[] args) {
		SpringApplication.run(HelloApplication.class, args);
	}

}
