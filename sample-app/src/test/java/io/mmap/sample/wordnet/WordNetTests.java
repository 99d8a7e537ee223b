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

import java.util.List;

import io.mmap.MappingRegistry;
import io.mmap.sample.wordnet.Sense.RelatedWords;
import io.mmap.sample.wordnet.Word.BaseForm;
import io.mmap.sample.wordnet.Word.Usage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WordNet}, on the real files.
 */
class WordNetTests {

	private static final MappingRegistry registry = WordNetFiles.registry(WordNetFiles.DICTIONARY).build();

	private static final WordNet wordNet = WordNetFiles.open(registry);

	@AfterAll
	static void unmap() {
		registry.close();
	}

	private static Word find(String query) {
		return wordNet.find(query).orElseThrow();
	}

	private static Sense sense(String query, PartOfSpeech partOfSpeech, int number) {
		return find(query).senses()
			.stream()
			.filter((sense) -> sense.partOfSpeech() == partOfSpeech && sense.number() == number)
			.findFirst()
			.orElseThrow();
	}

	private static List<List<String>> related(Sense sense, Relation relation) {
		return sense.relations()
			.stream()
			.filter((related) -> related.relation() == relation)
			.map(RelatedWords::words)
			.toList();
	}

	@Nested
	class Senses {

		@Test
		void bankHasTenSensesAsNounAndThenEightAsVerb() {
			Word bank = find("bank");
			assertThat(bank.senses()).hasSize(18);
			assertThat(bank.senses().subList(0, 10)).extracting(Sense::partOfSpeech).containsOnly(PartOfSpeech.NOUN);
			assertThat(bank.senses().subList(10, 18)).extracting(Sense::partOfSpeech).containsOnly(PartOfSpeech.VERB);
			assertThat(bank.senses().subList(0, 10)).extracting(Sense::number)
				.containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
		}

		@Test
		void hotDogHasThreeSenses() {
			assertThat(find("hot_dog").senses()).hasSize(3);
		}

		@Test
		void spacesAndUnderscoresAreTheSame() {
			assertThat(find("hot dog")).isEqualTo(find("hot_dog"));
		}

		@Test
		void caseDoesNotMatter() {
			assertThat(find("BaNk")).isEqualTo(find("bank"));
		}

		@Test
		void wordsKeepTheirCapitalsInTheAnswer() {
			assertThat(sense("paris", PartOfSpeech.NOUN, 1).lemma()).isEqualTo("Paris");
		}

		@Test
		void mostFrequentSenseComesFirst() {
			Sense first = find("bank").senses().getFirst();
			assertThat(first.definition()).isEqualTo("sloping land (especially the slope beside a body of water)");
			assertThat(first.examples()).containsExactly("they pulled the canoe up on the bank",
					"he sat on the bank of the river and watched the currents");
		}

		@Test
		void synonymsAreTheOtherWordsWithTheMeaning() {
			assertThat(sense("bank", PartOfSpeech.NOUN, 2).synonyms())
				.containsExactly("depository financial institution", "banking concern", "banking company");
		}

		@Test
		void everyPartOfSpeechHasItsCountOfTaggedSenses() {
			assertThat(find("well").usages()).containsExactly(new Usage("well", PartOfSpeech.NOUN, 5, 2),
					new Usage("well", PartOfSpeech.VERB, 1, 1), new Usage("well", PartOfSpeech.ADJECTIVE, 3, 3),
					new Usage("well", PartOfSpeech.ADVERB, 13, 8));
		}

		@Test
		void lexicographerFileIsNamed() {
			assertThat(sense("goose", PartOfSpeech.NOUN, 1).lexicographerFile()).isEqualTo("noun.animal");
			assertThat(sense("entity", PartOfSpeech.NOUN, 1).lexicographerFile()).isEqualTo("noun.Tops");
			assertThat(sense("snow", PartOfSpeech.VERB, 1).lexicographerFile()).isEqualTo("verb.weather");
			assertThat(sense("zigzag", PartOfSpeech.ADVERB, 1).lexicographerFile()).isEqualTo("adv.all");
		}

		@Test
		void unknownWordIsNotFound() {
			assertThat(wordNet.find("xyzzyq")).isEmpty();
		}

		@ParameterizedTest
		@ValueSource(strings = { "", " ", "_", "!", "\u0000", "~~~~", "zzzzzz", "bänk", "\uD83D\uDE00", "bamk",
				"bank x", "1 this software" })
		void whatIsNoWordIsNotFound(String query) {
			assertThat(wordNet.find(query)).isEmpty();
		}

	}

	@Nested
	class Adjectives {

		@Test
		void satelliteIsToldFromTheHeadOfItsCluster() {
			assertThat(sense("fast", PartOfSpeech.ADJECTIVE, 1).satellite()).isFalse();
			assertThat(sense("speedy", PartOfSpeech.ADJECTIVE, 1).satellite()).isTrue();
		}

