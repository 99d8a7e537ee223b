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

package io.mmap.actuate.endpoint;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.Advice;
import io.mmap.MappingException;
import io.mmap.MappingInfo;
import io.mmap.MappingRefusedException;
import io.mmap.MappingRegistry;
import io.mmap.MemoryMapping;
import io.mmap.NoSuchMappingException;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/**
 * What those who operate an application may do with its mappings.
 */
final class MappingActions {

	static final String UNMAP = "unmap";

	static final String DONE = "done";

	static final String STARTED = "started";

	static final String REFUSED = "refused";

	static final String FAILED = "failed";

	private static final Log logger = LogFactory.getLog(MmapEndpoint.class);

	private final MappingRegistry registry;

	MappingActions(MappingRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Do something with a mapping, or all members of a set.
	 * @return what became of it, or {@code null} if there is no such mapping
	 * @throws InvalidEndpointRequestException if a parameter makes no sense
	 */
	@Nullable Result run(String nameOrId, String action, @Nullable String advice) {
		if (advice != null && !action.equals("advise")) {
			throw MappingQuery.invalid("advice", advice, "left out, unless the action is advise");
		}
		return switch (action) {
			case "flush" -> run(nameOrId, action, DONE, MemoryMapping::flush);
			case "preload" -> run(nameOrId, action, STARTED, MemoryMapping::preload);
			case "evict" -> run(nameOrId, action, DONE, (mapping) -> mapping.advise(Advice.PAGE_OUT));
			case "advise" -> {
				Advice parsed = parse(advice);
				yield run(nameOrId, action, DONE, (mapping) -> mapping.advise(parsed));
			}
			case "reload" -> reload(nameOrId, action);
			default -> throw MappingQuery.invalid("action", action, "one of flush, preload, reload, advise, evict");
		};
	}

	private @Nullable Result reload(String nameOrId, String action) {
		if (!exists(nameOrId)) {
			return null;
		}
		try {
			return attempt(nameOrId, action, DONE, () -> this.registry.reload(nameOrId));
		}
		catch (NoSuchMappingException ex) {
			// Unmapped meanwhile
			return null;
		}
	}

	private static Advice parse(@Nullable String advice) {
		try {
			return Advice.of((advice != null) ? advice : "");
		}
		catch (IllegalArgumentException ex) {
			throw MappingQuery.invalid("advice", String.valueOf(advice),
					(advice != null && advice.length() > MappingQuery.MAX_SHOWN) ? "known"
							: "known (" + ex.getMessage() + ")");
		}
	}

	private @Nullable Result run(String nameOrId, String action, String outcome, Consumer<MemoryMapping> work) {
		Collection<MemoryMapping> mappings = find(nameOrId);
		if (mappings != null) {
			return attempt(nameOrId, action, outcome, () -> mappings.forEach(work));
		}
		return (exists(nameOrId)) ? outOfReach(nameOrId, action) : null;
	}

	/**
	 * Unmap what code has mapped, and owns.
	 * @return what became of it, or {@code null} if there is no such mapping
	 */
	@Nullable Result unmap(String id) {
		String action = UNMAP;
		Optional<MappingInfo> found = info(id);
		if (found.isEmpty()) {
			return (exists(id)) ? refused(id, action, "It is declared: the registry unmaps it when it is closed")
					: null;
		}
		if (found.get().declared()) {
			return refused(id, action, "It is declared: the registry unmaps it when it is closed");
		}
		Optional<MemoryMapping> mapping = this.registry.find(id);
		return (mapping.isPresent()) ? attempt(id, action, DONE, mapping.get()::unmap) : outOfReach(id, action);
	}

	private Result attempt(String name, String action, String outcome, Runnable work) {
		try {
			work.run();
			logger.info("Mapping '" + name + "': " + action + " was asked for at the endpoint, and " + outcome);
			return new Result(name, action, outcome, null, null);
		}
		catch (MappingRefusedException | IllegalStateException | UnsupportedOperationException
				| WrongThreadException ex) {
			// In use, closed meanwhile, or nothing that can be done with it, or not here
			return refused(name, action, ex.getMessage());
		}
		catch (MappingException ex) {
			logger.warn("Mapping '" + name + "': " + action + " was asked for at the endpoint, and failed", ex);
			return new Result(name, action, FAILED,
					(ex.errno().isPresent()) ? Integer.valueOf(ex.errno().getAsInt()) : null, ex.getMessage());
		}
	}

	private static Result outOfReach(String name, String action) {
		return refused(name, action, "Only a slice or buffer of it is in use, by which it cannot be reached");
	}

	private static Result refused(String name, String action, @Nullable String message) {
		return new Result(name, action, REFUSED, null, message);
	}

	private @Nullable Collection<MemoryMapping> find(String nameOrId) {
		Optional<MemoryMapping> mapping = this.registry.find(nameOrId);
		if (mapping.isPresent()) {
			return List.of(mapping.get());
		}
		try {
			return this.registry.set(nameOrId).mappings();
		}
		catch (NoSuchMappingException ex) {
			return null;
		}
	}

	private boolean exists(String nameOrId) {
		return find(nameOrId) != null || info(nameOrId).isPresent();
	}

	private Optional<MappingInfo> info(String name) {
		return this.registry.mappings().stream().filter((mapping) -> mapping.name().equals(name)).findFirst();
	}

	/**
	 * What became of an action.
	 *
	 * @param name of which mapping or set
	 * @param action what was to be done
	 * @param outcome what became of it
	 * @param errno the error number, if a system call has failed
	 * @param message why not
	 */
	record Result(String name, String action, String outcome, @Nullable Integer errno, @Nullable String message) {

	}

}
