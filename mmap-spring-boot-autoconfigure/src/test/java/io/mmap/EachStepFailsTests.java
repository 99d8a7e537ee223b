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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import io.mmap.testsupport.CallFault;
import io.mmap.testsupport.Requirement;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each system call that something is made of fails once, in each way in which it can. Who
 * has asked for it is told, or it works all the same; what is shown is what is mapped; it
 * can be tried again; and when the registry is closed, the process is as it was.
 */
class EachStepFailsTests {

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.mmap");

	@TempDir
	Path directory;

	@BeforeEach
	void logNothing() {
		this.logger.setLevel(Level.OFF);
	}

	@AfterEach
	void logAgain() {
		this.logger.setLevel(null);
	}

	@TestFactory
	Stream<DynamicContainer> nothingStaysOpenWhateverFails() {
		return FaultScenario.all()
			.map((scenario) -> DynamicContainer.dynamicContainer(scenario.name(), tests(scenario)));
	}

	private Stream<DynamicTest> tests(FaultScenario scenario) {
		try {
			return faults(scenario).stream()
				.map((fault) -> DynamicTest.dynamicTest(scenario.name() + ": " + fault, () -> play(scenario, fault)));
		}
		catch (UnsupportedMappingOperationException ex) {
			return Stream.of(DynamicTest.dynamicTest(scenario.name(),
					() -> Requirement.check(false, scenario.name() + ": " + ex.getMessage())));
		}
		catch (Exception | AssertionError ex) {
			// The others go on
			return Stream.of(DynamicTest.dynamicTest(scenario.name(), () -> {
				throw new AssertionError("Without a failure: " + scenario.name(), ex);
			}));
		}
	}

	/**
	 * Find out what can fail, by doing it without a failure.
	 */
	private List<CallFault> faults(FaultScenario scenario) throws Exception {
		List<String> made;
		int before;
		try (FaultStage stage = new FaultStage(this.directory)) {
			scenario.given().on(stage);
			before = stage.made().size();
			stage.arm(null);
			scenario.when().on(stage);
			made = stage.made();
			stage.assertShowsWhatIsMapped();
		}
		Map<String, Integer> counts = new HashMap<>();
		List<CallFault> faults = new ArrayList<>();
		for (String call : made.subList(before, made.size())) {
			int occurrence = counts.merge(call, 1, Integer::sum);
			if (!scenario.spared().contains(call)) {
				faults.addAll(CallFault.of(call, occurrence));
			}
		}
		assertThat(faults).as(scenario.name()).isNotEmpty();
		return faults;
	}

	private void play(FaultScenario scenario, CallFault fault) throws Exception {
		try (FaultStage stage = new FaultStage(this.directory)) {
			play(scenario, fault, stage);
		}
	}

	private void play(FaultScenario scenario, CallFault fault, FaultStage stage) throws Exception {
		scenario.given().on(stage);
		stage.arm(fault);
		Throwable failure = tryOut(scenario, stage);
		// Which may be one of another thread
		stage.await(stage::hasFailed);
		stage.arm(null);
		if (failure != null) {
			assertSaysWhatHasFailed(failure, scenario, fault);
		}
		stage.assertShowsWhatIsMapped();
		if (failure != null) {
			tryAgain(scenario, stage, fault);
			stage.assertShowsWhatIsMapped();
		}
	}

	private static void tryAgain(FaultScenario scenario, FaultStage stage, CallFault fault) throws Exception {
		try {
			scenario.when().on(stage);
		}
		catch (MappingClosedException ex) {
			// Memory whose access has been ended already is not accessible again without
			// heap or stack, but what it was for can be done to other memory
			assertThat(fault.kind()).isNotEqualTo(CallFault.Kind.REFUSED);
			scenario.given().on(stage);
			scenario.when().on(stage);
		}
	}

	private static @Nullable Throwable tryOut(FaultScenario scenario, FaultStage stage) {
		try {
			scenario.when().on(stage);
			return null;
		}
		catch (Throwable ex) {
			return ex;
		}
	}

	private static void assertSaysWhatHasFailed(Throwable failure, FaultScenario scenario, CallFault fault) {
		if (fault.kind() == CallFault.Kind.REFUSED) {
			assertThat(failure).isInstanceOfAny(MappingException.class, DeclaredMappingException.class,
					UnsupportedMappingOperationException.class);
			assertThat(failure).hasMessageContaining(fault.message()).hasMessageContaining(scenario.subject());
		}
		else {
			assertThat(failure).isInstanceOf(Error.class).hasMessage(fault.message());
		}
	}

}
