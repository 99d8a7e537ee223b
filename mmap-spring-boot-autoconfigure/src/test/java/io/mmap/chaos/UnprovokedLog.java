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

package io.mmap.chaos;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * Warnings and errors that this project logs, but for leaks, which are provoked. The
 * console is spared them all.
 */
final class UnprovokedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.mmap");

	private final boolean additive = this.logger.isAdditive();

	private final List<String> messages = new CopyOnWriteArrayList<>();

	@SuppressWarnings("this-escape")
	UnprovokedLog() {
		start();
		this.logger.setAdditive(false);
		this.logger.addAppender(this);
	}

	@Override
	protected void append(ILoggingEvent event) {
		if (event.getLevel().isGreaterOrEqual(Level.WARN) && !event.getFormattedMessage().startsWith("LEAK:")) {
			this.messages.add(event.getFormattedMessage());
		}
	}

	List<String> messages() {
		return this.messages;
	}

	@Override
	public void close() {
		this.logger.detachAppender(this);
		this.logger.setAdditive(this.additive);
		stop();
	}

}
