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

package io.mmap.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.LeakCause;
import io.mmap.LeakDetectionLevel;
import io.mmap.MappingAccess;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.Protection;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.PlantedTests;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link MappingLeakExtension} is seen to fail planted tests, and to let others pass.
 */
@ExtendWith(NothingLeftBehind.class)
class MappingLeakExtensionTests {

	private static final Map<String, String> PARALLEL = Map.of("junit.jupiter.execution.parallel.enabled", "true",
			"junit.jupiter.execution.parallel.mode.default", "concurrent",
			"junit.jupiter.execution.parallel.config.strategy", "fixed",
			"junit.jupiter.execution.parallel.config.fixed.parallelism", "2");

	private static final Deque<AutoCloseable> left = new ArrayDeque<>();

	private static Path file = Path.of("");

	private static MappingRegistry registry = MappingRegistry.builder().build();

	private static CyclicBarrier bothRun = new CyclicBarrier(2);

	@BeforeEach
	void openRegistry(@TempDir Path directory) throws IOException {
		file = Files.write(directory.resolve("file"), new byte[10_000]);
		registry = MappingRegistry.builder().build();
		bothRun = new CyclicBarrier(2);
	}

	@AfterEach
	void closeWhatIsLeft() throws Exception {
		while (!left.isEmpty()) {
			left.remove().close();
		}
		registry.close();
	}

	@Test
	void aTestThatUnmapsWhatItMapsPasses() {
		assertThat(PlantedTests.failures(UnmapsEverything.class)).isEmpty();
	}

	@Test
	void aMappingThatIsLeftOpenFailsTheTestAndNamesTheLine() {
		Throwable failure = onlyFailure("leaves()", PlantedTests.failures(LeavesAMapping.class));
		assertThat(failure).isExactlyInstanceOf(AssertionError.class).hasNoSuppressedExceptions();
		assertThat(withoutLineNumbers(failure)).isEqualTo("""
				Test 'leaves()' has left a mapping behind:
				- 'ad-hoc-1' (index) of 10000 bytes of file '%s' is still mapped. It was mapped at \
				io.mmap.test.MappingLeakExtensionTests$LeavesAMapping.leaves(MappingLeakExtensionTests.java:#).
				Unmap what a test maps before it ends, best with a try-with-resources statement, and close what \
				registries it builds. Leak detection of level 'detailed' (property 'mmap.leak-detection.level', or \
				MappingRegistry.Builder.leakDetection) shows the whole stack of what mapped it.""".formatted(file));
	}

	@Test
	void aMappingThatIsConfinedToAThreadAndLeftOpenFailsTheTest() {
		assertThat(onlyFailure("leaves()", PlantedTests.failures(LeavesAConfinedMapping.class))).message()
			.contains("'ad-hoc-2' of 4096 bytes", "is still mapped")
			.doesNotContain("'ad-hoc-1'");
	}

	@Test
	void everyMappingThatIsLeftIsNamed() {
		assertThat(onlyFailure("leaves()", PlantedTests.failures(LeavesTwo.class))).message()
			.containsSubsequence("has left 2 mappings behind:", "'ad-hoc-1'", "'ad-hoc-3'")
			.doesNotContain("'ad-hoc-2'");
	}

	@Test
	void aMappingThatWasDroppedFailsTheTestWithoutACollection() {
		assertThat(onlyFailure("drops()", PlantedTests.failures(DropsAMapping.class))).message()
			.contains("'ad-hoc-1' of 10000 bytes", "$DropsAMapping.drops(MappingLeakExtensionTests.java:")
			.containsAnyOf("is still mapped", "was garbage collected");
		Garbage.collectUntil(() -> !registry.leaks().isEmpty());
	}

	@Test
	void aMappingThatWasCollectedMeanwhileFailsTheTest() {
		assertThat(onlyFailure("drops()", PlantedTests.failures(DropsAMappingThatIsCollected.class))).message()
			.contains("'ad-hoc-1' of 10000 bytes",
					"was garbage collected without having been unmapped. It was mapped at",
					"$DropsAMappingThatIsCollected.drops(MappingLeakExtensionTests.java:");
	}

	@Test
	void aMappingThatOnlyTheEndOfItsRegistryUnmappedFailsTheTest() {
		assertThat(onlyFailure("closes()", PlantedTests.failures(ClosesARegistryThatIsInUse.class))).message()
			.contains("'ad-hoc-1' of 10000 bytes", "was still open when its registry was closed. It was mapped at",
					"$ClosesARegistryThatIsInUse.closes(MappingLeakExtensionTests.java:");
	}

