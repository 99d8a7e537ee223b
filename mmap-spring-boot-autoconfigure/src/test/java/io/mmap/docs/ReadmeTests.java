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

package io.mmap.docs;

import java.io.IOException;
import java.io.StringReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

import io.mmap.MemoryMapping;
import io.mmap.autoconfigure.WebApplication;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code README.md} shows works.
 */
@ExtendWith(NothingLeftBehind.class)
class ReadmeTests {

	private static final Page PAGE = Page.of("README.md");

	private static final Pattern EXCEPTION = Pattern.compile("`(\\w+Exception)`");

	@TempDir
	Path directory;

	@Test
	void theDeclarationIsInjected() throws IOException {
		declaration().runner()
			.withBean(GeoIp.class)
			.run((context) -> assertThat(context.getBean(GeoIp.class).country(5)).isEqualTo((short) 276));
	}

	@Test
	void theEndpointAndTheMeterAreExposed() throws IOException {
		String[] exposure = DocumentedYaml.region("readme-exposure").arguments();
		String[] declaration = declaration().arguments();
		try (WebApplication application = new WebApplication(WebApplication.Stack.MVC, exposure[0], declaration[0])) {
			assertThat(application.getJson("/actuator/mmap").at("/mappings/0/name").asString()).isEqualTo("geoip");
			assertThat(application.getJson("/actuator/metrics/mmap.mapped").at("/measurements/0/value").asInt())
				.isEqualTo(64);
			assertThat(application.getJson("/actuator/health").at("/status").asString()).isEqualTo("UP");
		}
	}

	@Test
	void theDependenciesAreThoseOfThisProjectAndOfTheSample() throws Exception {
		String sample = Files.readString(Page.ROOT.resolve("sample-app/pom.xml"));
		String version = text(Files.readString(Page.ROOT.resolve("pom.xml")), "version", 0);
		String dependencies = "<d>" + Regions.read().get("readme-dependencies").code() + "</d>";
		assertThat(List.of(text(dependencies, "groupId", 0), text(dependencies, "version", 0)))
			.containsExactly("io.mmap", version);
		for (int i = 0; i < 2; i++) {
			assertThat(sample).contains("<artifactId>" + text(dependencies, "artifactId", i) + "</artifactId>");
		}
		assertThat(PAGE.section("## Versions")).contains("| " + version + " |");
	}

	private static String text(String xml, String element, int index) throws Exception {
		NodeList elements = DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new InputSource(new StringReader(xml)))
			.getElementsByTagName(element);
		// The first version of a pom.xml may be that of its parent
		for (int i = 0; i < elements.getLength(); i++) {
			Element found = (Element) elements.item(i);
			if (!found.getParentNode().getNodeName().equals("parent") && index-- == 0) {
				return found.getTextContent();
			}
		}
		throw new IllegalArgumentException(element);
	}

	@Test
	void twoCommandsAreAllThatIsNeededToTryIt() {
		assertThat(PAGE.blocks("shell")).contains("mvn -pl sample-app -am spring-boot:run\n", "mvn verify\n");
	}

	@Test
	void itIsShort() {
		assertThat(PAGE.lines()).hasSizeLessThanOrEqualTo(180);
	}

	@Test
	void exceptionsThatArePromisedExist() {
		assertThat(
				EXCEPTION.matcher(Page.of("docs/promises.md").text()).results().map((match) -> match.group(1)).toList())
			.hasSizeGreaterThan(5)
			.allSatisfy(
					(name) -> assertThat(exists("io.mmap." + name) || exists("java.lang." + name)).as(name).isTrue());
	}

	private static boolean exists(String type) {
		try {
			Class.forName(type);
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	private DocumentedYaml declaration() throws IOException {
		ByteBuffer countries = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder()).putShort(10, (short) 276);
		Path file = Files.write(this.directory.resolve("ip-country.bin"), countries.array());
		return DocumentedYaml.region("readme-declaration").with("/var/lib/geoip/ip-country.bin", file);
	}

	// tag::readme-inject[]
	@Component
	static class GeoIp {

		private final MemorySegment countries;

		GeoIp(@Qualifier("geoip") MemoryMapping geoip) {
			this.countries = geoip.segment(); // a plain MemorySegment
		}

		short country(int ip) {
			return this.countries.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * Integer.toUnsignedLong(ip));
		}

	}
	// end::readme-inject[]

}
