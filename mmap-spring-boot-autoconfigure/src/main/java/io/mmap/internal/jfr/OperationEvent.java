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

package io.mmap.internal.jfr;

import jdk.jfr.Registered;

/**
 * Something that took some time, and may have failed.
 */
@Registered(false)
abstract class OperationEvent extends MappingEvent implements Timing {

	@Override
	public void succeeded(String name, long bytes) {
		record(name, bytes, "success");
	}

	@Override
	public void failed(String name, long bytes, Throwable failure) {
		record(name, bytes, failure.getClass().getSimpleName());
	}

	@Override
	public void cancelled(String name, long bytes) {
		record(name, bytes, "cancelled");
	}

	private void record(String name, long bytes, String outcome) {
		end();
		if (shouldCommit()) {
			this.name = name;
			this.bytes = bytes;
			this.outcome = outcome;
			commit();
		}
	}

}
