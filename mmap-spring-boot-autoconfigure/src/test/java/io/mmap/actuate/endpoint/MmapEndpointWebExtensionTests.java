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

package io.mmap.actuate.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/**
 * Who is shown paths and addresses.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapEndpointWebExtensionTests {

	private static final SecurityContext NOBODY = SecurityContext.NONE;

	private static final SecurityContext SOMEBODY = new User(Set.of());

	private static final SecurityContext OPERATOR = new User(Set.of("OPERATOR"));

	@TempDir
	Path directory;

	private Path geoip;

	private MappingRegistry registry;

	@BeforeEach
	void map() throws IOException {
		this.geoip = Files.writeString(this.directory.resolve("geoip.bin"), "countries");
		this.registry = MappingRegistry.builder().declare("geoip", MappingSpec.file(this.geoip).build()).build();
	}

	@AfterEach
	void close() {
		this.registry.close();
	}

	@ParameterizedTest
	@MethodSource("users")
	void pathsAndAddressesAreShownToThoseWhoMaySeeThem(Show showValues, Set<String> roles, SecurityContext user,
			boolean shown) {
		MmapEndpointWebExtension extension = extension(showValues, roles);
		assertThat(extension.mmap(user, null, null, null, null, null, null).mappings()).singleElement()
			.satisfies((mapping) -> assertShown(mapping, shown));
		assertThat(extension.mapping(user, "geoip", null, null).getBody().mappings()).singleElement()
			.satisfies((mapping) -> assertShown(mapping, shown));
	}

	static List<Arguments> users() {
		Set<String> anyRole = Set.of();
		Set<String> operators = Set.of("OPERATOR");
		return List.of(argumentSet("never: nobody", Show.NEVER, anyRole, NOBODY, false),
				argumentSet("never: an operator", Show.NEVER, operators, OPERATOR, false),
				argumentSet("always: nobody", Show.ALWAYS, anyRole, NOBODY, true),
				argumentSet("when authorized: nobody", Show.WHEN_AUTHORIZED, anyRole, NOBODY, false),
				argumentSet("when authorized: somebody", Show.WHEN_AUTHORIZED, anyRole, SOMEBODY, true),
				argumentSet("when authorized as operator: nobody", Show.WHEN_AUTHORIZED, operators, NOBODY, false),
				argumentSet("when authorized as operator: somebody", Show.WHEN_AUTHORIZED, operators, SOMEBODY, false),
				argumentSet("when authorized as operator: an operator", Show.WHEN_AUTHORIZED, operators, OPERATOR,
						true));
	}

	@Test
	void aMappingIsFound() {
		WebEndpointResponse<MappingDetailsDescriptor> response = extension(Show.ALWAYS, Set.of()).mapping(NOBODY,
				"geoip", null, null);
		assertThat(response.getStatus()).isEqualTo(200);
		assertThat(response.getBody().name()).isEqualTo("geoip");
	}

	@Test
	void anUnknownMappingIsNotFound() {
		WebEndpointResponse<MappingDetailsDescriptor> response = extension(Show.ALWAYS, Set.of()).mapping(NOBODY,
				"unknown", null, null);
		assertThat(response.getStatus()).isEqualTo(404);
		assertThat(response.getBody()).isNull();
	}

	@Test
	void whatIsForbiddenIsNotRepeatedAtAnyLength() {
		MmapActionDescriptor answer = extension(Show.NEVER, Set.of())
			.act(NOBODY, "n".repeat(5000), "a".repeat(200_000), null)
			.getBody();
		assertThat(answer.name()).isEqualTo("n".repeat(100) + "...");
		assertThat(answer.action()).isEqualTo("a".repeat(100) + "...");
	}

	private void assertShown(MappingDescriptor mapping, boolean shown) {
		if (shown) {
			assertThat(mapping.path()).isEqualTo(this.geoip.toString());
			assertThat(mapping.address()).asString().startsWith("0x");
		}
		else {
			assertThat(mapping.path()).isEqualTo(SanitizableData.SANITIZED_VALUE);
			assertThat(mapping.address()).isEqualTo(SanitizableData.SANITIZED_VALUE);
		}
	}

	private MmapEndpointWebExtension extension(Show showValues, Set<String> roles) {
		return new MmapEndpointWebExtension(new MmapEndpoint(this.registry, List.of(), showValues), showValues, roles);
	}

	/**
	 * Somebody who is authenticated.
	 *
	 * @param roles what they are
	 */
	private record User(Set<String> roles) implements SecurityContext {

		@Override
		public @Nullable Principal getPrincipal() {
			return () -> "somebody";
		}

		@Override
		public boolean isUserInRole(String role) {
			return this.roles.contains(role);
		}

	}

}