		@Test
		void satelliteIsSimilarToItsHead() {
			assertThat(related(sense("speedy", PartOfSpeech.ADJECTIVE, 1), Relation.SIMILAR_TO))
				.contains(List.of("fast"));
		}

		@Test
		void otherPartsOfSpeechSayNothingOfSatellites() {
			assertThat(sense("bank", PartOfSpeech.NOUN, 1).satellite()).isNull();
		}

		@ParameterizedTest
		@CsvSource({ "awake, PREDICATE", "former, PRENOMINAL", "galore, POSTNOMINAL" })
		void syntacticMarkerIsAFieldAndNotPartOfTheWord(String word, SyntacticMarker marker) {
			Sense sense = find(word).senses()
				.stream()
				.filter((candidate) -> candidate.partOfSpeech() == PartOfSpeech.ADJECTIVE)
				.filter((candidate) -> candidate.marker() == marker)
				.findFirst()
				.orElseThrow();
			assertThat(sense.lemma()).isEqualTo(word);
		}

		@Test
		void markersAreNotPartOfSynonymsEither() {
			Sense sense = find("aflare").senses().getFirst();
			assertThat(sense.synonyms()).isNotEmpty().allSatisfy((word) -> assertThat(word).doesNotContain("("));
		}

	}

	@Nested
	class Relations {

		@Test
		void semanticRelationGivesAllWordsOfTheTarget() {
			assertThat(find("bank").senses().getFirst().relations()).contains(new RelatedWords(Relation.HYPERNYM, false,
					PartOfSpeech.NOUN, List.of("slope", "incline", "side"), "an elevated geological formation"));
		}

		@Test
		void lexicalRelationGivesTheOneWordThatIsMeant() {
			assertThat(sense("able", PartOfSpeech.ADJECTIVE, 1).relations())
				.contains(new RelatedWords(Relation.ANTONYM, true, PartOfSpeech.ADJECTIVE, List.of("unable"),
						"(usually followed by `to') not having the necessary means or skill or know-how"));
		}

		@Test
		void lexicalRelationBelongsToItsSourceOnly() {
			// Both are words of the same set, but only "rise" is opposed to "fall"
			assertThat(sense("move up", PartOfSpeech.VERB, 2)).satisfies((moveUp) -> {
				assertThat(moveUp.synonyms()).startsWith("rise", "lift", "arise");
				assertThat(related(moveUp, Relation.ANTONYM)).isEmpty();
			});
			assertThat(related(sense("rise", PartOfSpeech.VERB, 1), Relation.ANTONYM)).containsExactly(List.of("fall"));
		}

		@Test
		void lexicalRelationOfAnotherSpellingIsNotLost() {
			// In {utopian, Utopian}, "Utopian" is derived from "Utopia"
			assertThat(related(sense("utopian", PartOfSpeech.ADJECTIVE, 1), Relation.DERIVATIONALLY_RELATED))
				.isNotEmpty();
		}

		@Test
		void relationCrossesPartsOfSpeech() {
			assertThat(sense("quickly", PartOfSpeech.ADVERB, 1).relations()).anySatisfy((related) -> {
				assertThat(related.relation()).isEqualTo(Relation.PERTAINYM);
				assertThat(related.partOfSpeech()).isEqualTo(PartOfSpeech.ADJECTIVE);
				assertThat(related.words()).containsExactly("quick");
			});
		}

		@Test
		void verbsEntailAndCause() {
			assertThat(related(sense("snore", PartOfSpeech.VERB, 1), Relation.ENTAILMENT).getFirst()).contains("sleep");
			assertThat(related(sense("kill", PartOfSpeech.VERB, 1), Relation.CAUSE).getFirst()).contains("die");
		}

	}

	@Nested
	class Verbs {

		@Test
		void framesAreWrittenOut() {
			assertThat(find("bank").senses().getLast().frames()).containsExactly("Somebody ----s something",
					"Somebody ----s somebody");
		}

		@Test
		void frameOfAnotherWordOfTheSetIsLeftOut() {
			assertThat(sense("melt off", PartOfSpeech.VERB, 1).synonyms()).contains("slenderize");
			assertThat(sense("melt off", PartOfSpeech.VERB, 1).frames()).containsExactly("Somebody ----s",
					"Somebody ----s something");
			assertThat(sense("slenderize", PartOfSpeech.VERB, 2).frames()).containsExactly("Somebody ----s");
		}

		@Test
		void sampleSentencesHaveTheVerbInThem() {
			assertThat(sense("abash", PartOfSpeech.VERB, 1).sampleSentences()).hasSize(2)
				.allSatisfy((sentence) -> assertThat(sentence).contains("abash").doesNotContain("%s"));
		}

		@Test
		void otherPartsOfSpeechHaveNoFrames() {
			assertThat(find("goose").senses()).filteredOn((sense) -> sense.partOfSpeech() == PartOfSpeech.NOUN)
				.allSatisfy((sense) -> assertThat(sense.frames()).isEmpty());
		}

	}

