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

package io.mmap.sample.wordnet;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Gloss}. All texts are from the real files.
 */
class GlossTests {

	@Test
	void quotedPartsAreExamples() {
		Gloss gloss = Gloss.parse("not having the necessary means or skill or know-how; "
				+ "\"unable to get to town without a car\"; \"unable to obtain funds\"  ");
		assertThat(gloss.definition()).isEqualTo("not having the necessary means or skill or know-how");
		assertThat(gloss.examples()).containsExactly("unable to get to town without a car", "unable to obtain funds");
	}

	@Test
	void glossWithoutExamples() {
		Gloss gloss = Gloss.parse("facing or on the side toward the apex  ");
		assertThat(gloss.definition()).isEqualTo("facing or on the side toward the apex");
		assertThat(gloss.examples()).isEmpty();
	}

	@Test
	void definitionMayHaveSemicolons() {
		Gloss gloss = Gloss
			.parse("happen, occur, or be the case; take place; \"It happens that today is my birthday\"");
		assertThat(gloss.definition()).isEqualTo("happen, occur, or be the case; take place");
		assertThat(gloss.examples()).hasSize(1);
	}

	@Test
	void exampleMayHaveSemicolons() {
		Gloss gloss = Gloss.parse("the social force that binds you; \"every right implies a responsibility; "
				+ "every opportunity, an obligation; every possession, a duty\"- John D.Rockefeller Jr");
		assertThat(gloss.definition()).isEqualTo("the social force that binds you");
		assertThat(gloss.examples()).containsExactly("every right implies a responsibility; "
				+ "every opportunity, an obligation; every possession, a duty — John D.Rockefeller Jr");
	}

	@Test
	void authorIsWrittenInSeveralWays() {
		assertThat(Gloss
			.parse("x; \"a\"- Shakespeare; \"b\"--Ralph Waldo Emerson; \"c\" (Matthew 7:12); \"d\" H.L.Mencken")
			.examples())
			.containsExactly("a — Shakespeare", "b — Ralph Waldo Emerson", "c — Matthew 7:12", "d — H.L.Mencken");
	}

	@Test
	void exampleMayFollowAColon() {
		Gloss gloss = Gloss.parse("the act of putting one thing or person in the place of another: "
				+ "\"he sent Smith in for Jones but the substitution came too late to help\"");
		assertThat(gloss.definition()).isEqualTo("the act of putting one thing or person in the place of another");
		assertThat(gloss.examples())
			.containsExactly("he sent Smith in for Jones but the substitution came too late to help");
	}

	@Test
	void exampleMayFollowAnotherWithoutSemicolon() {
		Gloss gloss = Gloss.parse("the course of existence; \"get a life!\" \"he is trying to rebuild his life\"");
		assertThat(gloss.examples()).containsExactly("get a life!", "he is trying to rebuild his life");
	}

	@Test
	void quotationMarksInsideADefinitionStayThere() {
		Gloss gloss = Gloss.parse("spread by scattering (\"straw\" is archaic); \"strew toys all over the carpet\"");
		assertThat(gloss.definition()).isEqualTo("spread by scattering (\"straw\" is archaic)");
		assertThat(gloss.examples()).containsExactly("strew toys all over the carpet");
	}

	@Test
	void remarkThatStartsWithAQuotationIsNoExample() {
		Gloss gloss = Gloss.parse("not wearing a jacket; \"in your shirtsleeves\" means you are not wearing anything "
				+ "over your shirt; \"in hot weather they dined in their shirtsleeves\"");
		assertThat(gloss.definition()).isEqualTo("not wearing a jacket; \"in your shirtsleeves\" means you are not "
				+ "wearing anything over your shirt");
		assertThat(gloss.examples()).containsExactly("in hot weather they dined in their shirtsleeves");
	}

}