	@Test
	void theMappingsOfARegistryThatWasNotClosedFailTheTestAndTheLineThatBuiltItIsNamed() {
		Throwable failure = onlyFailure("leaves()", PlantedTests.failures(LeavesARegistry.class));
		assertThat(withoutLineNumbers(failure)).isEqualTo(
				"""
						Test 'leaves()' has left a mapping behind:
						- 'geoip' of 10000 bytes of file '%s' is still mapped. It is a declared one, whose registry was built at \
						io.mmap.test.MappingLeakExtensionTests$LeavesARegistry.leaves(MappingLeakExtensionTests.java:#) and was \
						not closed.
						Unmap what a test maps before it ends, best with a try-with-resources statement, and close what \
						registries it builds."""
					.formatted(file));
	}

	@Test
	void whatARegistryFromBeforeTheTestDeclaresIsNoneOfItsBusiness() {
		MappingSpec spec = MappingSpec.file(file).build();
		left.add(registry);
		registry = MappingRegistry.builder().declare("geoip", spec).lazy(true).build();
		assertThat(PlantedTests.failures(UsesAndReloadsWhatIsDeclared.class)).isEmpty();
	}

	@Test
	void whatWasMappedBeforeTheTestMayBeChangedInTheTest() {
		left.add(registry.map(readWrite()));
		assertThat(PlantedTests.failures(ChangesAMapping.class)).isEmpty();
	}

	@Test
	void aMappingThatWasChangedAfterwardsAndIsLeftFailsTheTest() {
		assertThat(onlyFailure("leaves()", PlantedTests.failures(ChangesAndLeavesAMapping.class))).message()
			.contains("'ad-hoc-1' of 10000 bytes", "is still mapped. It was mapped at",
					"$ChangesAndLeavesAMapping.leaves(MappingLeakExtensionTests.java:");
	}

	@Test
	void aTestThatMapsVeryOftenIsHeldResponsibleForWhatItLeft() {
		assertThat(onlyFailure("mapsOften()", PlantedTests.failures(MapsOften.class))).message()
			.contains("has left 2 mappings behind:", "'ad-hoc-1' ", "'ad-hoc-501' ");
	}

	@Test
	void whatAnotherThreadMapsFailsTheTest() {
		assertThat(onlyFailure("leaves()", PlantedTests.failures(LeavesAMappingOfAnotherThread.class))).message()
			.contains("'ad-hoc-1' of 10000 bytes");
	}

	@Test
	void whatIsUnmappedAfterEachTestIsNotLeft() {
		assertThat(PlantedTests.failures(UnmapsAfterEach.class)).isEmpty();
	}

	@Test
	void whatAnExtensionUnmapsAfterwardsIsNotLeftInWhateverOrder() {
		assertThat(PlantedTests.failures(ExtensionBefore.class, ExtensionAfterwards.class)).isEmpty();
	}

	@Test
	void theNextTestIsNotBlamed() {
		assertThat(PlantedTests.failures(LeavesThenDoesNot.class)).containsOnlyKeys("leaves()");
	}

	@Test
	void aLeakOfTheTestBeforeThatIsFoundLaterIsNotBlamedOnTheNextTest() {
		assertThat(PlantedTests.failures(DropsThenCollects.class)).containsOnlyKeys("drops()");
	}

	@Test
	void aTestThatFailedFailsForThatReasonStill() {
		Throwable failure = onlyFailure("fails()", PlantedTests.failures(FailsAndLeavesAMapping.class));
		assertThat(failure).hasMessage("on purpose");
		assertThat(failure.getSuppressed()).singleElement()
			.extracting(Throwable::getMessage)
			.asString()
			.contains("'ad-hoc-1' of 10000 bytes");
	}

	@Test
	void whatIsMappedBeforeAllTestsMayStayUntilTheClassIsDone() {
		assertThat(PlantedTests.failures(UnmapsAfterAll.class)).isEmpty();
	}

	@Test
	void whatIsMappedBeforeAllTestsAndLeftFailsTheClass() {
		assertThat(onlyFailure(simpleName(LeavesWhatIsForAll.class), PlantedTests.failures(LeavesWhatIsForAll.class)))
			.message()
			.startsWith("Test class '" + simpleName(LeavesWhatIsForAll.class)
					+ "' has, outside of its tests, left a mapping behind:")
			.contains("$LeavesWhatIsForAll.map(MappingLeakExtensionTests.java:");
	}

