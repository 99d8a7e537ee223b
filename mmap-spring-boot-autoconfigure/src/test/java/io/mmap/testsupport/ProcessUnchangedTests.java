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

package io.mmap.testsupport;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link ProcessUnchanged} is seen to notice what planted test classes leave. They name
 * no extension, as it is in force without.
 */
class ProcessUnchangedTests {

	private static final Deque<AutoCloseable> left = new ArrayDeque<>();

	private static Path file = Path.of("");

	@BeforeEach
	void createFile(@TempDir Path directory) throws IOException {
		file = Files.write(directory.resolve("file"), new byte[10]);
	}

	@AfterEach
	void closeWhatIsLeft() throws Exception {
		closeAll();
	}

	@Test
	void aMappingThatIsLeftFailsTheClass() {
		assertThat(failures("PT0.1S", LeavesAMapping.class)).singleElement()
			.asString()
			.contains("After " + LeavesAMapping.class.getName() + ", this process is not as it was before:")
			.containsPattern("(?m)^left mapped: .* r--s .* " + file + "$")
			.doesNotContain("left open");
	}

	@Test
	void aDescriptorThatIsLeftFailsTheClass() {
		assertThat(failures("PT0.1S", LeavesADescriptor.class)).singleElement()
			.asString()
			.containsPattern("(?m)^left open: \\d+ on " + file + "$")
			.doesNotContain("left mapped");
	}

	@Test
	void aSocketThatIsLeftFailsTheClass() {
		assertThat(failures("PT0.1S", LeavesASocket.class)).singleElement()
			.asString()
			.containsPattern("(?m)^left open: \\d+ on socket:\\[\\d+]$");
	}

	@Test
	void everythingThatIsLeftIsListed() {
		assertThat(failures("PT0.1S", LeavesMuch.class)).singleElement()
			.asString()
			.containsPattern(
					"(?m)^left mapped: .* " + file + "\\Rleft open: .*" + file + "\\Rleft open: .*" + file + "$");
	}

	@Test
	void aMappingThatGoesFailsTheClass() throws Exception {
		leaveAMapping();
		assertThat(failures("PT0.1S", UnmapsWhatOthersMapped.class)).singleElement()
			.asString()
			.containsPattern("(?m)^unmapped: .* " + file + "$");
	}

	@Test
	void whatAnyInvocationOfAParameterizedClassLeavesFailsTheClass() {
		assertThat(failures("PT0.1S", LeavesADescriptorTwice.class)).singleElement()
			.asString()
			.containsPattern("(?m)^left open: .*" + file + "\\Rleft open: .*" + file + "$");
	}

	@Test
	void whatANestedClassLeavesMayBeClosedByTheClassAroundIt() {
		assertThat(failures("PT0.1S", ClosesWhatItsNestedClassLeaves.class)).isEmpty();
	}

	@Test
	void onlyTheClassThatLeavesSomethingFails() {
		assertThat(failures("PT0.1S", LeavesADescriptor.class, LeavesNothing.class)).singleElement()
			.asString()
			.contains(LeavesADescriptor.class.getName());
	}

	@Test
	void whatEndsByItselfSoonAfterwardsIsNotLeft() {
		assertThat(failures("PT5S", LeavesADescriptorForAWhile.class)).isEmpty();
	}

	private static List<String> failures(String patience, Class<?>... testClasses) {
		LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
			.selectors(Stream.of(testClasses).map(DiscoverySelectors::selectClass).toList())
			.configurationParameter(ProcessUnchanged.PATIENCE, patience)
			.build();
		SummaryGeneratingListener listener = new SummaryGeneratingListener();
		LauncherFactory.create().execute(request, listener);
		assertThat(listener.getSummary().getTestsSucceededCount()).as("planted tests that ran").isPositive();
		return listener.getSummary()
			.getFailures()
			.stream()
			.map(Failure::getException)
			.map(Throwable::getMessage)
			.toList();
	}

	private static void leaveAMapping() throws IOException {
		Arena arena = Arena.ofShared();
		left.add(arena);
		try (FileChannel channel = FileChannel.open(file)) {
			channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
		}
	}

	private static void leaveADescriptor() throws IOException {
		left.add(FileChannel.open(file));
	}

	private static void closeAll() throws Exception {
		while (!left.isEmpty()) {
			left.remove().close();
		}
	}

	static class LeavesAMapping {

		@Test
		void leaves() throws Exception {
			leaveAMapping();
		}

	}

	static class LeavesADescriptor {

		@Test
		void leaves() throws Exception {
			leaveADescriptor();
		}

	}

	static class LeavesASocket {

		@Test
		void leaves() throws Exception {
			left.add(ServerSocketChannel.open());
		}

	}

	static class LeavesNothing {

		@Test
		void leaves() throws Exception {
			FileChannel.open(file).close();
		}

	}

	static class LeavesMuch {

		@Test
		void leaves() throws Exception {
			leaveAMapping();
			leaveADescriptor();
			leaveADescriptor();
		}

	}

	static class UnmapsWhatOthersMapped {

		@Test
		void unmaps() throws Exception {
			closeAll();
		}

	}

	@ParameterizedClass
	@ValueSource(ints = { 1, 2 })
	static class LeavesADescriptorTwice {

		@Parameter
		int invocation;

		@Test
		void leaves() throws Exception {
			leaveADescriptor();
		}

	}

	static class ClosesWhatItsNestedClassLeaves {

		@AfterAll
		static void close() throws Exception {
			closeAll();
		}

		@Nested
		class Inner {

			@Test
			void leaves() throws Exception {
				leaveADescriptor();
			}

		}

	}

	static class LeavesADescriptorForAWhile {

		@Test
		void leaves() throws Exception {
			FileChannel channel = FileChannel.open(file);
			Thread closer = Thread.ofPlatform().start(() -> closeLater(channel));
			left.add(closer::join);
		}

		private static void closeLater(FileChannel channel) {
			try (channel) {
				Thread.sleep(300);
			}
			catch (IOException | InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
