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

package io.mmap.sample.demo;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

import io.mmap.MappingException;
import io.mmap.MappingLeak;
import io.mmap.UnsupportedMappingOperationException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The buttons of the page. Each shows something that the endpoint has to tell; none takes
 * any input.
 * <p>
 * Other sites cannot press them: a browser asks before it sends them JSON, and is not
 * allowed to. See {@link SameOriginInterceptor}, too.
 */
@RestController
@RequestMapping(DemoController.PATH)
class DemoController {

	static final String PATH = "/demo";

	private static final Log logger = LogFactory.getLog(DemoController.class);

	private final LeakMaker leakMaker;

	private final Editions editions;

	private final Pages pages;

	DemoController(LeakMaker leakMaker, Editions editions, Pages pages) {
		this.leakMaker = leakMaker;
		this.editions = editions;
		this.pages = pages;
	}

	/**
	 * Leak memory, and have that found.
	 */
	@PostMapping(path = "/leak", consumes = MediaType.APPLICATION_JSON_VALUE)
	Outcome leak() throws InterruptedException {
		Optional<MappingLeak> leak = this.leakMaker.leak();
		return new Outcome(leak
			.map((found) -> "%s of %s was dropped, found by the garbage collector%s".formatted(found.mapping().name(),
					Text.bytes(found.mapping().length()),
					(found.reclaimed()) ? ", and given back to the system." : "; it stays mapped."))
			.orElse("The garbage collector has not found it yet; it will be shown as soon as it has."));
	}

	/**
	 * Put another edition of the dictionary in the place of the current one. It is mapped
	 * by the watch, as one from anybody else would be.
	 */
	@PostMapping(path = "/replace", consumes = MediaType.APPLICATION_JSON_VALUE)
	Outcome replace() throws IOException {
		return new Outcome((this.editions.replace())
				? "The second edition is in place: its definitions start with a capital letter. "
						+ "The watch maps it once nothing has changed for a second."
				: "The first edition is in place again. The watch maps it once nothing has changed for a second.");
	}

	/**
	 * Take the pages of the dictionary out of memory.
	 */
	@PostMapping(path = "/evict", consumes = MediaType.APPLICATION_JSON_VALUE)
	Outcome evict() {
		return new Outcome(
				"Evicted: %s. Look a word up to see which pages come back.".formatted(text(this.pages.evict())));
	}

	/**
	 * Bring the pages of the dictionary into memory, in the background.
	 */
	@PostMapping(path = "/preload", consumes = MediaType.APPLICATION_JSON_VALUE)
	Outcome preload() {
		Pages.Change change = this.pages.preload();
		return new Outcome("Preload started: %s of the dictionary was in memory.".formatted(text(change.before())));
	}

	/**
	 * Return which file each mapping of the dictionary is of. The endpoint shows no
	 * paths.
	 */
	@GetMapping("/files")
	Map<String, String> files() {
		return this.pages.files();
	}

	private static String text(Pages.Change change) {
		return "%s of the dictionary was in memory, now %s".formatted(text(change.before()), text(change.after()));
	}

	private static String text(@Nullable Long bytes) {
		return (bytes != null) ? Text.bytes(bytes) : "an unknown part";
	}

	@ExceptionHandler
	ProblemDetail handle(IllegalStateException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, String.valueOf(ex.getMessage()));
	}

	@ExceptionHandler
	ProblemDetail handle(UnsupportedMappingOperationException ex) {
		logger.info("A button does nothing here: " + ex.getMessage());
		return ProblemDetail.forStatusAndDetail(HttpStatus.NOT_IMPLEMENTED,
				"This is not offered here: see the log for why, and for what helps");
	}

	/**
	 * What the system says may have paths in it, which are for the log.
	 */
	@ExceptionHandler({ MappingException.class, IOException.class })
	ProblemDetail handle(Exception ex) {
		logger.warn("A button has failed", ex);
		return ProblemDetail.forStatusAndDetail(HttpStatus.INTERNAL_SERVER_ERROR,
				"The system has refused that: see the log");
	}

	/**
	 * What a button did.
	 *
	 * @param message what there is to see now
	 */
	record Outcome(String message) {

	}

}
