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
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.reactive.EndpointRequest.EndpointServerWebExchangeMatcher;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.csrf.CookieServerCsrfTokenRepository;
import org.springframework.security.web.server.csrf.ServerCsrfTokenRequestAttributeHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who may see and change what, where an application has Spring Security: any user may
 * look, operators may see paths and change things.
 */
@ParameterizedClass(name = "{0}")
@EnumSource
@ExtendWith(NothingLeftBehind.class)
class MmapEndpointSecurityTests {

	private static final @Nullable String NOBODY = null;

	private static final String USER = "user";

	private static final String OPERATOR = "operator";

	private static final String LIST = "/actuator/mmap";

	private static final String GEOIP = "/actuator/mmap/geoip";

	@Parameter
	WebApplication.Stack stack;

	@TempDir
	Path directory;

	private Path geoip;

	@BeforeEach
	void writeFile() throws IOException {
		this.geoip = Files.write(this.directory.resolve("geoip.bin"), new byte[10_000]);
	}

	@Test
	@Fault("endpoint-asked-by-nobody")
	void nobodyIsShownAnything() {
		try (WebApplication application = start()) {
			for (String path : new String[] { LIST, GEOIP, "/actuator/mmap/unknown" }) {
				HttpResponse<String> response = get(application, path, NOBODY);
				assertThat(response.statusCode()).as(path).isEqualTo(401);
				assertThat(response.body()).doesNotContain("geoip.bin");
			}
			assertThat(get(application, "/actuator/health", NOBODY).statusCode()).isEqualTo(200);
		}
	}

	@Test
	void whoIsNoOperatorIsShownNoPath() {
		try (WebApplication application = start("management.endpoint.mmap.show-values=when-authorized",
				"management.endpoint.mmap.roles=OPERATOR")) {
			for (String path : new String[] { LIST, GEOIP }) {
				assertHidden(get(application, path, USER));
				assertShown(get(application, path, OPERATOR));
			}
		}
	}

	@Test
	void withoutRolesPathsAreShownToWhoeverIsKnown() {
		try (WebApplication application = start("management.endpoint.mmap.show-values=when-authorized")) {
			assertShown(get(application, GEOIP, USER));
			assertShown(get(application, GEOIP, OPERATOR));
		}
	}

	@Test
	@Fault("paths-shown-over-http")
	void byDefaultNotEvenOperatorsAreShownPaths() {
		try (WebApplication application = start("management.endpoint.mmap.roles=OPERATOR")) {
			assertHidden(get(application, GEOIP, OPERATOR));
		}
	}

	@Test
	void onlyOperatorsChangeThings() {
		try (WebApplication application = start("management.endpoint.mmap.access=unrestricted",
				"management.endpoint.mmap.roles=OPERATOR");
				MemoryMapping mapping = application.registry().map(MappingSpec.file(this.geoip).build())) {
			String path = LIST + "/" + mapping.name();
			assertThat(evict(application, NOBODY, true).statusCode()).isEqualTo(401);
			assertThat(evict(application, USER, true).statusCode()).isEqualTo(403);
			assertThat(delete(application, path, USER).statusCode()).isEqualTo(403);
			assertThat(application.registry().find(mapping.name())).isPresent();
			assertThat(evict(application, OPERATOR, true).statusCode()).isEqualTo(200);
			assertThat(delete(application, path, OPERATOR).statusCode()).isEqualTo(200);
			assertThat(application.registry().find(mapping.name())).isEmpty();
		}
	}

	@Test
	void whoeverThePathsAreShownToChangesNothingWithoutARole() {
		try (WebApplication application = start("management.endpoint.mmap.access=unrestricted",
				"management.endpoint.mmap.show-values=when-authorized")) {
			assertShown(get(application, GEOIP, OPERATOR));
			assertThat(evict(application, OPERATOR, true).statusCode()).isEqualTo(403);
		}
		try (WebApplication application = start("management.endpoint.mmap.access=unrestricted",
				"management.endpoint.mmap.roles=ADMIN")) {
			assertThat(evict(application, OPERATOR, true).statusCode()).isEqualTo(403);
			assertThat(evict(application, "admin", true).statusCode()).isEqualTo(200);
		}
	}

	@Test
	@Fault("request-forged-by-another-site")
	void aRequestThatMayBeForgedChangesNothing() {
		try (WebApplication application = start("management.endpoint.mmap.access=unrestricted",
				"management.endpoint.mmap.roles=OPERATOR")) {
			assertThat(evict(application, OPERATOR, false).statusCode()).isEqualTo(403);
		}
	}

	@Test
	void whyAnActionWasRefusedIsShownToThoseWhoMaySeePaths() {
		assertThat(messageOfRefusal("never")).isEqualTo("******");
		assertThat(messageOfRefusal("when-authorized")).contains(this.geoip.toString());
	}

