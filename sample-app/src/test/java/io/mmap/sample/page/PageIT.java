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

package io.mmap.sample.page;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;

import io.mmap.sample.process.SampleProcess;
import io.mmap.testsupport.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of the page in a real browser, served by the executable jar. Pictures of it are
 * in {@code target/screenshots}.
 */
@Timeout(60)
class PageIT {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Path SCREENSHOTS = Path.of(System.getProperty("sample.screenshots", "target/screenshots"));

	private static final String FIGURES = """
			const figures = {};
			for (const data of document.querySelectorAll("[id^=total-]")) {
				figures[data.id.substring(6)] = data.value;
			}
			for (const data of document.querySelectorAll("[data-reload]")) {
				figures["reloads " + data.dataset.reload] = data.value;
			}
			for (const item of document.querySelectorAll("[data-mapping]")) {
				figures["resident " + item.dataset.mapping] = item.querySelector("data").value;
			}
			for (const item of document.querySelectorAll("[data-preload]")) {
				figures["preload " + item.dataset.preload] = item.querySelector("data").value;
			}
			return figures;
			""";

	@TempDir
	static Path directory;

	private static SampleProcess application;

	private static Browser browser;

	@BeforeAll
	static void start() throws Exception {
		Requirement.check(Browser.isInstalled(),
				"Chromium and its driver, such as Debian's chromium and chromium-driver");
		application = SampleProcess.startJar(Path.of(System.getProperty("sample.jar")), directory,
				directory.resolve("data"), "--mmap.reload.check-interval=200ms", "--mmap.reload.quiet-period=300ms");
		browser = Browser.start();
	}

	@AfterAll
	static void stop() {
		try {
			if (browser != null) {
				browser.close();
			}
		}
		finally {
			if (application != null) {
				application.close();
			}
		}
	}

	@BeforeEach
	void open() {
		browser.command("Emulation.clearDeviceMetricsOverride", Map.of());
		browser.colourScheme("light");
		open("");
		browser.console();
		browser.requests();
	}

	private static void open(String word) {
		browser.driver().get("about:blank");
		browser.driver().get(application.origin() + "/" + word);
		await().atMost(PATIENCE).until(() -> text("connection").equals("Live"));
	}

	private static WebElement byId(String id) {
		return browser.driver().findElement(By.id(id));
	}

	private static String text(String id) {
		return byId(id).getText();
	}

	private static JsonNode endpoint(String path) throws Exception {
		return JsonMapper.shared().readTree(application.get("/actuator/mmap" + path));
	}

	/**
	 * Press a button, and wait until it says what it did.
	 */
	private static void press(String action) {
		browser.driver().findElement(By.cssSelector("[data-action=" + action + "]")).click();
		await().atMost(PATIENCE)
			.until(() -> !text("action-status").isEmpty() && !text("action-status").endsWith("under way"));
		assertThat(byId("action-status").getDomAttribute("class")).isEqualTo("answer");
	}

	/**
	 * Return the figures of the page.
	 */
	private static Map<String, String> shown() {
		Map<String, String> figures = new TreeMap<>();
		browser.evaluate(FIGURES)
			.properties()
			.forEach((figure) -> figures.put(figure.getKey(), figure.getValue().asString()));
		return figures;
	}

