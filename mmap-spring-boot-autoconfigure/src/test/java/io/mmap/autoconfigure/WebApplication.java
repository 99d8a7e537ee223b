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

package io.mmap.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.mmap.MappingRegistry;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.web.server.WebFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A whole application on a port of its own, asked over HTTP.
 */
public final class WebApplication implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final ConfigurableApplicationContext context;

	private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

	/**
	 * Start an application that takes everybody for an operator, and lets operators
	 * change things.
	 */
	public static WebApplication ofOperators(Stack stack, String... properties) {
		return new WebApplication(stack, Operators.class, Stream
			.concat(Stream.of(properties),
					Stream.of("management.endpoint.mmap.access=unrestricted",
							"management.endpoint.mmap.roles=OPERATOR"))
			.toArray(String[]::new));
	}

	/**
	 * Start an application that anybody may ask.
	 */
	public WebApplication(Stack stack, String... properties) {
		this(stack, Open.class, properties);
	}

	/**
	 * Start an application.
	 * @param configuration what it consists of
	 */
	WebApplication(Stack stack, Class<?> configuration, String... properties) {
		SpringApplication application = new SpringApplication(configuration);
		application.setWebApplicationType(stack.type);
		application.setRegisterShutdownHook(false);
		application.setDefaultProperties(Map.of("management.endpoints.web.exposure.include", "health,metrics,mmap",
				"server.port", "0", "server.address", "127.0.0.1",
				// Not in the temporary directory, where it would stay
				"server.tomcat.basedir", "target/tomcat"));
		application.addInitializers((context) -> context.getBeanFactory().addBeanPostProcessor(new ImpatientNetty()));
		this.context = application.run(Stream.of(properties).map((property) -> "--" + property).toArray(String[]::new));
	}

	public MappingRegistry registry() {
		return this.context.getBean(MappingRegistry.class);
	}

	public HttpResponse<String> get(String path) {
		return send(request(path));
	}

	public JsonNode getJson(String path) {
		HttpResponse<String> response = get(path);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return json(response);
	}

	public HttpResponse<String> post(String path, String json) {
		return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
	}

	public HttpResponse<String> delete(String path) {
		return send(request(path).DELETE());
	}

	HttpRequest.Builder request(String path) {
		return HttpRequest
			.newBuilder(URI
				.create("http://127.0.0.1:" + this.context.getEnvironment().getProperty("local.server.port") + path))
			.timeout(PATIENCE);
	}

	HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return this.client.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return what one sends who says who they are.
	 */
	static String basic(String user) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":" + user).getBytes(StandardCharsets.ISO_8859_1));
	}

	public static JsonNode json(HttpResponse<String> response) {
		return JsonMapper.builder().build().readTree(response.body());
	}

	@Override
	public void close() {
		this.client.close();
		this.context.close();
	}

	/**
	 * What answers.
	 */
	public enum Stack {

		/**
		 * Spring MVC on Tomcat.
		 */
		MVC(WebApplicationType.SERVLET),

		/**
		 * Spring WebFlux on Netty.
		 */
		WEBFLUX(WebApplicationType.REACTIVE);

		private final WebApplicationType type;

		Stack(WebApplicationType type) {
			this.type = type;
		}

	}

	/**
	 * An application without Spring Security.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { ServletWebSecurityAutoConfiguration.class, SecurityFilterAutoConfiguration.class,
					ManagementWebSecurityAutoConfiguration.class, UserDetailsServiceAutoConfiguration.class,
					ReactiveWebSecurityAutoConfiguration.class, ReactiveManagementWebSecurityAutoConfiguration.class,
					ReactiveUserDetailsServiceAutoConfiguration.class, TomcatReactiveWebServerAutoConfiguration.class })
	static class Open {

	}

	/**
	 * An application without Spring Security that takes everybody for an operator.
	 */
	static class Operators extends Open {

		private static final Authentication OPERATOR = UsernamePasswordAuthenticationToken.authenticated("operator",
				null, AuthorityUtils.createAuthorityList("OPERATOR", "ROLE_OPERATOR"));

		@Bean
		@ConditionalOnWebApplication(type = Type.SERVLET)
		Filter operatorFilter() {
			return (request, response, chain) -> chain
				.doFilter(new HttpServletRequestWrapper((HttpServletRequest) request) {

					@Override
					public Principal getUserPrincipal() {
						return OPERATOR;
					}

				}, response);
		}

		@Bean
		@ConditionalOnWebApplication(type = Type.REACTIVE)
		WebFilter operatorWebFilter() {
			return (exchange, chain) -> chain.filter(exchange)
				.contextWrite(ReactiveSecurityContextHolder.withAuthentication(OPERATOR));
		}

	}

	/**
	 * Has Netty end without looking for two seconds whether anything more is asked of it.
	 */
	private static final class ImpatientNetty implements BeanPostProcessor {

		@Override
		public Object postProcessBeforeInitialization(Object bean, String beanName) {
			if (bean instanceof ReactorResourceFactory resources) {
				resources.setUseGlobalResources(false);
				resources.setShutdownQuietPeriod(Duration.ZERO);
			}
			return bean;
		}

	}

}