	@Test
	void whatTheConstructorMapsAndLeavesFailsTheClass() {
		assertThat(PlantedTests.failures(LeavesWhatTheConstructorMaps.class))
			.containsOnlyKeys(simpleName(LeavesWhatTheConstructorMaps.class));
	}

	@Test
	void whatTheConstructorOfTheOneInstanceMapsAndLeavesFailsTheClass() {
		assertThat(PlantedTests.failures(LeavesWhatTheOneConstructorMaps.class))
			.containsOnlyKeys(simpleName(LeavesWhatTheOneConstructorMaps.class));
	}

	@Test
	void whatTheConstructorOfTheOneInstanceMapsMayStayUntilTheClassIsDone() {
		assertThat(PlantedTests.failures(UnmapsWhatTheOneConstructorMaps.class)).isEmpty();
	}

	@Test
	void whatIsMappedForNestedTestsMayStayUntilTheyAreDone() {
		assertThat(PlantedTests.failures(HasNestedTests.class)).containsOnlyKeys("leaves()");
	}

	@Test
	void itCanBeRegisteredAsAField() {
		assertThat(PlantedTests.failures(RegistersAField.class)).containsOnlyKeys("leaves()");
	}

	@Test
	void itCanBeRegisteredTwice() {
		assertThat(PlantedTests.failures(RegistersItTwice.class)).containsOnlyKeys("leaves()");
	}

	@Test
	void eachInvocationOfAParameterizedTestIsWatched() {
		assertThat(PlantedTests.failures(LeavesSometimes.class).keySet()).singleElement().asString().contains("true");
	}

	@Test
	void detailedLeakDetectionShowsTheStack() {
		registry.close();
		registry = MappingRegistry.builder().leakDetection(LeakDetectionLevel.DETAILED).build();
		Throwable failure = onlyFailure("leaves()", PlantedTests.failures(LeavesAMapping.class));
		assertThat(failure).message().doesNotContain("mmap.leak-detection.level");
		assertThat(failure.getSuppressed()).singleElement()
			.satisfies((stack) -> assertThat(stack.getStackTrace()).extracting(StackTraceElement::getMethodName)
				.contains("leaves"));
	}

	@Test
	void withoutLeakDetectionTheMessageSaysThatTheLineIsNotKnown() {
		registry.close();
		registry = MappingRegistry.builder().leakDetection(LeakDetectionLevel.DISABLED).build();
		assertThat(onlyFailure("leaves()", PlantedTests.failures(LeavesAMapping.class))).message()
			.contains("'ad-hoc-1' (index) of 10000 bytes of file '" + file + "' is still mapped. "
					+ "Where it was mapped was not recorded, since leak detection is disabled.", "'detailed'");
	}

	@Test
	void ofTestsThatRunAtTheSameTimeOnlyTheOneThatLeavesAMappingFails() {
		assertThat(PlantedTests.failures(PARALLEL, RunAtTheSameTime.class)).containsOnlyKeys("leaves()");
	}

	@Test
	void ofClassesThatRunAtTheSameTimeOnlyTheOneThatLeavesAMappingFails() {
		assertThat(PlantedTests.failures(PARALLEL, OneOfTwoLeaves.class, OtherOfTwo.class))
			.containsOnlyKeys("leaves()");
	}

	@Test
	void whereTestsRunInParallelWhatOtherThreadsMapIsNotLookedAt() {
		assertThat(PlantedTests.failures(PARALLEL, LeavesAMappingOfAnotherThread.class)).isEmpty();
	}

	@Test
	void whereTestsRunInParallelAnIsolatedOneIsHeldResponsibleForOtherThreads() {
		assertThat(PlantedTests.failures(PARALLEL, RunsAlone.class)).containsOnlyKeys("leaves()", "leavesNested()");
	}

	@Test
	void nothingIsObservedOnceTheTestsAreDone() {
		PlantedTests.failures(LeavesAMapping.class, LeavesWhatIsForAll.class, FailsAndLeavesAMapping.class);
		assertThat(Watch.isNothingOpen()).isTrue();
	}

	private static Throwable onlyFailure(String name, Map<String, Throwable> failures) {
		assertThat(failures).containsOnlyKeys(name);
		return failures.values().iterator().next();
	}

