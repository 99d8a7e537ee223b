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

import io.mmap.actuate.endpoint.MmapEndpoint.MappingDescriptor;
import io.mmap.actuate.endpoint.MmapEndpoint.MmapDescriptor;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} for the {@link MmapEndpoint}: shows
 * paths and addresses to those who may see them.
 */
@EndpointWebExtension(endpoint = MmapEndpoint.class)
public class MmapEndpointWebExtension {

	private final MmapEndpoint delegate;

	private final Show showValues;

	private final Set<String> roles;

	/**
	 * Create an extension.
	 * @param delegate the endpoint
	 * @param showValues when to show paths and addresses
	 * @param roles who may see them
	 */
	public MmapEndpointWebExtension(MmapEndpoint delegate, Show showValues, Set<String> roles) {
		this.delegate = delegate;
		this.showValues = showValues;
		this.roles = roles;
	}

	@ReadOperation
	public MmapDescriptor mmap(SecurityContext securityContext) {
		return this.delegate.mmap(isShown(securityContext));
	}

	@ReadOperation
	public WebEndpointResponse<MappingDescriptor> mapping(SecurityContext securityContext, @Selector String nameOrId) {
		MappingDescriptor mapping = this.delegate.mapping(nameOrId, isShown(securityContext));
		return (mapping != null) ? new WebEndpointResponse<>(mapping)
				: new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
	}

	private boolean isShown(SecurityContext securityContext) {
		return this.showValues.isShown(securityContext, this.roles);
	}

}
