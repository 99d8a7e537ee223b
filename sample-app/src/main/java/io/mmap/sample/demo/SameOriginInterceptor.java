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

import java.net.URI;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Refuses what a browser sends on behalf of another site. What is no browser, such as
 * {@code curl}, says nothing of where it comes from, and is let through.
 */
class SameOriginInterceptor implements HandlerInterceptor {

	private static final String SAME_ORIGIN = "same-origin";

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		String site = request.getHeader("Sec-Fetch-Site");
		String origin = request.getHeader(HttpHeaders.ORIGIN);
		// Over plain HTTP some browsers say only the origin
		boolean allowed = (site != null) ? site.equals(SAME_ORIGIN) : origin == null || origin.equals(origin(request));
		if (!allowed) {
			throw new ResponseStatusException(HttpStatus.FORBIDDEN, "Only the page itself may ask for this");
		}
		return true;
	}

	private static String origin(HttpServletRequest request) {
		return UriComponentsBuilder.fromUri(URI.create(request.getRequestURL().toString()))
			.replacePath(null)
			.build()
			.toUriString();
	}

}
