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

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Set;
import java.util.TreeSet;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures;
import org.jspecify.annotations.NullMarked;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.context.annotation.Bean;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

/**
 * The rules of the architecture, for everything below a root package.
 *
 * @param root the package of the core
 */
record ArchitectureRules(String root) {

	private static final Set<String> LINKING = Set.of("downcallHandle", "upcallStub");

	ArchRule theCoreNeedsNothingButTheJdk() {
		return classes().that()
			.resideInAnyPackage(this.root, this.root + ".internal..")
			.should()
			.onlyDependOnClassesThat(describe("are its own, of the JDK, of Commons Logging, or annotations of JSpecify",
					(type) -> type.getPackageName().equals(this.root)
							|| (type.getPackageName() + ".").startsWith(this.root + ".internal.")
							|| type.getPackageName().startsWith("java.") || type.getPackageName().equals("jdk.jfr")
							|| type.getPackageName().equals("org.crac")
							|| type.getPackageName().equals("org.apache.commons.logging")
							|| type.getPackageName().equals("org.jspecify.annotations")));
	}

	ArchRule nativeCallsAreMadeInOnePackage() {
		DescribedPredicate<JavaAccess<?>> reinterpret = describe("MemorySegment.reinterpret",
				(access) -> access.getTargetOwner().isEquivalentTo(MemorySegment.class)
						&& access.getTarget().getName().equals("reinterpret"));
		return noClasses().that()
			.resideOutsideOfPackage(this.root + ".internal.ffi..")
			.should()
			.dependOnClassesThat()
			.belongToAnyOf(Linker.class, SymbolLookup.class)
			.orShould()
			.accessTargetWhere(reinterpret);
	}

	ArchRule nativeFunctionsAreListed() {
		return noClasses().that()
			.doNotHaveFullyQualifiedName(this.root + ".internal.ffi.NativeFunction")
			.should()
			.accessTargetWhere(describe("Linker.downcallHandle or Linker.upcallStub",
					(access) -> access.getTargetOwner().isEquivalentTo(Linker.class)
							&& LINKING.contains(access.getTarget().getName())));
	}

	ArchRule theFlightRecorderIsUsedInOnePackage() {
		return noClasses().that()
			.resideOutsideOfPackage(this.root + ".internal.jfr..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("jdk.jfr..");
	}

	ArchRule cracIsUsedInOnePackage() {
		return noClasses().that()
			.resideOutsideOfPackage(this.root + ".internal.crac..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.crac..");
	}

	ArchRule jUnitIsUsedInOnePackage() {
		return noClasses().that()
			.resideOutsideOfPackage(this.root + ".test..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.junit..", "org.opentest4j..");
	}

	ArchRule dependenciesGoOneWay() {
		return Architectures.layeredArchitecture()
			.consideringOnlyDependenciesInLayers()
			.layer("autoconfigure")
			.definedBy(this.root + ".autoconfigure..")
			.layer("actuate")
			.definedBy(this.root + ".actuate..")
			.layer("metrics")
			.definedBy(this.root + ".metrics..")
			.layer("health")
			.definedBy(this.root + ".health..")
			.layer("test")
			.definedBy(this.root + ".test..")
			.layer("core")
			.definedBy(this.root, this.root + ".internal", this.root + ".internal.jfr..",
					this.root + ".internal.crac..")
			.layer("ffi")
			.definedBy(this.root + ".internal.ffi..")
			.whereLayer("autoconfigure")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("actuate")
			.mayOnlyBeAccessedByLayers("autoconfigure")
			.whereLayer("metrics")
			.mayOnlyBeAccessedByLayers("autoconfigure")
			.whereLayer("health")
			.mayOnlyBeAccessedByLayers("autoconfigure")
			.whereLayer("test")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("core")
			.mayOnlyBeAccessedByLayers("autoconfigure", "actuate", "metrics", "health", "test")
			.whereLayer("ffi")
			.mayOnlyBeAccessedByLayers("core");
	}

	ArchRule everyClassHasAPlace() {
		return classes().should()
			.resideInAnyPackage(this.root, this.root + ".internal", this.root + ".internal.ffi..",
					this.root + ".internal.jfr..", this.root + ".internal.crac..", this.root + ".autoconfigure..",
					this.root + ".actuate..", this.root + ".metrics..", this.root + ".health..", this.root + ".test..");
	}

	ArchRule everyPackageIsNullMarked() {
		return classes().should(new ArchCondition<>("reside in a package that is @NullMarked") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				boolean nullMarked = type.getPackage()
					.tryGetPackageInfo()
					.map((packageInfo) -> packageInfo.isAnnotatedWith(NullMarked.class))
					.orElse(false);
				events.add(new SimpleConditionEvent(type, nullMarked, "The package of " + type.getName()));
			}

		});
	}

	ArchRule autoConfigurationsAreNamedSo() {
		return classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.haveSimpleNameEndingWith("AutoConfiguration")
			.andShould()
			.resideInAPackage(this.root + ".autoconfigure..");
	}

	ArchRule whatIsNamedSoIsAnAutoConfiguration() {
		return classes().that()
			.haveSimpleNameEndingWith("AutoConfiguration")
			.should()
			.beAnnotatedWith(AutoConfiguration.class);
	}

	ArchRule autoConfigurationsArePublicAndFinal() {
		return classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL);
	}

	ArchRule autoConfigurationsHaveNoPublicMembers() {
		return classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should(new ArchCondition<>("have no public members but the default constructor") {

				@Override
				public void check(JavaClass type, ConditionEvents events) {
					type.getMembers()
						.stream()
						.filter((member) -> member.getModifiers().contains(JavaModifier.PUBLIC))
						.filter((member) -> !member.getFullName().equals(type.getName() + ".<init>()"))
						.forEach((member) -> events.add(SimpleConditionEvent.violated(type, member.getFullName())));
				}

			});
	}

	ArchRule beanMethodsArePackagePrivate() {
		return methods().that().areAnnotatedWith(Bean.class).should().bePackagePrivate();
	}

	ArchRule beanMethodsHaveNoConditionOnAClass() {
		return noMethods().that().areAnnotatedWith(Bean.class).should().beAnnotatedWith(ConditionalOnClass.class);
	}

	ArchRule autoConfigurationsAreListed() {
		Set<String> listed = new TreeSet<>();
		ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()).forEach(listed::add);
		return classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should(new ArchCondition<>("be listed in AutoConfiguration.imports") {

				@Override
				public void check(JavaClass type, ConditionEvents events) {
					events.add(new SimpleConditionEvent(type, listed.contains(type.getName()), type.getName()));
				}

			});
	}

	ArchRule helpersOfTheAutoConfigurationsAreNotPublic() {
		return classes().that()
			.resideInAPackage(this.root + ".autoconfigure..")
			.and()
			.areNotAnnotatedWith(AutoConfiguration.class)
			.and(describe("are not configuration properties",
					(type) -> !outermost(type).isAnnotatedWith(ConfigurationProperties.class)
							&& !outermost(type).isAnnotatedWith(ConfigurationPropertiesSource.class)))
			.should()
			.notBePublic();
	}

	private static JavaClass outermost(JavaClass type) {
		return type.getEnclosingClass().map(ArchitectureRules::outermost).orElse(type);
	}

}
