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

package io.mmap.architecture;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/**
 * The project obeys the rules of its architecture, and each rule is seen to notice a
 * violation that is planted below {@code io.mmap.architecture.planted}.
 */
class ArchitectureTests {

	private static final String PLANTED = "io.mmap.architecture.planted";

	private static final JavaClasses MAIN_CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("io.mmap");

	private static final JavaClasses PLANTED_CLASSES = new ClassFileImporter().importPackages(PLANTED);

	@Test
	void theClassesOfAllPackagesAreLookedAt() {
		assertThat(MAIN_CLASSES).extracting((type) -> type.getPackageName())
			.containsOnly("io.mmap", "io.mmap.internal", "io.mmap.internal.ffi", "io.mmap.internal.jfr",
					"io.mmap.internal.crac", "io.mmap.actuate.endpoint", "io.mmap.actuate.info", "io.mmap.test",
					"io.mmap.metrics", "io.mmap.health", "io.mmap.autoconfigure", "io.mmap.autoconfigure.metrics",
					"io.mmap.autoconfigure.health");
	}

	@ParameterizedTest
	@MethodSource("rules")
	void theProjectObeysTheRule(Function<ArchitectureRules, ArchRule> rule, List<String> violations) {
		rule.apply(new ArchitectureRules("io.mmap")).check(MAIN_CLASSES);
	}

	@ParameterizedTest
	@MethodSource("rules")
	void theRuleNoticesViolations(Function<ArchitectureRules, ArchRule> rule, List<String> violations) {
		EvaluationResult result = rule.apply(new ArchitectureRules(PLANTED)).evaluate(PLANTED_CLASSES);
		for (String violation : violations) {
			assertThat(result.getFailureReport().getDetails())
				.anySatisfy((detail) -> assertThat(detail).contains(violation));
		}
		assertThat(result.getFailureReport().getDetails()).allSatisfy(
				(detail) -> assertThat(violations).anySatisfy((violation) -> assertThat(detail).contains(violation)));
	}

	static Stream<Arguments> rules() {
		return Stream.of(
				rule("the core needs nothing but the JDK", ArchitectureRules::theCoreNeedsNothingButTheJdk,
						"CoreUsesSpring", "CoreUsesMetrics", "CoreUsesJUnit"),
				rule("native calls are made in one package", ArchitectureRules::nativeCallsAreMadeInOnePackage,
						"java.lang.foreign.Linker", "java.lang.foreign.SymbolLookup", "MemorySegment.reinterpret"),
				rule("native functions are listed", ArchitectureRules::nativeFunctionsAreListed, "CallsUnlisted"),
				rule("the flight recorder is used in one package",
						ArchitectureRules::theFlightRecorderIsUsedInOnePackage, "CoreRecordsEvents"),
				rule("CRaC is used in one package", ArchitectureRules::cracIsUsedInOnePackage, "CoreUsesCrac"),
				rule("JUnit is used in one package", ArchitectureRules::jUnitIsUsedInOnePackage, "CoreUsesJUnit"),
				rule("dependencies go one way", ArchitectureRules::dependenciesGoOneWay, "CoreUsesMetrics",
						"CallsUseCore", "MetersUseHelper", "EndpointUsesIndicator", "IndicatorUsesMeters",
						"EndpointUsesExtension"),
				rule("every class has a place", ArchitectureRules::everyClassHasAPlace, "planted.elsewhere."),
				rule("every package is null-marked", ArchitectureRules::everyPackageIsNullMarked, "planted.elsewhere."),
				rule("auto-configurations are named so", ArchitectureRules::autoConfigurationsAreNamedSo, "BadlyNamed"),
				rule("what is named so is an auto-configuration", ArchitectureRules::whatIsNamedSoIsAnAutoConfiguration,
						"PretendedAutoConfiguration"),
				rule("auto-configurations are public and final", ArchitectureRules::autoConfigurationsArePublicAndFinal,
						"BadlyNamed"),
				rule("auto-configurations have no public members",
						ArchitectureRules::autoConfigurationsHaveNoPublicMembers, "BadlyNamed.publicBean"),
				rule("bean methods are package-private", ArchitectureRules::beanMethodsArePackagePrivate,
						"BadlyNamed.publicBean"),
				rule("bean methods have no condition on a class", ArchitectureRules::beanMethodsHaveNoConditionOnAClass,
						"BadlyNamed.conditionalBean"),
				rule("auto-configurations are listed", ArchitectureRules::autoConfigurationsAreListed, "BadlyNamed"),
				rule("helpers of the auto-configurations are not public",
						ArchitectureRules::helpersOfTheAutoConfigurationsAreNotPublic, "PublicHelper"));
	}

	private static Arguments rule(String name, Function<ArchitectureRules, ArchRule> rule, String... violations) {
		return argumentSet(name, rule, List.of(violations));
	}

	@Test
	void everythingThatIsListedIsAnAutoConfiguration() {
		ClassLoader loader = getClass().getClassLoader();
		List<String> listed = Stream.of(ImportCandidates.load(AutoConfiguration.class, loader).getCandidates())
			.flatMap(List::stream)
			.filter((name) -> name.startsWith("io.mmap."))
			.toList();
		assertThat(listed).hasSize(5)
			.allSatisfy((name) -> assertThat(MAIN_CLASSES.get(name).isAnnotatedWith(AutoConfiguration.class)).isTrue());
	}

}
