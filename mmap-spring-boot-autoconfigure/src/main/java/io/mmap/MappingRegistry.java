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

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Makes, finds and unmaps memory mappings.
 * <p>
 * With Spring Boot a registry is a bean. Elsewhere it is made by a {@link #builder()
 * builder} and closed by whoever made it: <pre class="code">
 * try (MappingRegistry registry = MappingRegistry.builder()
 *         .declare("geoip", MappingSpec.file(path).build())
 *         .build()) {
 *     MemorySegment geoip = registry.get("geoip").segment();
 * }</pre>
 * <p>
 * All methods may be called from any thread, an interrupted one included. Not to be
 * implemented by applications: methods will be added.
 */
public interface MappingRegistry extends AutoCloseable {

	/**
	 * Map memory. The caller owns the mapping and unmaps it: the registry keeps it only
	 * weakly, and reports a leak when it is dropped without having been unmapped.
	 * @param spec what to map
	 * @return the mapping
	 * @throws InvalidMappingException if the spec is {@linkplain MappingBuilder#lazy
	 * lazy}, which is for declared mappings
	 * @throws MappingException if the memory could not be mapped; nothing is left behind
	 * @throws UnsupportedMappingOperationException if the {@link #mapper() mapper} cannot
	 * do it
	 * @throws IllegalStateException if the registry was closed
	 */
	MemoryMapping map(MappingSpec spec);

	/**
	 * Return an open mapping.
	 * @param nameOrId a declared name, or the id of an ad hoc mapping or a member of a
	 * set
	 * @return the mapping
	 * @throws NoSuchMappingException if there is none; the message lists the declared
	 * names
	 */
	MemoryMapping get(String nameOrId);

	/**
	 * Find an open mapping.
	 * @param nameOrId a declared name, or the id of an ad hoc mapping or a member of a
	 * set
	 * @return the mapping, if there is one
	 */
	Optional<MemoryMapping> find(String nameOrId);

	/**
	 * Return a set of mappings that were declared together.
	 * @param name the declared name
	 * @return the set
	 * @throws NoSuchMappingException if there is none; the message lists the declared
	 * names
	 */
	MappingSet set(String name);

	/**
	 * Map what the location of a declared mapping or set leads to now, such as a file
	 * that took the place of the one that is mapped. Once the
	 * {@linkplain MappingValidator validators} have let it pass, handles and injected
	 * mappings give the new memory, and leases are on it. The old memory is unmapped as
	 * soon as no lease on it is held: at once if there is none, so that a reader that has
	 * kept a segment or buffer of it without a lease meets {@link IllegalStateException}
	 * and has to ask the handle again. A mapping that was not used yet is mapped on first
	 * use, so that nothing is done now.
	 * @param name the declared name of a read-only mapping or set
	 * @throws NoSuchMappingException if there is none; the message lists the declared
	 * names
	 * @throws UnsupportedMappingOperationException if the mapping may not be reloaded: it
	 * can be written, is a member of a set, or was made ad hoc
	 * @throws MappingRefusedException if a validator has refused the new content; what
	 * was mapped before stays
	 * @throws MappingException if the memory could not be mapped; what was mapped before
	 * stays
	 * @throws IllegalStateException if the registry was closed
	 */
	void reload(String name);

	/**
	 * Describe all open mappings: first the declared ones in the order of declaration,
	 * then the ad hoc ones in the order in which they were made. An ad hoc mapping of
	 * which only a slice or buffer is still in use is open, too.
	 * @return a list that does not change
	 */
	List<MappingInfo> mappings();

	/**
	 * Return the figures of each declared mapping and, last, of all ad hoc mappings. If
	 * nobody has found out for ten seconds how much is in memory, that is done in the
	 * background.
	 * @return live figures
	 */
	Collection<MappingStatistics> statistics();

	/**
	 * Return which operations have failed so far, and why: those that somebody asked for,
	 * and those that are done in the background, once for each time that one was tried.
	 * Neither arguments or content that are refused nor memory that is still in use are
	 * errors, nor is an option that is only wanted as far as the system has it. The
	 * errors of {@code flush} are those that {@linkplain MappingStatistics#flushErrors()
	 * each mapping} has, added up.
	 * @return the counts, one for each operation and error number that there was; none is
	 * ever smaller later
	 */
	List<OperationErrors> errors();

	/**
	 * Return the latest leaks, newest first. Leaks that the garbage collector found and
	 * nobody has looked at yet are counted before this method returns.
	 * @return at most 100 leaks
	 */
	List<MappingLeak> leaks();

	/**
	 * Return the latest preload of each declared mapping that has had one, and those of
	 * ad hoc mappings that are under way.
	 * @return the preloads
	 */
	List<MappingPreload> preloads();

	/**
	 * Return what is not as it should be at the moment, by name.
	 * @return the warnings; none if all is well
	 */
	List<MappingWarning> warnings();

	/**
	 * Return what the kernel says of this process, as it was when somebody asked for that
	 * last. If that was more than ten seconds ago it is found out anew in the background.
	 * @return the figures
	 */
	ProcessMemory process();

	/**
	 * Return the mapper in use.
	 * @return the mapper
	 */
	MapperInfo mapper();

	/**
	 * Return what the platform, kernel, container and the way in which the JVM was
	 * started allow, and why not. Each system call is tried once per process.
	 * @return the capabilities
	 */
	Capabilities capabilities();

