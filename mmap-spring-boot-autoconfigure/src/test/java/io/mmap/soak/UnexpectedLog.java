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

package io.mmap.soak;

import java.util.function.Consumer;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * Takes warnings and errors that this project logs for failures, but for the leaks and
 * truncations that are provoked. The console is spared them all.
 */
final class UnexpectedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.mmap");

	private final boolean additive = this.logger.isAdditive();

	private final Consumer<String> failed;

	@SuppressWarnings("this-escape")
	UnexpectedLog(Consumer<String> failed) {
		this.failed = failed;
		start();
		this.logger.setAdditive(false);
		this.logger.addAppender(this);
	}

	@Override
	protected void append(ILoggingEvent event) {
		String message = event.getFormattedMessage();
		if (event.getLevel().isGreaterOrEqual(Level.WARN) && !isProvokedLeak(message)
				&& !isProvokedTruncation(message)) {
			this.failed.accept(event.getLevel() + " was logged: " + message
					+ ((event.getThrowableProxy() != null) ? " " + event.getThrowableProxy().getMessage() : ""));
		}
	}

	private static boolean isProvokedLeak(String message) {
		return message.startsWith("LEAK:") && message.contains("(" + Workload.PROVOKED + ")");
	}

	private static boolean isProvokedTruncation(String message) {
		return message.startsWith("The content of ") && message.contains(" was saved in ")
				&& message.contains("/" + Guarded.NAME);
	}

	@Override
	public void close() {
		this.logger.detachAppender(this);
		this.logger.setAdditive(this.additive);
		stop();
	}

}
