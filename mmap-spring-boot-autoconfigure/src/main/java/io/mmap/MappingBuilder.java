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

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.PlainText;
import io.mmap.internal.ffi.Linux;

/**
 * Builds a spec: the options that make sense whatever is mapped. Those that need native
 * access say so: without it, mapping fails with what to do about it. Not safe for use by
 * several threads.
 *
 * @param <B> the type of this builder
 */
public abstract sealed class MappingBuilder<B extends MappingBuilder<B>>
		permits ContentMappingBuilder, AllocatedMappingBuilder {

	private static final int MAX_LABEL_LENGTH = 200;

	/** What the mapper decides, or must not be left to anybody. */
	private static final int OWN_FLAGS = Linux.MAP_TYPE | Linux.MAP_FIXED | Linux.MAP_FIXED_NOREPLACE
			| Linux.MAP_ANONYMOUS | Linux.MAP_GROWSDOWN | Linux.MAP_HUGETLB | Linux.MAP_32BIT | Linux.MAP_LOCKED
			| Linux.MAP_POPULATE | Linux.MAP_NORESERVE | Linux.MAP_SYNC | (0x3f << Linux.MAP_HUGE_SHIFT);

	/** So that offsets and page sizes can be added to it. */
	static final long MAX_LENGTH = 1L << 62;

	private static final int OWN_PROTECTION = Linux.PROT_READ | Linux.PROT_WRITE | Linux.PROT_EXEC;

	private final MappingSource source;

	private MappingAccess access = MappingAccess.READ_ONLY;

	private @Nullable Long length;

	private boolean lazy;

	private boolean confined;

	private @Nullable String label;

	private @Nullable Set<Protection> protection;

	private boolean writableAndExecutable;

	private List<Advice> advice = List.of();

	private boolean locked;

	private boolean dontDump;

	private boolean dontFork;

	private boolean noReserve;

	private boolean map32Bit;

	private boolean populate;

	private @Nullable HugePages hugePages;

	private int flags;

	private int protectionBits;

	MappingBuilder(MappingSource source) {
		this.source = source;
	}

	/**
	 * Set how much is mapped. If it is not set, everything from the offset to the end.
	 * @param length the length in bytes, at least 1
	 * @return this builder
	 */
	public B length(long length) {
		this.length = length;
		return self();
	}

	/**
	 * Set whether a declared mapping is mapped on first use, instead of when its registry
	 * is made. What goes wrong is thrown to that first user, and tried again by the next.
	 * @param lazy whether to wait; the default is {@code false}
	 * @return this builder
	 */
	public B lazy(boolean lazy) {
		this.lazy = lazy;
		return self();
	}

	/**
	 * Set whether only the thread that maps the memory may use, change and unmap it,
	 * which makes it cheap to map and unmap: to unmap memory that others may use takes a
	 * handshake with all threads of the JVM. For code that maps, reads and unmaps in one
	 * scope. Others get a {@link WrongThreadException}, also from the segment. The
	 * registry, too, cannot unmap it when it is closed, and reports that it was left
	 * open. For {@link MappingRegistry#map} only. Needs native access.
	 * @param confined whether it is confined to that thread; the default is {@code false}
	 * @return this builder
	 * @see java.lang.foreign.Arena#ofConfined()
	 */
	public B confined(boolean confined) {
		this.confined = confined;
		return self();
	}

	/**
	 * Set what the mapping is called in reports.
	 * @param label the label, at most 200 characters; none that controls, ends a line or
	 * changes the direction of text
	 * @return this builder
	 */
	public B label(String label) {
		this.label = Objects.requireNonNull(label, "label");
		return self();
	}

	/**
	 * Set what the pages permit at first, if that is not what the access says. It can be
	 * {@linkplain MemoryMapping#protect changed}, as far as the access allows it. Needs
	 * native access.
	 * @param protection any combination that the access allows; none to forbid
	 * everything. Writing and executing at the same time has to be
	 * {@linkplain #writableAndExecutable(boolean) asked for twice}
	 * @return this builder
	 * @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2), prot</a>
	 */
	public B protection(Protection... protection) {
		Set<Protection> set = EnumSet.noneOf(Protection.class);
		Collections.addAll(set, protection);
		this.protection = Collections.unmodifiableSet(set);
		return self();
	}

	/**
	 * Set whether the pages may be both writable and executable at the same time, which
	 * is refused otherwise.
	 * @param writableAndExecutable whether they may; the default is {@code false}
	 * @return this builder
	 */
	public B writableAndExecutable(boolean writableAndExecutable) {
		this.writableAndExecutable = writableAndExecutable;
		return self();
	}

	/**
	 * Set how the memory is going to be used. If the system does not want that advice the
	 * memory is mapped all the same, and a line is logged.
	 * @param advice the advice, in the order in which it is given
	 * @return this builder
	 * @see <a href="https://man7.org/linux/man-pages/man2/madvise.2.html">madvise(2)</a>
	 */
	public B advice(Advice... advice) {
		this.advice = List.of(advice);
		return self();
	}

	/**
	 * Set whether to bring all of it into memory and keep it there; mapping fails if that
	 * is not possible. Needs native access.
	 * @param locked whether to lock; the default is {@code false}
	 * @return this builder
	 * @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2),
	 * MAP_LOCKED</a>
	 */
	public B locked(boolean locked) {
		this.locked = locked;
		return self();
	}

	/**
	 * Set whether to leave the memory out of core dumps of the process, which may be kept
	 * for long and read by others; mapping fails if that is not possible. It stays so
	 * when the mapping is changed or reloaded, and what is saved of a truncated file is
	 * left out, too. Needs native access.
	 * @param dontDump whether to; the default is {@code false}
	 * @return this builder
	 * @see <a href="https://man7.org/linux/man-pages/man2/madvise.2.html">madvise(2),
	 * MADV_DONTDUMP</a>
	 */
	public B dontDump(boolean dontDump) {
		this.dontDump = dontDump;
		return self();
	}

	/**
	 * Set whether processes that native code forks do without the memory; mapping fails
	 * if that is not possible. Those that {@link ProcessBuilder} starts never have it. It
	 * stays so when the mapping is changed or reloaded. Needs native access.
	 * @param dontFork whether to; the default is {@code false}
	 * @return this builder
	 * @see <a href="https://man7.org/linux/man-pages/man2/madvise.2.html">madvise(2),
	 * MADV_DONTFORK</a>
	 */
	public B dontFork(boolean dontFork) {
		this.dontFork = dontFork;
		return self();
	}

	/**
	 * Set whether to set no swap space aside, so that more can be mapped than there is
	 * memory. When memory is short, an access may end the process. Needs native access.
	 * @param noReserve whether to set none aside; the default is {@code false}
	 * @return this builder
	 * @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2),
	 * MAP_NORESERVE</a>
	 */
	public B noReserve(boolean noReserve) {
		this.noReserve = noReserve;
		return self();
	}

	/**
	 * Set whether the address is to fit into 32 bits. Needs native access and an x86-64
	 * processor.
	 * @param map32Bit whether it is to; the default is {@code false}
	 * @return this builder
	 * @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2),
	 * MAP_32BIT</a>
	 */
	public B map32Bit(boolean map32Bit) {
		this.map32Bit = map32Bit;
		return self();
	}

	/**
	 * Set whether to bring it into memory while mapping, as far as that goes: what cannot
	 * be brought in is passed over in silence. {@link MappedRange#prefault()} tells.
	 * @param populate whether to; the default is {@code false}
	 * @return this builder
	 * @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2),
	 * MAP_POPULATE</a>
	 */
	public B populate(boolean populate) {
		this.populate = populate;
		return self();
	}

	/**
	 * Set whether the memory is to consist of transparent huge pages. If it is not set,
	 * the system decides. To require them needs native access, brings all of it into
	 * memory, and works for anonymous memory, copies, and where the file system has them.
	 * @param hugePages whether to
	 * @return this builder
	 * @see <a href= "https://docs.kernel.org/admin-guide/mm/transhuge.html">transparent
	 * huge pages</a>
	 */
	public B hugePages(HugePages hugePages) {
		this.hugePages = Objects.requireNonNull(hugePages, "hugePages");
		return self();
	}

	/**
	 * Add flags for {@code mmap(2)} that have no option here. Nothing is known of what
	 * they do, and the kernel ignores those that it does not know unless a file is mapped
	 * shared. Needs native access.
	 * @param flags {@code MAP_*} as a number; not those that say where, of what kind or
	 * how shared the memory is, nor those that have an option
	 * @return this builder
	 */
	public B flags(int flags) {
		this.flags = flags;
		return self();
	}

	/**
	 * Add protection bits that have no constant here, such as {@code PROT_BTI} on
	 * aarch64. Nothing is known of what they do. Needs native access.
	 * @param bits {@code PROT_*} as a number; not those of {@link Protection}
	 * @return this builder
	 */
	public B protectionBits(int bits) {
		this.protectionBits = bits;
		return self();
	}

	/**
	 * Build the spec.
	 * @return the spec
	 * @throws InvalidMappingException if an option has a value that is never valid, or
	 * two options contradict each other; the message names them
	 */
	public MappingSpec build() {
		if (this.length != null && this.length <= 0) {
			throw invalid("length", "length must be positive, but is " + this.length,
					(this instanceof ContentMappingBuilder) ? "Leave it out to map to the end, or use at least 1."
							: "Use at least 1.");
		}
		checkLabel();
		checkConfined();
		if (this.protection != null) {
			MappingSpec.checkProtection(this.source, this.access, this.writableAndExecutable, this.protection);
		}
		if (this.protection != null && this.protection.isEmpty()
				&& (this.locked || this.hugePages == HugePages.REQUIRE)) {
			throw invalid("protection",
					"protection permits nothing, so that the memory cannot be brought in as "
							+ (this.locked ? "locked" : "huge-pages") + " wants it",
					"Permit to read it, or leave that out.");
		}
		refuseOwnBits("flags", "MAP_*", this.flags, OWN_FLAGS, "Use the options of the builder for these.");
		refuseOwnBits("protection-bits", "PROT_*", this.protectionBits, OWN_PROTECTION, "Use 'protection' for these.");
		for (Advice each : this.advice) {
			if (each.needsPrivateAnonymousMemory() && !isPrivateAnonymous()) {
				throw invalid("advice", "advice " + each + " is for private anonymous memory only", "Leave it out.");
			}
			String undone = pages().undoneBy(each);
			if (undone != null) {
				throw invalid("advice", "advice " + each + " contradicts " + undone, "Leave out one of them.");
			}
		}
		return spec();
	}

	private void checkLabel() {
		if (this.label == null) {
			return;
		}
		if (this.label.length() > MAX_LABEL_LENGTH) {
			throw invalid("label",
					"label must have at most " + MAX_LABEL_LENGTH + " characters, but has " + this.label.length(),
					"Use a shorter one.");
		}
		if (!PlainText.isPlain(this.label)) {
			throw invalid("label", "label must not contain control characters", "Use one line of plain text.");
		}
	}

	private void checkConfined() {
		String option = (this.lazy) ? "lazy" : life().needingOtherThreads();
		if (this.confined && option != null) {
			throw invalid("confined",
					"confined makes no sense with " + option + ", "
							+ ((this.lazy) ? "which is for declared mappings" : "which is the work of another thread"),
					"Leave out one of them.");
		}
	}

	private void refuseOwnBits(String option, String kind, int bits, int own, String remedy) {
		if ((bits & own) != 0) {
			throw invalid(option, "%s 0x%x contains %s that are not to be given by number: 0x%x".formatted(option, bits,
					kind, bits & own), remedy);
		}
	}

	boolean isPrivateAnonymous() {
		return false;
	}

	/**
	 * Return whether no memory is set aside, however that was said.
	 */
	final boolean isWithoutReserve() {
		return this.noReserve || (this.flags & Linux.MAP_NORESERVE) != 0;
	}

	abstract B self();

	abstract MappingSpec spec();

	/**
	 * Return the options that concern the pages.
	 */
	PageOptions pages() {
		return new PageOptions(this.protection, this.writableAndExecutable, this.advice, this.locked, this.dontDump,
				this.dontFork, this.noReserve, this.map32Bit, this.populate, this.hugePages, HugePages.NEVER, null,
				false, false, false, null, Set.of(), this.flags, this.protectionBits);
	}

	/**
	 * Return what is to be done while it is mapped.
	 */
	LifeOptions life() {
		return LifeOptions.NONE;
	}

	final void checkReserve(@Nullable Long reserve) {
		if (reserve != null && this.length == null) {
			throw invalid("reserve", "reserve needs a length, which is missing",
					"Set 'length': how long it is at first.");
		}
		if (reserve != null && reserve > MAX_LENGTH) {
			throw invalid("reserve", "reserve must be at most 2^62, but is " + reserve, "Use a smaller one.");
		}
		if (reserve != null && this.length != null && reserve < this.length) {
			throw invalid("reserve",
					"reserve must be at least the length, but reserve is " + reserve + " and length is " + this.length,
					"Leave out 'reserve', or use a larger one.");
		}
	}

	final void setAccess(MappingAccess access) {
		this.access = Objects.requireNonNull(access, "access");
	}

	final MappingSource source() {
		return this.source;
	}

	final MappingAccess access() {
		return this.access;
	}

	final @Nullable Long length() {
		return this.length;
	}

	final boolean isLazy() {
		return this.lazy;
	}

	final boolean isConfined() {
		return this.confined;
	}

	final @Nullable String label() {
		return this.label;
	}

	final InvalidMappingException invalid(String option, String problem, String remedy) {
		return new InvalidMappingException("mapping of " + this.source, option, problem, remedy);
	}

}