	/**
	 * Return the figures of the endpoint.
	 */
	private static Map<String, String> expected() throws Exception {
		Map<String, String> figures = new TreeMap<>();
		JsonNode overview = endpoint("?limit=100");
		JsonNode totals = overview.path("totals");
		for (String figure : List.of("mappings", "mapped", "leases", "detached")) {
			figures.put(figure, totals.path(figure).asString());
		}
		figures.put("leaks", overview.path("leaks").path("count").asString());
		figures.put("regions", overview.path("limits").path("regions").path("used").asString());
		JsonNode process = overview.path("process");
		figures.put("major-faults", process.path("majorFaults").asString());
		figures.put("minor-faults", process.path("minorFaults").asString());
		figures.put("bytes-read", process.path("bytesRead").asString());
		long resident = 0;
		for (String name : List.of("dictionary", "counters")) {
			for (JsonNode mapping : endpoint("/" + name).path("mappings").values()) {
				JsonNode bytes = mapping.path("residency").path("resident");
				figures.put("resident " + mapping.path("name").asString(), bytes.asString(""));
				resident += bytes.asLong();
			}
		}
		figures.put("resident", Long.toString(resident));
		overview.path("names")
			.values()
			.stream()
			.filter((name) -> name.path("kind").asString().equals("set"))
			.forEach((name) -> name.path("reloads")
				.properties()
				.forEach((reload) -> figures.put(
						"reloads %s %s".formatted(name.path("name").asString(), reload.getKey()),
						reload.getValue().asString())));
		Map<String, Long> preloads = new TreeMap<>();
		for (JsonNode preload : overview.path("preloads").values()) {
			String name = preload.path("name").asString().replaceFirst("\\.\\d+$", "");
			preloads.merge("preload %s %s".formatted(name, preload.path("state").asString()),
					preload.path("loaded").asLong(), Long::sum);
		}
		preloads.forEach((preload, loaded) -> figures.put(preload, Long.toString(loaded)));
		return figures;
	}

	/**
	 * Wait until the page shows what the endpoint does. Both may change meanwhile.
	 */
	private static Map<String, String> awaitWhatTheEndpointShows() {
		List<Map<String, String>> equal = new ArrayList<>();
		await().atMost(PATIENCE).untilAsserted(() -> {
			Map<String, String> expected = expected();
			Map<String, String> shown = shown();
			assertThat(shown).isEqualTo(expected);
			equal.add(shown);
		});
		Map<String, String> figures = equal.getFirst();
		assertThat(text("total-mapped"))
			.isEqualTo(String.format(Locale.ROOT, "%.1f MiB", Long.parseLong(figures.get("mapped")) / 1048576.0));
		return figures;
	}

