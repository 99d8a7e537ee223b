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

import org.jspecify.annotations.Nullable;

import io.mmap.MappingRegistry;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * {@link Endpoint @Endpoint} that shows memory mappings, and lets those act on them who
 * have {@linkplain Access#UNRESTRICTED unrestricted access}. To look touches no mapped
 * memory, and what it costs is bounded however many mappings there are. All methods may
 * be called from any thread.
 */
@Endpoint(id = "mmap", defaultAccess = Access.READ_ONLY)
public class MmapEndpoint {

	private final MappingReports reports;

	private final MappingActions actions;

	private final Show showValues;

	/**
	 * Create an endpoint.
	 * @param registry the registry to show
	 * @param sanitizingFunctions have the last word on paths and addresses
	 * @param showValues when to show paths and addresses
	 */
	public MmapEndpoint(MappingRegistry registry, Iterable<SanitizingFunction> sanitizingFunctions, Show showValues) {
		this.reports = new MappingReports(registry, sanitizingFunctions);
		this.actions = new MappingActions(registry);
		this.showValues = showValues;
	}

	/**
	 * Show everything.
	 * @param limit how many mappings to list at most, 100 if left out
	 * @param name what the names of those to list contain
	 * @param owner {@code declared} or {@code ad-hoc}
	 * @param source what is mapped, such as {@code file}
	 * @param state {@code mapped}, {@code detached} or {@code replaced}
	 * @param createdBy what the line of code contains that asked for those to list
	 * @return what is mapped
	 * @throws InvalidEndpointRequestException if a parameter makes no sense
	 */
	@ReadOperation
	public MmapDescriptor mmap(@Nullable Integer limit, @Nullable String name, @Nullable String owner,
			@Nullable String source, @Nullable String state, @Nullable String createdBy) {
		return mmap(MappingQuery.of(limit, name, owner, source, state, createdBy), this.showValues.isShown(true));
	}

	/**
	 * Show a mapping or set, with what costs more to find out.
	 * @param nameOrId a declared name, or an id
	 * @param limit how many mappings to list at most, 20 if left out
	 * @param parts in how many parts to say what is in memory, 64 if left out
	 * @return the mapping, or {@code null} if there is none
	 * @throws InvalidEndpointRequestException if a parameter makes no sense
	 */
	@ReadOperation
	public @Nullable MappingDetailsDescriptor mapping(@Selector String nameOrId, @Nullable Integer limit,
			@Nullable Integer parts) {
		return mapping(nameOrId, limit, parts, this.showValues.isShown(true));
	}

	/**
	 * Do something with a mapping, or all members of a set.
	 * @param nameOrId a declared name, or an id
	 * @param action {@code flush}, {@code preload}, {@code reload}, {@code advise} or
	 * {@code evict}, which takes pages out of memory that this process has used
	 * @param advice what to advise
	 * @return what became of it, or {@code null} if there is no such mapping
	 * @throws InvalidEndpointRequestException if a parameter makes no sense
	 */
	@WriteOperation
	public @Nullable MmapActionDescriptor act(@Selector String nameOrId, String action, @Nullable String advice) {
		return act(nameOrId, action, advice, this.showValues.isShown(true));
	}

	/**
	 * Unmap an ad hoc mapping. The code that uses it gets exceptions from then on.
	 * @param nameOrId the id
	 * @return what became of it, or {@code null} if there is no such mapping
	 */
	@DeleteOperation
	public @Nullable MmapActionDescriptor unmap(@Selector String nameOrId) {
		return unmap(nameOrId, this.showValues.isShown(true));
	}

	MmapDescriptor mmap(MappingQuery query, boolean showUnsanitized) {
		return this.reports.all(query, showUnsanitized);
	}

	@Nullable MappingDetailsDescriptor mapping(String nameOrId, @Nullable Integer limit, @Nullable Integer parts,
			boolean showUnsanitized) {
		return this.reports.one(nameOrId, limit, parts, showUnsanitized);
	}

	@Nullable MmapActionDescriptor act(String nameOrId, String action, @Nullable String advice, boolean showUnsanitized) {
		return describe(this.actions.run(nameOrId, action, advice), showUnsanitized);
	}

	@Nullable MmapActionDescriptor unmap(String nameOrId, boolean showUnsanitized) {
		return describe(this.actions.unmap(nameOrId), showUnsanitized);
	}

	private @Nullable MmapActionDescriptor describe(MappingActions.@Nullable Result result, boolean showUnsanitized) {
		return (result != null) ? new MmapActionDescriptor(result.name(), result.action(), result.outcome(),
				result.errno(), this.reports.sanitize("message", result.message(), showUnsanitized)) : null;
	}

}