	/**
	 * Unmap everything, in the reverse order of declaration. Ad hoc mappings that are
	 * still open are reported as leaks, and unmapped unless the garbage collector has
	 * already found that only a slice or buffer of them is in use, or they are
	 * {@linkplain MappingBuilder#confined(boolean) confined} to a thread. Memory that a
	 * lease, flush, native call or channel operation is using is waited for, and left
	 * mapped and named in the log, with its holders, when that takes too long. Calling
	 * this again tries again to unmap what was left; it waits for a call that is under
	 * way.
	 */
	@Override
	void close();

	/**
	 * Return a builder with the default settings.
	 * @return a new builder
	 */
	static Builder builder() {
		return new DefaultMappingRegistryBuilder();
	}

	/**
	 * Builds a registry. Not safe for use by several threads.
	 */
	interface Builder extends MappingDeclarations {

		@Override
		Builder declare(String name, MappingSpec spec);

		@Override
		Builder declareSet(String name, Map<String, MappingSpec> specs);

		@Override
		Builder declareSet(String name, Supplier<Map<String, MappingSpec>> specs);

		/**
		 * Set whether to map every declared mapping on first use, whatever its spec says.
		 * @param lazy whether to wait; the default is {@code false}
		 * @return this builder
		 */
		Builder lazy(boolean lazy);

		/**
		 * Choose the mapper. The default is {@link MapperType#AUTO}.
		 * @param mapper the mapper
		 * @return this builder
		 */
		Builder mapper(MapperType mapper);

		/**
		 * Set what is recorded of each mapping. The default is
		 * {@link LeakDetectionLevel#SIMPLE}.
		 * @param level the level
		 * @return this builder
		 */
		Builder leakDetection(LeakDetectionLevel level);

		/**
		 * Set what happens when a leak is found. The default is {@link LeakPolicy#LOG}.
		 * @param policy the policy
		 * @return this builder
		 */
		Builder leakPolicy(LeakPolicy policy);

		/**
		 * Set how long to wait for memory that is in use: {@link MappingRegistry#close()}
		 * all in all, and whatever else takes memory from those who use it. The default
		 * is five seconds.
		 * @param timeout the time; zero or negative not to wait
		 * @return this builder
		 */
		Builder drainTimeout(Duration timeout);

		/**
		 * Set how long a lease may be held before it is reported, once, as held for too
		 * long. Each lease is made known to that end, which costs some time. None is
		 * reported by default.
		 * @param threshold the time, positive; {@code null} not to report any
		 * @return this builder
		 * @throws InvalidMappingException if it is not positive
		 */
		Builder leaseHoldThreshold(@Nullable Duration threshold);

		/**
		 * Set how often to look whether another file has taken the place of one that is
		 * mapped with {@link FileMappingBuilder#reloadOnUpdate}. The default is a second.
		 * @param interval the time, positive
		 * @return this builder
		 * @throws InvalidMappingException if it is not positive
		 */
		Builder reloadCheckInterval(Duration interval);

		/**
		 * Set how long nothing may have changed before a file that took the place of
		 * another one is mapped. Where changes never end it is mapped after ten times as
		 * long. The default is a second.
		 * @param quietPeriod the time, not negative
		 * @return this builder
		 * @throws InvalidMappingException if it is negative
		 */
		Builder reloadQuietPeriod(Duration quietPeriod);

		/**
		 * Set how often to look, at most, whether files that are mapped were truncated or
		 * changed in place. Where the system tells of changes of files
		 * ({@code inotify(7)}) nobody looks without one, except once after the files were
		 * mapped. The default is ten seconds.
		 * @param interval the time, positive
		 * @return this builder
		 * @throws InvalidMappingException if it is not positive
		 */
		Builder truncationCheckInterval(Duration interval);

		/**
		 * Set how long a mapping may be to be {@linkplain TruncationPolicy#GUARD
		 * guarded}: its content may have to be copied into memory at any time. The
		 * default is 256 MiB.
		 * @param maxSize the length in bytes, positive
		 * @return this builder
		 * @throws InvalidMappingException if it is not positive
		 */
		Builder guardMaxSize(long maxSize);

		/**
		 * Set how much may be preloaded in a second, by all
		 * {@linkplain MemoryMapping#preload() preloads} together. There is no limit by
		 * default.
		 * @param bytesPerSecond the number of bytes, positive; {@code null} for no limit
		 * @return this builder
		 * @throws InvalidMappingException if it is not positive
		 */
		Builder preloadRateLimit(@Nullable Long bytesPerSecond);

		/**
		 * Add a validator.
		 * @param validator the validator; asked after those added before
		 * @return this builder
		 */
		Builder validator(MappingValidator validator);

		/**
		 * Add a listener.
		 * @param listener the listener; called after those added before
		 * @return this builder
		 */
		Builder listener(MappingListener listener);

		/**
		 * Make the registry and all declared mappings, in the order of declaration.
		 * @return the registry
		 * @throws DeclaredMappingException if a declared mapping could not be made;
		 * nothing stays mapped
		 * @throws UnsupportedMappingOperationException if {@link MapperType#NATIVE} was
		 * chosen and is not available
		 */
		MappingRegistry build();

	}

}