	@Nested
	class BaseForms {

		@ParameterizedTest
		@CsvSource({ "geese, goose, NOUN", "banks, bank, NOUN", "banking, bank, VERB", "boxes, box, NOUN",
				"churches, church, NOUN", "ladies, lady, NOUN", "firemen, fireman, NOUN", "boxesful, boxful, NOUN",
				"abaci, abacus, NOUN", "abode, abide, VERB", "went, go, VERB", "was, be, VERB", "flies, fly, VERB",
				"nicer, nice, ADJECTIVE", "tallest, tall, ADJECTIVE", "airier, airy, ADJECTIVE",
				"deeper, deeply, ADVERB", "attorneys general, attorney general, NOUN", "hot dogs, hot dog, NOUN",
				"HOT_DOGS, hot dog, NOUN", "bureaux de change, bureau de change, NOUN", "sons-in-law, son-in-law, NOUN",
				"went up, go up, VERB", "looked up to, look up to, VERB", "asking for trouble, ask for trouble, VERB" })
		void inflectedFormIsFoundByItsBaseForm(String query, String baseForm, PartOfSpeech partOfSpeech) {
			assertThat(find(query).baseForms()).contains(new BaseForm(baseForm, partOfSpeech));
		}

		@Test
		void inflectedFormGivesTheSensesOfItsBaseForm() {
			assertThat(find("dogs").senses()).isEqualTo(find("dog").senses());
			assertThat(find("dogs").entry()).isEqualTo(find("dog").entry());
		}

		@Test
		void formWithSeveralBaseFormsGivesThemAll() {
			assertThat(find("axes").baseForms()).contains(new BaseForm("ax", PartOfSpeech.NOUN),
					new BaseForm("axis", PartOfSpeech.NOUN));
		}

		@Test
		void formThatIsAWordItselfComesFirst() {
			Word better = find("better");
			assertThat(better.entry().lemma()).isEqualTo("better");
			assertThat(better.usages()).extracting(Usage::lemma).contains("better", "good", "well");
			assertThat(better.baseForms()).extracting(BaseForm::lemma).doesNotContain("better");
		}

		@Test
		void wordThatIsNotInflectedHasNoBaseForm() {
			assertThat(find("bank").baseForms()).isEmpty();
			assertThat(find("hot dog").baseForms()).isEmpty();
		}

		@ParameterizedTest
		@ValueSource(strings = { "grass", "xyzzyqs", "xyzzyqed", "s", "es", "ing" })
		void endingAloneMakesNoWord(String query) {
			assertThat(wordNet.find(query).stream().flatMap((word) -> word.baseForms().stream())).isEmpty();
		}

	}

	@Nested
	class Prefixes {

		@Test
		void wordsComeInAlphabeticalOrderWithTheirPartsOfSpeech() {
			assertThat(wordNet.findByPrefix("banke", 10)).containsOnlyKeys("banker", "banker's_acceptance",
					"banker's_bill", "banker's_check", "banker's_draft");
			assertThat(wordNet.findByPrefix("bank", 1)).hasEntrySatisfying("bank",
					(partsOfSpeech) -> assertThat(partsOfSpeech).containsExactly(PartOfSpeech.NOUN, PartOfSpeech.VERB));
		}

		@Test
		void limitCountsWordsAndKeepsTheFirst() {
			List<String> all = List.copyOf(wordNet.findByPrefix("w", 5000).navigableKeySet());
			assertThat(all).isSorted().allMatch((lemma) -> lemma.startsWith("w")).hasSizeGreaterThan(1000);
			assertThat(wordNet.findByPrefix("w", 7).navigableKeySet()).containsExactlyElementsOf(all.subList(0, 7));
		}

		@Test
		void spaceAtTheEndCounts() {
			assertThat(wordNet.findByPrefix("hot d", 10)).containsOnlyKeys("hot_dog");
			assertThat(wordNet.findByPrefix("Hot ", 100).navigableKeySet()).contains("hot_dog")
				.allMatch((lemma) -> lemma.startsWith("hot_"));
		}

		@Test
		void wholeWordIsAPrefixOfItself() {
			assertThat(wordNet.findByPrefix("zyrian", 10)).containsOnlyKeys("zyrian");
		}

		@ParameterizedTest
		@ValueSource(strings = { "!", "'zz", "zyriana", "zzz", "~", "bankx", "\u00ff" })
		void prefixOfNothingGivesNothing(String prefix) {
			assertThat(wordNet.findByPrefix(prefix, 10)).isEmpty();
		}

		@Test
		void firstAndLastWordsAreReached() {
			assertThat(wordNet.findByPrefix("'", 10)).containsKeys("'hood", "'tween");
			assertThat(wordNet.findByPrefix("zy", 1000).lastKey()).isEqualTo("zyrian");
		}

	}

}
