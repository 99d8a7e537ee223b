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

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

import io.mmap.internal.ffi.SystemCallException;

/**
 * Replaces a generation by the next one, which takes over its pages with another
 * protection or length. Whatever fails, some generation has the pages afterwards.
 */
final class Replacements {

	private final Generations generations;

	Replacements(Generations generations) {
		this.generations = generations;
	}

	/**
	 * Change what the pages permit.
	 * @param publish is given the next generation while nobody uses the pages
	 */
	void protect(Generation previous, Origin origin, Set<Protection> protection, Consumer<Generation> publish) {
		previous.replace(() -> {
			MappingEntry entry = previous.entry();
			// First, since to end the access may be to unmap
			entry.pages().prepareProtect();
			Set<Protection> current = entry.protection();
			if (protection.equals(current)) {
				return;
			}
			if (entry.pages().isWriteSealed() && protection.contains(Protection.WRITE)) {
				throw new UnsupportedMappingOperationException(
						"Mapping " + entry + " cannot be made writable: its file is sealed against writing");
			}
			if (protection.containsAll(current)) {
				widen(previous, origin, protection, publish);
			}
			else {
				narrow(previous, origin, protection, publish);
			}
		});
	}

	private void widen(Generation previous, Origin origin, Set<Protection> protection, Consumer<Generation> publish) {
		Pages pages = previous.entry().pages();
		try {
			pages.protect(protection);
		}
		catch (SystemCallException ex) {
			restore(pages, previous.entry().protection(), ex);
			throw previous.failed("protect", ex);
		}
		succeed(previous, origin, pages, previous.entry().length(), protection, previous.arena(), publish);
	}

	private void narrow(Generation previous, Origin origin, Set<Protection> protection, Consumer<Generation> publish) {
		MappingEntry entry = previous.entry();
		// Made first, since afterwards there is no way back
		MappingArena arena = new MappingArena();
		closeArena(previous, arena);
		Set<Protection> sure = protection;
		MappingException failure = null;
		try {
			entry.pages().protect(protection);
		}
		catch (SystemCallException ex) {
			failure = previous.failed("protect", ex);
			sure = (restore(entry.pages(), entry.protection(), ex)) ? entry.protection()
					: both(entry.protection(), protection);
		}
		succeed(previous, origin, entry.pages(), entry.length(), sure, arena, publish);
		if (failure != null) {
			throw failure;
		}
	}

	private static Set<Protection> both(Set<Protection> one, Set<Protection> other) {
		Set<Protection> both = EnumSet.noneOf(Protection.class);
		both.addAll(one);
		both.retainAll(other);
		return both;
	}

	private static boolean restore(Pages pages, Set<Protection> protection, SystemCallException failure) {
		try {
			pages.protect(protection);
			return true;
		}
		catch (SystemCallException ex) {
			failure.addSuppressed(ex);
			return false;
		}
	}

	/**
	 * Change the length.
	 */
	void resize(Generation previous, Origin origin, long length, Consumer<Generation> publish) {
		previous.replace(() -> {
			MappingEntry entry = previous.entry();
			if (length == entry.length()) {
				return;
			}
			boolean stays = prepareResize(previous, length);
			MappingArena arena = previous.arena();
			if (!stays) {
				arena = new MappingArena();
				closeArena(previous, arena);
			}
			Pages pages;
			try {
				pages = entry.pages().resize(length, entry.protection());
			}
			catch (SystemCallException ex) {
				if (!stays) {
					succeed(previous, origin, entry.pages(), entry.length(), entry.protection(), arena, publish);
				}
				throw previous.failed("resize", ex);
			}
			succeed(previous, origin, pages, length, entry.protection(), arena, publish);
		});
	}

	private static boolean prepareResize(Generation previous, long length) {
		try {
			return previous.entry().pages().prepareResize(length);
		}
		catch (SystemCallException ex) {
			throw previous.failed("resize", ex);
		}
	}

	/**
	 * Seal the file against writing, the mapping included.
	 */
	void sealWrite(Generation previous, Origin origin, int seals, Consumer<Generation> publish) {
		previous.replace(() -> {
			MappingEntry entry = previous.entry();
			MappingArena arena = new MappingArena();
			closeArena(previous, arena);
			Set<Protection> protection = EnumSet.noneOf(Protection.class);
			protection.addAll(entry.protection());
			Pages pages = entry.pages();
			MappingException failure = null;
			try {
				pages = pages.sealWrite(seals, entry.protection());
				protection.remove(Protection.WRITE);
			}
			catch (SystemCallException ex) {
				failure = previous.failed("seal", ex);
				if (pages.isWriteSealed()) {
					protection.remove(Protection.WRITE);
				}
			}
			succeed(previous, origin, pages, entry.length(), protection, arena, publish);
			if (failure != null) {
				throw failure;
			}
		});
	}

	private static void closeArena(Generation previous, MappingArena replacing) {
		try {
			previous.closeArena();
		}
		catch (RuntimeException | Error ex) {
			replacing.close();
			throw ex;
		}
	}

	private void succeed(Generation previous, Origin origin, Pages pages, long length, Set<Protection> protection,
			MappingArena arena, Consumer<Generation> publish) {
		FileIdentity file = previous.entry().file();
		try {
			publish.accept(this.generations.succeed(previous, origin,
					MappedMemory.of(pages.segment(arena, length), pages, file, Set.copyOf(protection)), arena));
		}
		catch (RuntimeException | Error ex) {
			if (pages != previous.entry().pages()) {
				discard(previous, pages, ex);
			}
			throw ex;
		}
	}

	/**
	 * Unmap pages that could not be published, since threads or heap are exhausted. The
	 * previous generation has none any more.
	 */
	private static void discard(Generation previous, Pages pages, Throwable failure) {
		previous.superseded();
		try {
			pages.unmap();
		}
		catch (SystemCallException ex) {
			failure.addSuppressed(ex);
		}
	}

}
