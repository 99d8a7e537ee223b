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

package io.mmap.sample.web;

import io.mmap.sample.counter.LookupCounters;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The counters on the web.
 */
@RestController
class CounterController {

	private static final int MAX_TOP = 1000;

	private final LookupCounters counters;

	CounterController(LookupCounters counters) {
		this.counters = counters;
	}

	/**
	 * Return the number of all look-ups, and the words that were looked up most often.
	 */
	@GetMapping("/counters")
	LookupCounters.Summary counters(@RequestParam(defaultValue = "10") int top) {
		Limits.check("top", top, MAX_TOP);
		return this.counters.summarize(top);
	}

}
