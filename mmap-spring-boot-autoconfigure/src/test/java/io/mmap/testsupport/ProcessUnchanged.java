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
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.platform.commons.support.AnnotationSupport;

import static org.assertj.core.api.Assertions.fail;

/**
 * Fails a test class after which the process has other files mapped, or other descriptors
 * open, than before. Found by JUnit itself, and so in force for every test class; nested
 * classes are part of the class around them.
 */
public class ProcessUnchanged implements BeforeAllCallback, AfterAllCallback {

	/**
	 * The configuration parameter that says how long to wait for what ends by itself.
	 */
	public static final String PATIENCE = "io.mmap.testsupport.patience";

	private static final Namespace NAMESPACE = Namespace.create(ProcessUnchanged.class);

	private static final boolean SUPPORTED = Files.exists(Path.of("/proc/self/maps"));

	private static final long PAUSE_MILLIS = 20;

	// Code: libraries are loaded when something first needs them and are never unloaded
	private static final Pattern SHARED_LIBRARY = Pattern.compile("/[^/]+\\.so(\\.[0-9]+)*( \\(deleted\\))?$");

	// The archive of the JDK's classes: part of it lies in the heap, and moves as that
	// does
	private static final Pattern CLASS_DATA_ARCHIVE = Pattern.compile("/lib/server/classes[^/]*\\.jsa$");

	@Override
	public void beforeAll(ExtensionContext context) throws Exception {
		Store store = context.getRoot().getStore(NAMESPACE);
		if (SUPPORTED && store.get(State.class) == null) {
			openWhatTheJvmKeepsOpen();
			store.put(State.class, State.now());
		}
	}

	@Override
	public void afterAll(ExtensionContext context) throws Exception {
		if (!SUPPORTED || isNested(context)) {
			return;
		}
		// As the class before it left things: a class may be initialized before beforeAll
		Store store = context.getRoot().getStore(NAMESPACE);
		State before = Objects.requireNonNull(store.get(State.class, State.class));
		Duration patience = context.getConfigurationParameter(PATIENCE, Duration::parse).orElse(Duration.ofSeconds(5));
		long deadline = System.nanoTime() + patience.toNanos();
		State after = State.now();
		while (!after.equals(before) && System.nanoTime() < deadline) {
			// Connections and processes end some time after they were told to
			Thread.sleep(PAUSE_MILLIS);
			after = State.now();
		}
		if (!after.equals(before)) {
			store.put(State.class, after);
			fail("After %s, this process is not as it was before:%n%s", context.getRequiredTestClass().getName(),
					String.join(System.lineSeparator(), before.changes(after)));
		}
	}

	private static boolean isNested(ExtensionContext context) {
		return AnnotationSupport.isAnnotated(context.getRequiredTestClass(), Nested.class);
	}

	/**
	 * Have the JVM open now what it would otherwise open during some test, so that it
	 * need not be excluded from the comparison.
	 */
	private static void openWhatTheJvmKeepsOpen() throws IOException {
		// The class loader opens a jar of the class path when it first looks into it
		ClassLoader.getSystemClassLoader().getResources("what/no/jar/has").asIterator().forEachRemaining((url) -> {
		});
		// /dev/random and /dev/urandom
		new SecureRandom().nextInt();
		// The socket that takes the place of one that is closed while in use
		SocketChannel.open().close();
		startMockito();
	}

	/**
	 * Have Mockito start its agent, where there is one: it leaves a socket and a jar
	 * open.
	 */
	private static void startMockito() {
		try {
			Class.forName("org.mockito.Mockito").getMethod("mock", Class.class).invoke(null, Runnable.class);
		}
		catch (ClassNotFoundException ex) {
			// Nobody will start it, then
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What the process has mapped and opened.
	 */
	private record State(Set<String> regions, Set<String> descriptors) {

		static State now() {
			Set<String> regions = new TreeSet<>(ProcessMaps.regions());
			regions.removeIf((line) -> SHARED_LIBRARY.matcher(line).find() || CLASS_DATA_ARCHIVE.matcher(line).find());
			Set<String> descriptors = new TreeSet<>();
			ProcessMaps.descriptors().forEach((number, target) -> descriptors.add(number + " on " + target));
			return new State(regions, descriptors);
		}

		List<String> changes(State after) {
			List<String> changes = new ArrayList<>();
			difference(after.regions, this.regions).forEach((region) -> changes.add("left mapped: " + region));
			difference(after.descriptors, this.descriptors).forEach((open) -> changes.add("left open: " + open));
			difference(this.regions, after.regions).forEach((region) -> changes.add("unmapped: " + region));
			difference(this.descriptors, after.descriptors).forEach((closed) -> changes.add("closed: " + closed));
			return changes;
		}

		private static Set<String> difference(Set<String> from, Set<String> subtract) {
			Set<String> difference = new TreeSet<>(from);
			difference.removeAll(subtract);
			return difference;
		}

	}

}
