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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What becomes of the guards of an arena when closing it fails.
 */
class MappingArenaTests {

	private final MappingArena arena = MappingArena.confined(false);

	private final List<String> told = new ArrayList<>();

	@Test
	void noGuardStaysPausedIfAnotherCannotBePaused() {
		OutOfMemoryError failure = new OutOfMemoryError("pause");
		this.arena.add(new Guard("first", null, null));
		this.arena.add(new Guard("second", failure, null));
		this.arena.add(new Guard("third", null, null));
		assertThatThrownBy(this.arena::close).isSameAs(failure);
		assertThat(this.told).containsExactly("pause first", "pause second", "first goes on");
		assertThat(this.arena.isOpen()).isTrue();
	}

	@Test
	void allGuardsGoOnAndEachFailureIsTold() {
		IllegalStateException first = new IllegalStateException("first");
		OutOfMemoryError third = new OutOfMemoryError("third");
		this.arena.add(new Guard("first", null, first));
		this.arena.add(new Guard("second", null, null));
		this.arena.add(new Guard("third", null, third));
		assertThatThrownBy(this.arena::close).isSameAs(first);
		assertThat(first.getSuppressed()).containsExactly(third);
		assertThat(this.told).endsWith("first is closed", "second is closed", "third is closed");
	}

	@Test
	void whatKeepsTheArenaOpenIsToldBeforeWhatGuardsMeet() {
		IllegalStateException guard = new IllegalStateException("guard");
		this.arena.add(new Guard("first", null, guard));
		Throwable failure = CompletableFuture.supplyAsync(() -> {
			try {
				this.arena.close();
				return new AssertionError("Another thread must not close it");
			}
			catch (java.lang.WrongThreadException ex) {
				return ex;
			}
		}).join();
		assertThat(failure).isInstanceOf(java.lang.WrongThreadException.class);
		assertThat(failure.getSuppressed()).containsExactly(guard);
		assertThat(this.told).containsExactly("pause first", "first goes on");
	}

	/**
	 * Guards nothing, and fails when it is to.
	 */
	private final class Guard implements TruncationGuard.Hold {

		private final String name;

		private final @Nullable Error atPause;

		private final @Nullable Throwable atGoOn;

		Guard(String name, @Nullable Error atPause, @Nullable Throwable atGoOn) {
			this.name = name;
			this.atPause = atPause;
			this.atGoOn = atGoOn;
		}

		@Override
		public boolean isGuarding() {
			return true;
		}

		@Override
		public boolean isDetached() {
			return false;
		}

		@Override
		public void pause() {
			MappingArenaTests.this.told.add("pause " + this.name);
			if (this.atPause != null) {
				throw this.atPause;
			}
		}

		@Override
		public void goOn(boolean gone) {
			MappingArenaTests.this.told.add(this.name + ((gone) ? " is closed" : " goes on"));
			switch (this.atGoOn) {
				case RuntimeException ex -> throw ex;
				case Error ex -> throw ex;
				case null, default -> {
				}
			}
		}

		@Override
		public <E extends Exception> void whileNotSaving(TruncationGuard.Action<E> action) throws E {
			action.run();
		}

		@Override
		public void close() {
		}

	}

}
