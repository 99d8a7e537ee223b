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
package io.mmap.benchmarks.report;

import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.mmap.benchmarks.DataFiles;

/**
 * Something that runs in a process of its own, once in each round.
 */
public sealed interface Run {

	/**
	 * Return what to call it in the file of results.
	 */
	String id();

	/**
	 * Return one of the figures that come of it.
	 */
	default Figure figure(String metric) {
		return new Figure(this, metric);
	}

	/**
	 * A method for JMH.
	 *
	 * @param type its class
	 * @param method its name
	 * @param parameters the value of each of its parameters that has to have a certain
	 * one
	 * @param threads how many threads call it
	 */
	record Jmh(Class<?> type, String method, SortedMap<String, String> parameters, int threads) implements Run {

		public Jmh(Class<?> type, String method) {
			this(type, method, new TreeMap<>(), 1);
		}

		public Jmh with(String parameter, Object value) {
			SortedMap<String, String> parameters = new TreeMap<>(this.parameters);
			parameters.put(parameter, value.toString());
			return new Jmh(this.type, this.method, parameters, this.threads);
		}

		public Jmh threads(int threads) {
			return new Jmh(this.type, this.method, this.parameters, threads);
		}

		@Override
		public String id() {
			String parameters = this.parameters.entrySet()
				.stream()
				.map((each) -> each.getKey() + "=" + each.getValue())
				.collect(Collectors.joining(", "));
			return this.type.getSimpleName() + "." + this.method + "(" + parameters + ")"
					+ ((this.threads > 1) ? " x " + this.threads : "");
		}

	}

	/**
	 * A work of the C program.
	 *
	 * @param work the work
	 * @param size the size of the file
	 * @param touch of how much a byte of each page is touched, if the work is to map
	 */
	record C(String work, String size, String touch) implements Run {

		/**
		 * Return the file that the benchmarks in Java have for the same.
		 */
		Path file() {
			return (this.work.endsWith("map-touch-unmap")) ? DataFiles.sparse(this.size, this.size)
					: DataFiles.of(this.size);
		}

		@Override
		public String id() {
			return "C " + this.work + " " + this.size + ", " + this.touch;
		}

	}

}
