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
package io.mmap;

import java.util.List;
import java.util.Map;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

import io.mmap.internal.NearestName;
import io.mmap.testsupport.HostileText;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Whatever is given as a name, the answer is the documented one.
 */
class NamePropertyTests {

	private static final List<String> DECLARED = List.of("words", "geo-ip");

	private MappingRegistry registry = MappingRegistry.builder().mapper(MapperType.JDK).build();

	@BeforeProperty
	void open() {
		this.registry.close();
		this.registry = MappingRegistry.builder()
			.mapper(MapperType.JDK)
			.declareSet(DECLARED.get(0), Map.of())
			.declareSet(DECLARED.get(1), Map.of())
			.build();
	}

	@AfterProperty
	void close() {
		this.registry.close();
	}

	@Provide
	Arbitrary<String> names() {
		Arbitrary<String> grammar = Arbitraries.strings().withChars("abz019-").ofMaxLength(8);
		return Arbitraries.oneOf(Arbitraries.strings().ofMaxLength(40), grammar, Arbitraries.of(DECLARED), Arbitraries
			.of("ad-hoc", "ad-hoc-1", "word", "wrods", "WORDS", HostileText.string(), "x".repeat(10_000)));
	}

	@Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
	void whatIsNotThereIsNotFoundByWhateverName(@ForAll("names") String name) {
		assertThat(this.registry.find(name)).isEmpty();
		assertThatExceptionOfType(NoSuchMappingException.class).isThrownBy(() -> this.registry.get(name))
			.satisfies((ex) -> {
				assertThat(ex.name()).isEqualTo(name);
				assertThat(ex.knownNames()).containsExactly("geo-ip", "words");
				ex.nearestName().ifPresent((nearest) -> assertThat(DECLARED).contains(nearest));
				HostileText.assertHarmless(String.valueOf(ex.getMessage()));
			});
		if (DECLARED.contains(name)) {
			assertThat(this.registry.set(name).asMap()).isEmpty();
			this.registry.reload(name);
			return;
		}
		assertThatExceptionOfType(NoSuchMappingException.class).isThrownBy(() -> this.registry.set(name));
		assertThatExceptionOfType(NoSuchMappingException.class).isThrownBy(() -> this.registry.reload(name));
	}

	@Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
	void aNameIsDeclaredExactlyIfItIsOne(@ForAll("names") String name) {
		boolean valid = !name.isEmpty() && name.charAt(0) != '-'
				&& name.chars().allMatch((each) -> "abcdefghijklmnopqrstuvwxyz0123456789-".indexOf(each) >= 0)
				&& !name.equals("ad-hoc") && !name.startsWith("ad-hoc-");
		MappingRegistry.Builder builder = MappingRegistry.builder();
		if (valid) {
			assertThat(builder.declareSet(name, Map.of())).isSameAs(builder);
			return;
		}
		assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(() -> builder.declareSet(name, Map.of()))
			.satisfies((ex) -> {
				assertThat(ex.option()).isEqualTo("name");
				HostileText.assertHarmless(String.valueOf(ex.getMessage()));
			});
	}

	@Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
	void theNearestNameIsOneOfThoseThatThereAre(@ForAll("names") String wrong, @ForAll("names") String one,
			@ForAll("names") String other) {
		String nearest = NearestName.of(wrong, List.of(one, other));
		assertThat(nearest == null || nearest.equals(one) || nearest.equals(other)).isTrue();
	}

}