	private static String withoutLineNumbers(Throwable failure) {
		return String.valueOf(failure.getMessage()).replaceAll("\\.java:\\d+", ".java:#");
	}

	private static String simpleName(Class<?> type) {
		return MappingLeakExtensionTests.class.getSimpleName() + "$" + type.getSimpleName();
	}

	private static MappingSpec spec() {
		return MappingSpec.file(file).build();
	}

	private static MappingSpec readWrite() {
		return MappingSpec.file(file).access(MappingAccess.READ_WRITE).build();
	}

	private static void leave(AutoCloseable mapping) {
		left.add(mapping);
	}

	@ExtendWith(MappingLeakExtension.class)
	static class UnmapsEverything {

		@Test
		void unmaps() {
			registry.map(spec()).close();
			try (MappingRegistry own = MappingRegistry.builder().declare("geoip", spec()).build()) {
				own.map(spec()).close();
			}
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class LeavesAMapping {

		@Test
		void leaves() {
			leave(registry.map(MappingSpec.file(file).label("index").build()));
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class LeavesAConfinedMapping {

		@Test
		void leaves() {
			MappingSpec spec = MappingSpec.anonymous(4096).confined(true).build();
			registry.map(spec).close();
			leave(registry.map(spec));
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class LeavesTwo {

		@Test
		void leaves() {
			leave(registry.map(spec()));
			registry.map(spec()).close();
			leave(registry.map(spec()));
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class DropsAMapping {

		@Test
		void drops() {
			assertThat(registry.map(spec()).length()).isEqualTo(10_000);
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class DropsAMappingThatIsCollected {

		@Test
		void drops() {
			assertThat(registry.map(spec()).length()).isEqualTo(10_000);
			Garbage.collectUntil(() -> !registry.leaks().isEmpty());
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class ClosesARegistryThatIsInUse {

		@Test
		void closes() {
			try (MappingRegistry own = MappingRegistry.builder().build()) {
				leave(own.map(spec()));
			}
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class LeavesARegistry {

		@Test
		void leaves() {
			leave(MappingRegistry.builder().declare("geoip", spec()).build());
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class UsesAndReloadsWhatIsDeclared {

		@Test
		void uses() {
			assertThat(registry.get("geoip").length()).isEqualTo(10_000);
			registry.reload("geoip");
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class ChangesAMapping {

		@Test
		void changes() {
			registry.get("ad-hoc-1").protect(Protection.READ);
			assertThat(registry.mappings().getLast().generation()).isEqualTo(2);
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class ChangesAndLeavesAMapping {

		@Test
		void leaves() {
			MemoryMapping mapping = registry.map(readWrite());
			leave(mapping);
			mapping.protect(Protection.READ);
			assertThat(registry.mappings().getLast().generation()).isEqualTo(2);
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class MapsOften {

		@Test
		void mapsOften() {
			leave(registry.map(spec()));
			for (int i = 0; i < 499; i++) {
				registry.map(spec()).close();
			}
			leave(registry.map(spec()));
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class LeavesAMappingOfAnotherThread {

		@Test
		void leaves() {
			leaveOnAnotherThread();
		}

	}

	private static void leaveOnAnotherThread() {
		CompletableFuture.runAsync(() -> leave(registry.map(spec())), Thread::startVirtualThread).join();
	}

	@ExtendWith(MappingLeakExtension.class)
	static class UnmapsAfterEach {

		private MemoryMapping mapping = registry.map(spec());

		private MemoryMapping another = this.mapping;

		@BeforeEach
		void map() {
			this.another = registry.map(spec());
		}

		@Test
		void maps() {
			this.mapping.close();
			this.mapping = registry.map(spec());
		}

		@AfterEach
		void unmap() {
			this.mapping.close();
			this.another.close();
		}

	}

	static class UnmapsAfterwards implements AfterEachCallback {

		@Override
		public void afterEach(ExtensionContext context) throws Exception {
			left.remove().close();
		}

	}

	@ExtendWith({ UnmapsAfterwards.class, MappingLeakExtension.class })
	static class ExtensionBefore {

		@Test
		void leaves() {
			leave(registry.map(spec()));
		}

	}

	@ExtendWith({ MappingLeakExtension.class, UnmapsAfterwards.class })
	static class ExtensionAfterwards {

		@Test
		void leaves() {
			leave(registry.map(spec()));
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
	static class LeavesThenDoesNot {

		@Test
		@Order(1)
		void leaves() {
			leave(registry.map(spec()));
		}

		@Test
		@Order(2)
		void doesNot() {
			registry.map(spec()).close();
			assertThat(registry.mappings()).hasSize(1);
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
	static class DropsThenCollects {

		@Test
		@Order(1)
		void drops() {
			assertThat(registry.map(spec()).length()).isEqualTo(10_000);
		}

		@Test
		@Order(2)
		void collects() {
			Garbage.collectUntil(() -> !registry.leaks().isEmpty());
			assertThat(registry.leaks().getFirst().cause()).isEqualTo(LeakCause.GARBAGE_COLLECTED);
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class FailsAndLeavesAMapping {

		@Test
		void fails() {
			leave(registry.map(spec()));
			Assertions.fail("on purpose");
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class UnmapsAfterAll {

		@BeforeAll
		static void map() {
			leave(registry.map(spec()));
		}

		@Test
		void uses() {
			assertThat(registry.mappings()).hasSize(1);
		}

		@AfterAll
		static void unmap() throws Exception {
			left.remove().close();
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class LeavesWhatIsForAll {

		@BeforeAll
		static void map() {
			leave(registry.map(spec()));
		}

		@Test
		void uses() {
			assertThat(registry.mappings()).isNotEmpty();
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class LeavesWhatTheConstructorMaps {

		LeavesWhatTheConstructorMaps() {
			leave(registry.map(spec()));
		}

		@Test
		void uses() {
			assertThat(registry.mappings()).hasSize(1);
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	@TestInstance(TestInstance.Lifecycle.PER_CLASS)
	static class LeavesWhatTheOneConstructorMaps extends LeavesWhatTheConstructorMaps {

	}

	@ExtendWith(MappingLeakExtension.class)
	@TestInstance(TestInstance.Lifecycle.PER_CLASS)
	static class UnmapsWhatTheOneConstructorMaps extends LeavesWhatTheConstructorMaps {

		@AfterAll
		void unmap() throws Exception {
			left.remove().close();
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class HasNestedTests {

		@BeforeAll
		static void map() {
			leave(registry.map(spec()));
		}

		@AfterAll
		static void unmap() throws Exception {
			left.remove().close();
		}

		@Nested
		class NestedTests {

			@BeforeAll
			static void mapForNested() {
				left.addFirst(registry.map(spec()));
			}

			@Test
			void leaves() {
				left.addLast(registry.map(spec()));
			}

			@AfterAll
			static void unmapForNested() throws Exception {
				left.removeFirst().close();
			}

		}

	}

	static class RegistersAField {

		@RegisterExtension
		final MappingLeakExtension leaks = new MappingLeakExtension();

		@Test
		void leaves() {
			leave(registry.map(spec()));
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class RegistersItTwice {

		@RegisterExtension
		static final MappingLeakExtension leaks = new MappingLeakExtension();

		@Test
		void leaves() {
			leave(registry.map(spec()));
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class LeavesSometimes {

		@ParameterizedTest
		@ValueSource(booleans = { false, true, false })
		void leaves(boolean now) {
			MemoryMapping mapping = registry.map(spec());
			if (now) {
				leave(mapping);
			}
			else {
				mapping.close();
			}
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class RunAtTheSameTime {

		@Test
		void leaves() throws Exception {
			leaveWhileAnotherRuns();
		}

		@Test
		void doesNot() throws Exception {
			mapAndUnmapWhileAnotherRuns();
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class OneOfTwoLeaves {

		@Test
		void leaves() throws Exception {
			leaveWhileAnotherRuns();
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class OtherOfTwo {

		@Test
		void doesNot() throws Exception {
			mapAndUnmapWhileAnotherRuns();
		}

	}

	private static void leaveWhileAnotherRuns() throws Exception {
		bothRun.await(20, TimeUnit.SECONDS);
		leave(registry.map(spec()));
		bothRun.await(20, TimeUnit.SECONDS);
	}

	private static void mapAndUnmapWhileAnotherRuns() throws Exception {
		bothRun.await(20, TimeUnit.SECONDS);
		bothRun.await(20, TimeUnit.SECONDS);
		registry.map(spec()).close();
		assertThat(registry.mappings()).hasSize(1);
	}

	@Isolated
	@ExtendWith(MappingLeakExtension.class)
	static class RunsAlone {

		@Test
		void leaves() {
			leaveOnAnotherThread();
		}

		@Nested
		class NestedTests {

			@Test
			void leavesNested() {
				leaveOnAnotherThread();
			}

		}

	}

}
