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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What the core logs while this is open.
 */
public final class CapturedLog extends Handler implements AutoCloseable {

	private final Logger logger = Logger.getLogger("io.mmap");

	private final List<LogRecord> records = new CopyOnWriteArrayList<>();

	/**
	 * Start to capture.
	 */
	public CapturedLog() {
		this.logger.addHandler(this);
	}

	@Override
	public void publish(LogRecord entry) {
		this.records.add(entry);
	}

	@Override
	public void flush() {
	}

	@Override
	public void close() {
		this.logger.removeHandler(this);
	}

	/**
	 * Return the messages of a level.
	 * @param level the level
	 * @return the messages in the order in which they were logged
	 */
	public List<String> messages(Level level) {
		return this.records.stream()
			.filter((entry) -> entry.getLevel().equals(level))
			.map(LogRecord::getMessage)
			.toList();
	}

	/**
	 * Return the records whose message contains a text.
	 * @param text the text
	 * @return the records
	 */
	public List<LogRecord> containing(String text) {
		return this.records.stream().filter((entry) -> entry.getMessage().contains(text)).toList();
	}

}
