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

package io.mmap.internal.ffi;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a native image is told of the functions that are called, beside the functions.
 */
class NativeImageMetadataTests {

	private static final String METADATA = "/META-INF/native-image/io.mmap/mmap-spring-boot-autoconfigure/reachability-metadata.json";

	@Test
	void everyFunctionIsRegisteredForDowncallsAndNothingElse() throws IOException {
		List<Downcall> registered = new ArrayList<>();
		metadata().path("foreign").path("downcalls").forEach((call) -> registered.add(Downcall.of(call)));
		assertThat(registered)
			.containsExactlyInAnyOrderElementsOf(Stream.of(NativeFunction.values()).map(Downcall::of).toList());
	}

	@Test
	void nothingButDowncallsIsRegistered() throws IOException {
		assertThat(metadata().propertyNames()).containsExactly("foreign");
		assertThat(metadata().path("foreign").propertyNames()).containsExactly("downcalls");
	}

	@Test
	void everyFunctionCanBeLinkedThatWay() {
		assertThat(NativeFunction.values()).allSatisfy((function) -> assertThat(function.link().type().returnType())
			.isEqualTo(function.descriptor().toMethodType().returnType()));
	}

	private static JsonNode metadata() throws IOException {
		try (InputStream stream = Objects.requireNonNull(NativeFunction.class.getResourceAsStream(METADATA))) {
			return JsonMapper.builder().build().readTree(stream);
		}
	}

	/**
	 * A call, as the builder of a native image tells calls apart, and for whom it is.
	 */
	private record Downcall(String function, FunctionDescriptor descriptor, boolean capturesState,
			int firstVariadicArgument) {

		static Downcall of(NativeFunction function) {
			return new Downcall(function.name().toLowerCase(Locale.ROOT), function.descriptor(), true,
					function.firstVariadicArgument());
		}

		static Downcall of(JsonNode call) {
			assertThat(call.propertyNames()).containsExactlyInAnyOrder("reason", "returnType", "parameterTypes",
					"options");
			JsonNode options = call.path("options");
			assertThat(options.propertyNames()).isSubsetOf("captureCallState", "firstVariadicArg");
			List<MemoryLayout> parameters = new ArrayList<>();
			call.path("parameterTypes").forEach((type) -> parameters.add(layout(type.asString())));
			return new Downcall(call.path("reason").asString(),
					FunctionDescriptor.of(layout(call.path("returnType").asString()),
							parameters.toArray(MemoryLayout[]::new)),
					options.path("captureCallState").asBoolean(false),
					options.path("firstVariadicArg").asInt(NativeFunction.NOT_VARIADIC));
		}

		private static MemoryLayout layout(String type) {
			return Objects.requireNonNull(Linker.nativeLinker().canonicalLayouts().get(type), type);
		}

	}

}
