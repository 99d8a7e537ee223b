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
package com.example.hello

import io.mmap.MappingRegistry
import io.mmap.MemoryMapping
import org.springframework.beans.factory.annotation.Qualifier
import org.springframework.boot.CommandLineRunner
import org.springframework.boot.autoconfigure.SpringBootApplication
import org.springframework.boot.runApplication
import org.springframework.stereotype.Component
import java.lang.foreign.ValueLayout

@SpringBootApplication
class HelloApplication

@Component
class Printer(
    @Qualifier("hello") private val hello: MemoryMapping,
    private val registry: MappingRegistry,
) : CommandLineRunner {

    override fun run(vararg args: String) {
        println("Mapped: " + hello.acquire().use { it.segment().toArray(ValueLayout.JAVA_BYTE).decodeToString() }.trim())
        for (info in registry.mappings()) {
            // The path is @Nullable, and the name is not
            println("File of " + info.name().uppercase() + ": " + info.path()?.fileName)
        }
    }
}

fun main(args: Array<String>) {
    runApplication<HelloApplication>(*args)
}
