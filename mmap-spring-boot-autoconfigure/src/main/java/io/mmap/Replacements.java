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
 * Replaces the generation behind a handle by the next one, which takes over its pages
 * with another protection or length. Whatever fails, some generation has the pages
 * afterwards.
 */
final class Replacements {

	private final DefaultMappingRegistry registry;

	private final Generations generations;

	Replacements(DefaultMappingRegistry registry, Generations generations) {
		this.registry = registry;
		this.generations = generations;
	}

	/**
	 * Change what the pages permit.
	 */
	void protect(DefaultMemoryMapping mapping, Set<Protection> protection) {
		replace(mapping, (previous) -> {
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
			if (entry.pages().isInaccessible() && !protection.isEmpty()) {
				throw new UnsupportedMappingOperationException(
						"Mapping " + entry + " cannot be made accessible: it could"
								+ " not be kept out of core dumps or forked processes. Unmap it, and map it again.");
			}
			if (protection.containsAll(current)) {
				widen(mapping, previous, protection);
			}
			else {
				narrow(mapping, previous, protection);
			}
		});
	}

	/**
	 * Do something to a mapping whose memory is its own, while nobody uses the pages by
	 * address.
	 */
	private void replace(DefaultMemoryMapping mapping, Consumer<Generation> replacement) {
		if (mapping.isMember()) {
			throw new UnsupportedMappingOperationException("Mapping " + mapping.description()
					+ " cannot be changed: it is a member of a set, whose memory belongs together. Declare the file"
					+ " by itself.");
		}
		if (mapping.origin().spec().life().truncation() == TruncationPolicy.GUARD) {
			throw new UnsupportedMappingOperationException("Mapping " + mapping.description()
					+ " cannot be changed: it is to be guarded, and its content would not be while it changes. Map it"
					+ " without 'truncation: guard'.");
		}
		// Not in the monitor, since listeners are told
		mapping.mapped();
		synchronized (mapping) {
			Generation previous = mapping.generation();
			if (previous != null) {
				previous.replace(this.registry.newDrain(), () -> replacement.accept(previous));
			}
		}
	}

	private void widen(DefaultMemoryMapping mapping, Generation previous, Set<Protection> protection) {
		Pages pages = previous.entry().pages();
		try {
			pages.protect(protection);
		}
		catch (SystemCallException ex) {
			restore(pages, previous.entry().protection(), ex);
			throw previous.failed(MappingOperation.PROTECT, ex);
		}
		succeed(mapping, previous, pages, previous.entry().length(), protection, previous.arena());
	}

	private void narrow(DefaultMemoryMapping mapping, Generation previous, Set<Protection> protection) {
		MappingEntry entry = previous.entry();
		// Made first, since afterwards there is no way back
		MappingArena arena = previous.arena().another();
		closeArena(previous, arena);
		Set<Protection> sure = protection;
		MappingException failure = null;
		try {
			entry.pages().protect(protection);
		}
		catch (SystemCallException ex) {
			failure = previous.failed(MappingOperation.PROTECT, ex);
			sure = (restore(entry.pages(), entry.protection(), ex)) ? entry.protection()
					: both(entry.protection(), protection);
		}
		succeed(mapping, previous, entry.pages(), entry.length(), sure, arena);
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
	void resize(DefaultMemoryMapping mapping, long length) {
		replace(mapping, (previous) -> {
			MappingEntry entry = previous.entry();
			if (length == entry.length()) {
				return;
			}
			if (entry.isDetached()) {
				throw new UnsupportedMappingOperationException(
						"Mapping " + entry + " cannot be resized: it is detached from its file. Map it anew.");
			}
			boolean stays = prepareResize(previous, length);
			MappingArena arena = previous.arena();
			if (!stays) {
				arena = arena.another();
				closeArena(previous, arena);
			}
			Pages pages;
			try {
				pages = entry.pages().resize(length, entry.protection());
			}
			catch (SystemCallException ex) {
				if (!stays) {
					succeed(mapping, previous, entry.pages(), entry.length(), entry.protection(), arena);
				}
				throw previous.failed(MappingOperation.RESIZE, length, ex);
			}
			succeed(mapping, previous, pages, length, entry.protection(), arena);
		});
	}

	private static boolean prepareResize(Generation previous, long length) {
		try {
			return previous.entry().pages().prepareResize(length);
		}
		catch (SystemCallException ex) {
			throw previous.failed(MappingOperation.RESIZE, length, ex);
		}
		catch (MappingException ex) {
			// The file is too short
			previous.entry().counters().failed(MappingOperation.RESIZE, ex);
			throw ex;
		}
	}

	/**
	 * Seal the in-memory file that is mapped.
	 */
	void seal(DefaultMemoryMapping mapping, int seals) {
		if (!(mapping.origin().spec().source() instanceof MappingSource.InMemoryFile)) {
			throw new UnsupportedMappingOperationException(
					"Mapping " + mapping.description() + " cannot be sealed: only in-memory files can");
		}
		if ((seals & Seal.WRITE.bits()) == 0) {
			mapping.run(MappingOperation.SEAL, PageRange.NONE, (pages, segment, none) -> pages.addSeals(seals));
		}
		else {
			replace(mapping, (previous) -> sealWrite(mapping, previous, seals));
		}
	}

	/**
	 * Seal the file against writing, the mapping included.
	 */
	private void sealWrite(DefaultMemoryMapping mapping, Generation previous, int seals) {
		MappingEntry entry = previous.entry();
		MappingArena arena = previous.arena().another();
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
			failure = previous.failed(MappingOperation.SEAL, ex);
			if (pages.isInaccessible()) {
				protection.clear();
			}
			if (pages.isWriteSealed()) {
				protection.remove(Protection.WRITE);
			}
		}
		succeed(mapping, previous, pages, entry.length(), protection, arena);
		if (failure != null) {
			throw failure;
		}
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

	private void succeed(DefaultMemoryMapping mapping, Generation previous, Pages pages, long length,
			Set<Protection> protection, MappingArena arena) {
		FileVersion file = previous.entry().file();
		Generation next;
		try {
			next = this.generations.next(previous, mapping.origin(),
					MappedMemory.of(pages.segment(arena, length), pages, file, Set.copyOf(protection)), arena);
		}
		catch (RuntimeException | Error ex) {
			if (!previous.isOpen()) {
				discard(previous, ex);
			}
			// Else the pages did not move, and are those of the previous generation still
			throw ex;
		}
		this.generations.supersede(previous, next);
		this.registry.publishReplacement(mapping, next);
	}

	/**
	 * Unmap pages that nobody can access any more and that could not be published, since
	 * threads or heap are exhausted.
	 */
	private void discard(Generation previous, Throwable failure) {
		long start = System.nanoTime();
		Pages pages = previous.entry().pages();
		try {
			// Which know where they are now; if that fails whoever closes the mapping
			// tries again
			pages.unmap();
			previous.superseded(pages);
			this.generations.released(previous.entry(), System.nanoTime() - start);
		}
		catch (SystemCallException | RuntimeException | Error ex) {
			Suppressed.add(failure, ex);
		}
	}

}
