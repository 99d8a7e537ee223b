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
package io.mmap.benchmarks.app;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Maps the files {@code 0} to {@code N - 1} of a directory as the JDK does it, and says
 * how long that took, in nanoseconds.
 */
final class JdkLoop {

	private JdkLoop() {
	}

	public static void main(String[] arguments) throws IOException {
		Path directory = Path.of(arguments[0]);
		int files = Integer.parseInt(arguments[1]);
		long start = System.nanoTime();
		List<MemorySegment> segments = new ArrayList<>();
		for (int i = 0; i < files; i++) {
			try (FileChannel channel = FileChannel.open(directory.resolve(Integer.toString(i)))) {
				segments.add(channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofShared()));
			}
		}
		System.out.println(ChildJvm.RESULT + (System.nanoTime() - start));
	}

}