	private static void assertThatTheConsoleHasNoErrors() {
		assertThat(browser.console()).filteredOn((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.isEmpty();
	}

	@Test
	void wordIsLookedUp() {
		byId("word").sendKeys("bank", Keys.ENTER);
		await().atMost(PATIENCE).until(() -> text("lookup-status").startsWith("bank: 18 senses, found in "));
		assertThat(text("entry")).contains("noun", "verb", "(especially the slope beside a body of water)",
				"“they pulled the canoe up on the bank”", "depository financial institution");
		assertThat(browser.driver().getCurrentUrl()).endsWith("/#/bank");
		assertThatTheConsoleHasNoErrors();
	}

	@Test
	void addressWithAWordShowsIt() {
		open("#/hot%20dog");
		await().atMost(PATIENCE).until(() -> text("lookup-status").startsWith("hot dog: 3 senses"));
		byId("entry").findElement(By.linkText("frank")).click();
		await().atMost(PATIENCE).until(() -> text("lookup-status").startsWith("frank: "));
		browser.driver().navigate().back();
		await().atMost(PATIENCE).until(() -> text("lookup-status").startsWith("hot dog: "));
	}

	@Test
	void wordThatIsNotInTheDictionaryIsAProblemThatIsSaid() {
		byId("word").sendKeys("xyzzyq<b>", Keys.ENTER);
		await().atMost(PATIENCE).until(() -> text("lookup-status").equals("'xyzzyq<b>' is not in the dictionary"));
		assertThat(byId("entry").isDisplayed()).isFalse();
	}

	@Test
	void leakIsShownWithItsLine() throws Exception {
		press("leak");
		Map<String, String> figures = awaitWhatTheEndpointShows();
		assertThat(figures.get("leaks")).isNotEqualTo("0");
		JsonNode latest = endpoint("").path("leaks").path("latest").path(0).path("mapping");
		assertThat(byId("leaks").findElement(By.tagName("li")).getText()).contains(latest.path("name").asString(),
				"leaked on purpose", "1.0 MiB", "garbage collected", "given back", latest.path("createdBy").asString());
		assertThat(latest.path("createdBy").asString()).contains("LeakMaker.java:");
		assertThat(text("events")).contains("Leak of 1.0 MiB: " + latest.path("name").asString());
		browser.screenshot(SCREENSHOTS.resolve("after-leak.png"));
		assertThatTheConsoleHasNoErrors();
	}

	@Test
	void dictionaryThatWasReplacedIsMappedByTheWatch() throws Exception {
		long before = Long.parseLong(awaitWhatTheEndpointShows().get("reloads dictionary success"));
		String message = "";
		for (String edition : List.of("second", "first")) {
			press("replace");
			message = text("action-status");
			assertThat(message).startsWith("The " + edition + " edition is in place");
			long reloads = ++before;
			await().atMost(PATIENCE)
				.until(() -> shown().get("reloads dictionary success").equals(Long.toString(reloads)));
			awaitWhatTheEndpointShows();
			assertThat(text("events")).contains("Reload of dictionary: success");
			assertThat(text("mappings")).contains(
					"generation " + endpoint("/dictionary").path("mappings").path(0).path("generation").asString());
			browser.screenshot(SCREENSHOTS.resolve("after-replace-" + edition + ".png"));
		}
		assertThatTheConsoleHasNoErrors();
	}

	@Test
	void evictedAndPreloadedPagesAreShown() throws Exception {
		press("evict");
		long evicted = Long.parseLong(awaitWhatTheEndpointShows().get("resident"));
		browser.screenshot(SCREENSHOTS.resolve("after-evict.png"));
		press("preload");
		await().atMost(PATIENCE)
			.until(() -> browser.driver()
				.findElements(By.cssSelector("[data-mapping^='dictionary.'] .figures"))
				.stream()
				.allMatch((figures) -> figures.getText().startsWith("100 % of ")));
		Map<String, String> figures = awaitWhatTheEndpointShows();
		assertThat(figures).containsKey("preload dictionary completed");
		// Another process that has the same files mapped keeps them in memory
		assertThat(Long.parseLong(figures.get("resident"))).isGreaterThanOrEqualTo(evicted);
		for (WebElement mapping : browser.driver().findElements(By.cssSelector("[data-mapping^='dictionary.']"))) {
			assertThat(mapping.findElement(By.className("strip")).getDomAttribute("aria-label"))
				.contains(": 100 % resident");
		}
		browser.screenshot(SCREENSHOTS.resolve("after-preload.png"));
		assertThatTheConsoleHasNoErrors();
	}

	@Test
	void everythingCanBeReachedAndDoneWithKeysAlone() {
		List<String> reached = new ArrayList<>();
		for (int i = 0; i < 40 && !reached.contains("preload"); i++) {
			new Actions(browser.driver()).sendKeys(Keys.TAB).perform();
			JsonNode focused = browser.evaluate("""
					const element = document.activeElement;
					const style = getComputedStyle(element);
					return { name: element.dataset.action || element.id || element.textContent.trim(),
						visible: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 };
					""");
			reached.add(focused.path("name").asString());
			assertThat(focused.path("visible").asBoolean()).as("focus on '%s' is seen", reached.getLast()).isTrue();
		}
		assertThat(reached).containsExactly("Skip to the mapped memory", "pause", "word", "Look up", "bank", "geese",
				"hot dog", "leak", "replace", "evict", "preload");
		new Actions(browser.driver()).sendKeys(Keys.ENTER).perform();
		await().atMost(PATIENCE).until(() -> text("action-status").startsWith("Preload started: "));
		assertThat(browser.evaluate("return document.activeElement.dataset.action;").asString())
			.as("the button keeps the focus")
			.isEqualTo("preload");
		Actions backwards = new Actions(browser.driver()).keyDown(Keys.SHIFT);
		for (int i = 0; i < 8; i++) {
			backwards.sendKeys(Keys.TAB);
		}
		backwards.keyUp(Keys.SHIFT).sendKeys("geese").sendKeys(Keys.ENTER).perform();
		await().atMost(PATIENCE).until(() -> text("lookup-status").startsWith("goose: "));
	}

	/**
	 * Show what the endpoint says, with some of it changed, and nothing else from then
	 * on.
	 * @param change a script that changes {@code snapshot}
	 */
	private static void showChanged(String change) {
		byId("pause").click();
		assertThat(text("connection")).isEqualTo("Paused");
		JsonNode error = browser.evaluate("""
				const { read } = await import("./app/snapshot.js");
				const { show } = await import("./app/view.js");
				const { History } = await import("./app/history.js");
				const snapshot = await read();
				const history = new History();
				const add = (at) => history.add({ ...structuredClone(snapshot), at });
				%s
				history.add(snapshot);
				show(snapshot, history);
				""".formatted(change));
		assertThat(error.isNull()).as(error.toString()).isTrue();
	}

	@Test
	void stripsHaveTheResidentPartsWhereTheyAre() {
		showChanged("""
				const mapping = snapshot.details.find(({ name }) => name === "counters").mappings[0];
				const size = mapping.parts.length;
				mapping.parts.resident = [size, size / 2, 0, null, size];
				mapping.length = 4.5 * size;
				mapping.parts.resident[4] = size / 2;
				""");
		JsonNode parts = browser.evaluate(
				"""
						const parts = [[], [], [], [], []];
						for (const rect of document.querySelectorAll("[data-mapping=counters] .strip rect")) {
							parts[rect.getAttribute("x") / 10].push(`${rect.getAttribute("class")} ${rect.getAttribute("height")}`);
						}
						return parts.map((part) => part.at(-1));
						""");
		assertThat(parts.toString()).isEqualTo("""
				["part-resident 16","part-resident 8","part-absent 16","part-unknown 16","part-resident 16"]""");
	}

	@Test
	void stripsAreThoseOfTheEndpoint() {
		press("evict");
		await().atMost(PATIENCE).untilAsserted(() -> {
			Map<String, List<Long>> expected = new TreeMap<>();
			for (JsonNode mapping : endpoint("/dictionary").path("mappings").values()) {
				expected.put(mapping.path("name").asString(), heights(mapping));
			}
			JsonNode shown = browser.evaluate("""
					const strips = {};
					for (const mapping of document.querySelectorAll("[data-mapping^='dictionary.']")) {
						const heights = strips[mapping.dataset.mapping] = [];
						for (const part of mapping.querySelectorAll(".strip rect")) {
							heights[part.getAttribute("x") / 10] = part.classList.contains("part-resident")
								? Number(part.getAttribute("height")) : 0;
						}
					}
					return strips;
					""");
			assertThat(shown.toString()).isEqualTo(JsonMapper.shared().writeValueAsString(expected));
		});
	}

	/**
	 * Return how high of sixteen each part is to be filled.
	 */
	private static List<Long> heights(JsonNode mapping) {
		List<Long> heights = new ArrayList<>();
		JsonNode parts = mapping.path("parts");
		long size = parts.path("length").asLong();
		for (JsonNode resident : parts.path("resident").values()) {
			long length = Math.min(size, mapping.path("length").asLong() - heights.size() * size);
			double share = Math.min(1, (double) resident.asLong() / length);
			heights.add((share > 0) ? Math.max(2, Math.round(16 * share)) : 0);
		}
		return heights;
	}

	@Test
	void chartsDrawMappedAndResidentBytesFaultsLeaksAndReloads() {
		showChanged("""
				snapshot.details = [];
				snapshot.overview.totals.mapped = 80 * 1024 * 1024;
				snapshot.overview.totals.resident = 20 * 1024 * 1024;
				snapshot.overview.process.majorFaults = 100;
				snapshot.overview.leaks.latest = [];
				snapshot.overview.names = [{ name: "geoip", kind: "set", reloads: { success: 1 } }];
				add(snapshot.at - 60_000);
				snapshot.overview.totals.resident = 40 * 1024 * 1024;
				snapshot.overview.process.majorFaults = 107;
				snapshot.overview.leaks.latest = [{ detectedAt: "2026-01-01T00:00:00Z", cause: "garbage-collected",
					mapping: { name: "ad-hoc-1", length: 1 } }];
				snapshot.overview.names[0].reloads.success = 2;
				""");
		JsonNode drawn = browser.evaluate(
				"""
						const values = (chart, shape) => {
							const lines = [...document.querySelectorAll(`#${chart} .grid`)].map((line) => Number(line.getAttribute("y1")));
							const [bottom, next] = lines;
							const step = next - bottom;
							return shape.map((y) => Math.round((y - bottom) / step));
						};
						const line = (name) => document.querySelector(`#bytes-chart .${name}.line`).getAttribute("d").split(/[ML]/)
							.filter((point) => point).map((point) => Number(point.split(" ")[1]));
						const bars = [...document.querySelectorAll("#faults-chart .series-faults")];
						return { mapped: values("bytes-chart", line("series-mapped")),
							resident: values("bytes-chart", line("series-resident")),
							faults: values("faults-chart", bars.map((bar) => Number(bar.getAttribute("y2")))),
							steps: ["bytes-chart", "faults-chart"].map((chart) =>
								document.querySelectorAll(`#${chart} .tick`)[1].textContent),
							marks: [...document.querySelectorAll("#bytes-chart .mark")].map((mark) => mark.classList[1]).sort() };
						""");
		assertThat(drawn.path("steps").toString()).isEqualTo("[\"20 MiB\",\"2\"]");
		assertThat(drawn.path("mapped").toString()).as("in steps").isEqualTo("[4,4]");
		assertThat(drawn.path("resident").toString()).as("in steps").isEqualTo("[1,2]");
		assertThat(drawn.path("faults").size()).isEqualTo(1);
		assertThat(drawn.path("marks").toString()).isEqualTo("[\"mark-leak\",\"mark-reload\"]");
		assertThat(byId("faults-chart").getDomAttribute("aria-label"))
			.isEqualTo("7 major page faults in the last three minutes");
	}

	@Test
	void warningsErrorsLeaksAndPressureAreWrittenAsTheEndpointHasThem() {
		showChanged(
				"""
						snapshot.overview.warnings = [{ name: "geoip", kind: "reload-failing", since: "2026-01-01T00:00:00Z" }];
						snapshot.overview.errors = [{ operation: "map", errno: "ENOENT", count: 3 }];
						snapshot.overview.process.pressure = [{ resource: "io", kind: "some", scope: "system", average10: 12.34 }];
						snapshot.overview.leaks = { count: 2, bytes: 3 * 1024 * 1024, latest: [] };
						""");
		assertThat(text("warnings")).contains("geoip reload failing since ", "map has failed with ENOENT, 3 times");
		assertThat(text("pressure")).isEqualTo("io, some\n12.3 %");
		assertThat(text("leaks-total")).isEqualTo("2 leaks, 3.0 MiB in all");
	}

	@Test
	void whatTheEndpointSaysIsNeverHtml() {
		showChanged(
				"""
						const html = "<img src=x onerror='window.injected = true'>";
						snapshot.overview.mapper.reason = html;
						snapshot.overview.warnings = [{ name: html, kind: html, since: "2026-01-01T00:00:00Z" }];
						snapshot.overview.errors = [{ operation: html, errno: html, count: 3 }];
						snapshot.overview.preloads = [{ name: html, state: html, length: 1, loaded: 1 }];
						snapshot.overview.names = [{ name: html, kind: "set", reloads: { [html]: 1 } }];
						snapshot.overview.process.pressure = [{ resource: html, kind: html, average10: 0 }];
						snapshot.overview.leaks.latest = [{ detectedAt: "2026-01-01T00:00:00Z", cause: html, mapping: { name: html,
							label: html, length: 1, createdBy: `${html}(${html})` } }];
						for (const detail of snapshot.details) {
							detail.name = html;
							for (const mapping of detail.mappings) {
								Object.assign(mapping, { name: html + mapping.name, label: html, state: html });
								mapping.residency = { resident: null, reason: html };
							}
						}
						""");
		assertThat(text("living-picture")).contains("<img src=x onerror=");
		assertThat(browser.driver().findElements(By.tagName("img"))).isEmpty();
	}

	@Test
	void historyIsBoundedHoweverLongThePageIsOpen() {
		showChanged(
				"""
						for (let second = 3600; second > 0; second--) {
							snapshot.overview.leaks.latest = [{ detectedAt: second, cause: "x", mapping: { name: "a", length: 1 } }];
							add(snapshot.at - second * 1000);
						}
						if (history.samples.length > 190 || history.marks.length > 190) {
							throw new Error(`${history.samples.length} samples, ${history.marks.length} marks`);
						}
						const { tell } = await import("./app/view.js");
						for (let i = 0; i < 100; i++) {
							tell([{ kind: "leak", text: "Leak" }], snapshot.at);
						}
						""");
		assertThat(byId("events").findElements(By.tagName("li"))).hasSize(50);
	}

	@Test
	void whatIsUnknownIsNeverZero() {
		showChanged("""
				snapshot.overview.totals.resident = null;
				snapshot.overview.process.majorFaults = null;
				snapshot.overview.limits.regions = { used: null, max: null };
				for (const mapping of snapshot.details.flatMap((detail) => detail.mappings)) {
					mapping.residency = { resident: null, dirty: null, sampledAt: null, reason: "nobody may know" };
					mapping.parts = { length: mapping.parts.length, resident: mapping.parts.resident.map(() => null) };
				}
				""");
		for (String figure : List.of("total-resident", "total-major-faults", "total-regions")) {
			assertThat(text(figure)).as(figure).isEqualTo("unknown");
			assertThat(byId(figure).getDomAttribute("value")).as(figure).isEmpty();
		}
		assertThat(text("mappings")).contains("nobody may know");
		for (WebElement mapping : browser.driver().findElements(By.cssSelector("[data-mapping]"))) {
			assertThat(mapping.getText()).contains("unknown, of ").doesNotContain("0 %");
			assertThat(mapping.findElement(By.className("strip")).getDomAttribute("aria-label"))
				.endsWith("it is unknown what is resident: nobody may know");
		}
		assertThat(byId("bytes-chart").getDomAttribute("aria-label")).contains("an unknown part resident");
		assertThat(byId("bytes-chart").findElements(By.cssSelector("path.series-resident"))).isEmpty();
	}

	@Test
	void serverThatIsGoneIsSaidAndFoundAgain() throws Exception {
		network(true);
		await().atMost(PATIENCE).until(() -> byId("gone").isDisplayed());
		assertThat(text("gone")).startsWith("The server does not answer. What you see is of ");
		assertThat(text("connection")).isEqualTo("No answer");
		browser.screenshot(SCREENSHOTS.resolve("gone.png"));
		network(false);
		await().atMost(PATIENCE).until(() -> text("connection").equals("Live"));
		assertThat(byId("gone").isDisplayed()).isFalse();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			404 | {}                                | The server answers with status 404.
			500 | {"detail":"Out of order."}        | Out of order.
			503 | <html>No server</html>            | The server answers with status 503.
			200 | <html>Who are you?</html>         | The server answers with something else than JSON.
			""")
	void answerThatHasNoFiguresIsSaid(int status, String body, String why) {
		browser.evaluate(
				"""
						const original = window.fetch;
						window.fetch = (uri, options) => window.restored || !String(uri).startsWith("actuator/") ? original(uri, options)
							: Promise.resolve(new Response(args[1], { status: args[0] }));
						""",
				status, body);
		await().atMost(PATIENCE)
			.until(() -> text("gone").startsWith("The figures cannot be read: " + why + " What you see is of "));
		assertThat(text("connection")).isEqualTo("No answer");
		browser.evaluate("window.restored = true;");
		await().atMost(PATIENCE).until(() -> text("connection").equals("Live"));
		assertThatTheConsoleHasNoErrors();
	}

	@Test
	void answerThatArrivesAfterThePageWasPausedChangesNothing() {
		browser.evaluate("""
				const original = window.fetch;
				window.fetch = async (uri, options) => {
					window.asked = true;
					await new Promise((resume) => { window.answer = resume; });
					window.fetch = original;
					return original(uri, options);
				};
				while (!window.asked) {
					await new Promise((resume) => setTimeout(resume, 20));
				}
				document.getElementById("pause").click();
				window.answer();
				await new Promise((resume) => setTimeout(resume, 1000));
				""");
		assertThat(text("connection")).isEqualTo("Paused");
	}

	private static void network(boolean offline) {
		browser.command("Network.enable", Map.of());
		browser.command("Network.emulateNetworkConditions",
				Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
	}

	@Test
	void nothingIsAskedForWhileThePageIsPaused() throws Exception {
		byId("pause").click();
		assertThatNothingIsAskedFor();
		byId("pause").click();
		await().atMost(PATIENCE).until(() -> text("connection").equals("Live"));
	}

	@Test
	void nothingIsAskedForWhileNobodySeesThePage() throws Exception {
		hide(true);
		assertThatNothingIsAskedFor();
		hide(false);
		await().atMost(PATIENCE).until(() -> !browser.requests().isEmpty());
	}

	/**
	 * A round that is under way ends first.
	 */
	private static void assertThatNothingIsAskedFor() throws InterruptedException {
		await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> browser.requests().isEmpty());
		Thread.sleep(2000);
		assertThat(browser.requests()).isEmpty();
	}

	/**
	 * Say what a browser says when another tab is in front, which one without a window
	 * never does.
	 */
	private static void hide(boolean hidden) {
		browser.evaluate("""
				Object.defineProperty(document, "hidden", { value: args[0], configurable: true });
				document.dispatchEvent(new Event("visibilitychange"));
				""", hidden);
	}

	@Test
	void oneRoundIsAskedForAtATime() {
		JsonNode largest = browser.evaluate("""
				const original = window.fetch;
				let open = 0;
				let largest = 0;
				window.fetch = async (uri, options) => {
					if (!String(uri).includes("?limit=")) {
						return original(uri, options);
					}
					largest = Math.max(largest, ++open);
					await new Promise((resume) => setTimeout(resume, 1500));
					open--;
					return original(uri, options);
				};
				await new Promise((resume) => setTimeout(resume, 3500));
				window.fetch = original;
				return largest;
				""");
		assertThat(largest.asInt()).isEqualTo(1);
	}

	@Test
	void nothingIsAskedForElsewhere() {
		open("#/bank");
		await().atMost(PATIENCE).until(() -> text("lookup-status").startsWith("bank: "));
		press("preload");
		awaitWhatTheEndpointShows();
		List<String> requests = browser.requests();
		assertThat(requests).hasSizeGreaterThan(10)
			.filteredOn((uri) -> !uri.equals("about:blank"))
			.allMatch((uri) -> uri.startsWith(application.origin() + "/"));
		assertThatTheConsoleHasNoErrors();
	}

	@Test
	void nothingFromElsewhereWouldBeLoaded() {
		JsonNode refused = browser.evaluate("""
				const refused = [];
				document.addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
				const script = document.createElement("script");
				script.textContent = "window.injected = true";
				document.body.append(script);
				const image = document.createElement("img");
				image.src = "http://127.0.0.1:1/image.png";
				document.body.append(image);
				await fetch("http://127.0.0.1:1/").catch(() => null);
				await new Promise((resume) => setTimeout(resume, 200));
				return [window.injected ?? null, ...refused.sort()];
				""");
		assertThat(refused.toString()).isEqualTo("[null,\"connect-src\",\"img-src\",\"script-src-elem\"]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void textCanBeReadAndEverythingHasAName(String scheme) throws Exception {
		open("#/bank");
		await().atMost(PATIENCE).until(() -> text("lookup-status").startsWith("bank: "));
		press("leak");
		awaitWhatTheEndpointShows();
		browser.colourScheme(scheme);
		assertThat(browser.evaluate(Checks.NAMES).toString()).isEqualTo("[]");
		assertThat(browser.evaluate(Checks.CONTRAST).toString()).isEqualTo("[]");
		browser.screenshot(SCREENSHOTS.resolve(scheme + ".png"));
	}

	@Test
	void darkIsDarkAndLightIsLight() {
		Map<String, Double> light = new TreeMap<>();
		for (String scheme : List.of("dark", "light")) {
			browser.colourScheme(scheme);
			light.put(scheme, browser.evaluate("""
					return getComputedStyle(document.body).backgroundColor.match(/\\d+/g)
						.reduce((sum, value) => sum + Number(value) / 3 / 255, 0);
					""").asDouble());
		}
		assertThat(light.get("dark")).isLessThan(0.2);
		assertThat(light.get("light")).isGreaterThan(0.8);
	}

	@Test
	void nothingMovesForWhoDoesNotWantThat() {
		JsonNode moving = browser.evaluate(
				"""
						return [matchMedia("(prefers-reduced-motion: reduce)").matches, [...document.querySelectorAll("*")].filter(
							(element) => parseFloat(getComputedStyle(element).transitionDuration) > 0
								|| getComputedStyle(element).animationName !== "none").length];
						""");
		assertThat(moving.toString()).isEqualTo("[true,0]");
	}

	/**
	 * Where colours are those of the system, what only a colour tells would be lost.
	 */
	@Test
	void coloursThatHaveAMeaningStayWhereColoursAreForced() {
		browser.command("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "forced-colors", "value", "active"))));
		assertThat(browser.evaluate("""
				const colours = (selector, pseudo) => [...document.querySelectorAll(selector)]
					.map((element) => getComputedStyle(element, pseudo).backgroundColor);
				return [matchMedia("(forced-colors: active)").matches,
					new Set([...colours(".key-resident"), ...colours(".key-absent")]).size];
				""").toString()).isEqualTo("[true,2]");
	}

	@Test
	void whatChangesIsToldToScreenReaders() {
		assertThat(browser.evaluate("""
				return ["connection", "gone", "lookup-status", "action-status", "log"]
					.map((id) => document.getElementById(id).getAttribute("role"));
				""").toString()).isEqualTo("[\"status\",\"alert\",\"status\",\"status\",\"log\"]");
	}

	@Test
	void skipLinkLeadsToTheMemoryAndIsNoWord() {
		new Actions(browser.driver()).sendKeys(Keys.TAB, Keys.ENTER).perform();
		await().atMost(PATIENCE)
			.until(() -> browser.evaluate("return document.activeElement.id;").asString().equals("living-picture"));
		assertThat(byId("word").getDomProperty("value")).isEmpty();
	}

	@Test
	void wordThatIsCalledAsAPartOfThePageIsShownWhereItIs() {
		open("#/pressure");
		await().atMost(PATIENCE).until(() -> text("lookup-status").startsWith("pressure: "));
		assertThat(browser.evaluate("return window.scrollY;").asInt()).isZero();
		byId("word").clear();
		byId("word").sendKeys("log", Keys.ENTER);
		await().atMost(PATIENCE).until(() -> text("lookup-status").startsWith("log: "));
		assertThat(browser.evaluate("return window.scrollY;").asInt()).isZero();
	}

	@Test
	void pageFitsWhenItIsTwiceAsLarge() {
		browser.command("Emulation.setDeviceMetricsOverride",
				Map.of("width", 640, "height", 450, "deviceScaleFactor", 2, "mobile", false));
		open("#/bank");
		await().atMost(PATIENCE).until(() -> text("lookup-status").startsWith("bank: "));
		assertThat(browser.evaluate(Checks.OUTSIDE).toString()).isEqualTo("[]");
		assertThat(browser.evaluate("return document.documentElement.scrollWidth;").asInt()).isEqualTo(640);
	}

	@Test
	void pageFitsOnAPhone() throws IOException {
		browser.command("Emulation.setDeviceMetricsOverride",
				Map.of("width", 360, "height", 780, "deviceScaleFactor", 2, "mobile", true));
		open("#/bank");
		await().atMost(PATIENCE).until(() -> text("lookup-status").startsWith("bank: "));
		press("preload");
		awaitWhatTheEndpointShows();
		assertThat(browser.evaluate("return document.documentElement.scrollWidth;").asInt()).isEqualTo(360);
		assertThat(browser.evaluate(Checks.OUTSIDE).toString()).isEqualTo("[]");
		browser.screenshot(SCREENSHOTS.resolve("phone.png"));
	}

	@Test
	void chartsAreTablesToo() {
		byId("table-details").findElement(By.tagName("summary")).click();
		await().atMost(PATIENCE).until(() -> !byId("history").findElements(By.tagName("tr")).isEmpty());
		assertThat(text("history")).contains(text("total-mapped"));
		showChanged("""
				snapshot.overview.process.majorFaults = 4711;
				snapshot.overview.leaks.count = 42;
				""");
		assertThat(byId("history").findElements(By.tagName("td"))).extracting(WebElement::getText)
			.endsWith("4,711", "42");
		assertThat(byId("bytes-chart").getDomAttribute("aria-label")).startsWith("The last three minutes: ")
			.contains(text("total-mapped") + " mapped");
	}

}
