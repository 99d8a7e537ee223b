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
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;

/**
 * A thread that writes a buffer into a pipe which takes a part of it only, and so uses
 * its memory until this is closed. The buffer must be larger than a pipe, 64 KiB.
 */
public final class BlockedWrite implements AutoCloseable {

	private final Pipe pipe;

	private final Thread thread;

	/**
	 * Start to write.
	 * @param buffer what to write
	 */
	public BlockedWrite(ByteBuffer buffer) throws IOException {
		this.pipe = Pipe.open();
		this.thread = Thread.ofPlatform().start(() -> {
			try (Pipe.SinkChannel sink = this.pipe.sink()) {
				sink.write(buffer);
			}
			catch (IOException ex) {
				// The pipe was closed at its other end
			}
		});
		// There is something to read once the write is under way
		this.pipe.source().read(ByteBuffer.allocate(1));
	}

	/**
	 * Return whether the memory is still in use.
	 * @return whether it is
	 */
	public boolean isBlocked() {
		return this.thread.isAlive();
	}

	@Override
	public void close() throws IOException {
		this.pipe.source().close();
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			throw new IOException(ex);
		}
	}

}
