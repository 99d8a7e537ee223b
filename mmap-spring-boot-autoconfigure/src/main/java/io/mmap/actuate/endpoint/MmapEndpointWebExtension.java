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

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} for the {@link MmapEndpoint}: shows
 * paths and addresses to those who may see them, lets those change things who may, and
 * answers with status codes. All methods may be called from any thread.
 */
@EndpointWebExtension(endpoint = MmapEndpoint.class)
public class MmapEndpointWebExtension {

	private static final int FORBIDDEN = 403;

	private static final int CONFLICT = 409;

	private static final String WHO_MAY_CHANGE = "Only who has one of the roles that management.endpoint.mmap.roles lists"
			+ " may change anything over HTTP";

	private final MmapEndpoint delegate;

	private final Show showValues;

	private final Set<String> roles;

	/**
	 * Create an extension.
	 * @param delegate the endpoint
	 * @param showValues when to show paths and addresses
	 * @param roles who may see them, and change things; if there are none, whoever is
	 * authenticated may see them, and nobody may change anything
	 */
	public MmapEndpointWebExtension(MmapEndpoint delegate, Show showValues, Set<String> roles) {
		this.delegate = delegate;
		this.showValues = showValues;
		this.roles = roles;
	}

	/**
	 * Show everything.
	 * @param securityContext who asks
	 * @param limit how many mappings to list at most, 100 if left out
	 * @param name what the names of those to list contain
	 * @param owner {@code declared} or {@code ad-hoc}
	 * @param source what is mapped, such as {@code file}
	 * @param state {@code mapped}, {@code detached} or {@code replaced}
	 * @param createdBy what the line of code contains that asked for those to list
	 * @return what is mapped
	 */
	@ReadOperation
	public MmapDescriptor mmap(SecurityContext securityContext, @Nullable Integer limit, @Nullable String name,
			@Nullable String owner, @Nullable String source, @Nullable String state, @Nullable String createdBy) {
		return this.delegate.mmap(MappingQuery.of(limit, name, owner, source, state, createdBy),
				isShown(securityContext));
	}

	/**
	 * Show a mapping or set.
	 * @param securityContext who asks
	 * @param nameOrId a declared name, or an id
	 * @param limit how many mappings to list at most, 20 if left out
	 * @param parts in how many parts to say what is in memory, 64 if left out
	 * @return the mapping, or 404
	 */
	@ReadOperation
	public WebEndpointResponse<MappingDetailsDescriptor> mapping(SecurityContext securityContext,
			@Selector String nameOrId, @Nullable Integer limit, @Nullable Integer parts) {
		MappingDetailsDescriptor mapping = this.delegate.mapping(nameOrId, limit, parts, isShown(securityContext));
		return (mapping != null) ? new WebEndpointResponse<>(mapping) : notFound();
	}

	/**
	 * Do something with a mapping, or all members of a set.
	 * @param securityContext who asks, who has to have a role
	 * @param nameOrId a declared name, or an id
	 * @param action {@code flush}, {@code preload}, {@code reload}, {@code advise} or
	 * {@code evict}, which takes pages out of memory that this process has used
	 * @param advice what to advise
	 * @return what became of it: 200, 403 without a role, 409 if it is refused, 500 if it
	 * has failed, or 404
	 */
	@WriteOperation
	public WebEndpointResponse<MmapActionDescriptor> act(SecurityContext securityContext, @Selector String nameOrId,
			String action, @Nullable String advice) {
		if (!mayChange(securityContext)) {
			return forbidden(nameOrId, action);
		}
		return respond(this.delegate.act(nameOrId, action, advice, isShown(securityContext)));
	}

	/**
	 * Unmap an ad hoc mapping.
	 * @param securityContext who asks, who has to have a role
	 * @param nameOrId the id
	 * @return what became of it: 200, 403 without a role, 409 if it is refused, 500 if it
	 * has failed, or 404
	 */
	@DeleteOperation
	public WebEndpointResponse<MmapActionDescriptor> unmap(SecurityContext securityContext, @Selector String nameOrId) {
		if (!mayChange(securityContext)) {
			return forbidden(nameOrId, MappingActions.UNMAP);
		}
		return respond(this.delegate.unmap(nameOrId, isShown(securityContext)));
	}

	private static WebEndpointResponse<MmapActionDescriptor> forbidden(String nameOrId, String action) {
		return new WebEndpointResponse<>(new MmapActionDescriptor(MappingQuery.shortened(nameOrId),
				MappingQuery.shortened(action), MappingActions.REFUSED, null, WHO_MAY_CHANGE), FORBIDDEN);
	}

	private static WebEndpointResponse<MmapActionDescriptor> respond(@Nullable MmapActionDescriptor action) {
		if (action == null) {
			return notFound();
		}
		return new WebEndpointResponse<>(action, switch (action.outcome()) {
			case MappingActions.REFUSED -> CONFLICT;
			case MappingActions.FAILED -> WebEndpointResponse.STATUS_INTERNAL_SERVER_ERROR;
			default -> WebEndpointResponse.STATUS_OK;
		});
	}

	private static <T> WebEndpointResponse<T> notFound() {
		return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
	}

	/**
	 * Return whether somebody may change things, for which it is not enough to be known.
	 */
	private boolean mayChange(SecurityContext securityContext) {
		return !this.roles.isEmpty() && Show.WHEN_AUTHORIZED.isShown(securityContext, this.roles);
	}

	private boolean isShown(SecurityContext securityContext) {
		return this.showValues.isShown(securityContext, this.roles);
	}

}