	private String messageOfRefusal(String showValues) {
		try (WebApplication application = start("management.endpoint.mmap.access=unrestricted",
				"management.endpoint.mmap.show-values=" + showValues, "management.endpoint.mmap.roles=OPERATOR")) {
			HttpResponse<String> response = application
				.send(withToken(as(application, GEOIP, OPERATOR).header("Content-Type", "application/json")
					.POST(BodyPublishers.ofString("{\"action\":\"flush\"}"))));
			assertThat(response.statusCode()).isEqualTo(409);
			return WebApplication.json(response).at("/message").asString();
		}
	}

	private void assertShown(HttpResponse<String> response) {
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(WebApplication.json(response).at("/mappings/0/path").asString()).isEqualTo(this.geoip.toString());
		assertThat(WebApplication.json(response).at("/mappings/0/address").asString()).startsWith("0x");
	}

	private void assertHidden(HttpResponse<String> response) {
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(WebApplication.json(response).at("/mappings/0/address").asString()).isEqualTo("******");
		assertThat(response.body()).doesNotContain(this.directory.toString());
	}

	private static HttpResponse<String> get(WebApplication application, String path, @Nullable String user) {
		return application.send(as(application, path, user));
	}

	private static HttpResponse<String> evict(WebApplication application, @Nullable String user, boolean withToken) {
		HttpRequest.Builder request = as(application, GEOIP, user).header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString("{\"action\":\"evict\"}"));
		return application.send((withToken) ? withToken(request) : request);
	}

	private static HttpResponse<String> delete(WebApplication application, String path, String user) {
		return application.send(withToken(as(application, path, user).DELETE()));
	}

	private static HttpRequest.Builder as(WebApplication application, String path, @Nullable String user) {
		HttpRequest.Builder request = application.request(path);
		return (user != null) ? request.header("Authorization", WebApplication.basic(user)) : request;
	}

	private static HttpRequest.Builder withToken(HttpRequest.Builder request) {
		return request.header("Cookie", "XSRF-TOKEN=token").header("X-XSRF-TOKEN", "token");
	}

	private WebApplication start(String... properties) {
		String[] all = new String[properties.length + 1];
		System.arraycopy(properties, 0, all, 1, properties.length);
		all[0] = "mmap.mappings.geoip.location=" + this.geoip;
		return new WebApplication(this.stack, (this.stack == WebApplication.Stack.MVC) ? Mvc.class : WebFlux.class,
				all);
	}

	private static UserDetails[] users() {
		return new UserDetails[] { user(USER, "USER"), user(OPERATOR, "OPERATOR"), user("admin", "OPERATOR", "ADMIN") };
	}

	private static UserDetails user(String name, String... roles) {
		return User.withUsername(name).password("{noop}" + name).roles(roles).build();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Mvc {

		@Bean
		SecurityFilterChain actuator(HttpSecurity http) throws Exception {
			return http.securityMatcher(EndpointRequest.toAnyEndpoint())
				.authorizeHttpRequests((requests) -> requests.requestMatchers(EndpointRequest.to("health"))
					.permitAll()
					.requestMatchers(EndpointRequest.to("mmap").withHttpMethod(HttpMethod.GET))
					.authenticated()
					.anyRequest()
					.hasRole("OPERATOR"))
				.csrf((csrf) -> csrf.csrfTokenRepository(CookieCsrfTokenRepository.withHttpOnlyFalse())
					.csrfTokenRequestHandler(new CsrfTokenRequestAttributeHandler()))
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		@Bean
		InMemoryUserDetailsManager userDetails() {
			return new InMemoryUserDetailsManager(users());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = TomcatReactiveWebServerAutoConfiguration.class)
	static class WebFlux {

		@Bean
		SecurityWebFilterChain actuator(ServerHttpSecurity http) {
			return http
				.securityMatcher(org.springframework.boot.security.autoconfigure.actuate.web.reactive.EndpointRequest
					.toAnyEndpoint())
				.authorizeExchange((exchanges) -> exchanges.matchers(to("health"))
					.permitAll()
					.matchers(to("mmap").withHttpMethod(HttpMethod.GET))
					.authenticated()
					.anyExchange()
					.hasRole("OPERATOR"))
				.csrf((csrf) -> csrf.csrfTokenRepository(CookieServerCsrfTokenRepository.withHttpOnlyFalse())
					.csrfTokenRequestHandler(new ServerCsrfTokenRequestAttributeHandler()))
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		private static EndpointServerWebExchangeMatcher to(String endpoint) {
			return org.springframework.boot.security.autoconfigure.actuate.web.reactive.EndpointRequest.to(endpoint);
		}

		@Bean
		MapReactiveUserDetailsService userDetails() {
			return new MapReactiveUserDetailsService(users());
		}

	}

}
