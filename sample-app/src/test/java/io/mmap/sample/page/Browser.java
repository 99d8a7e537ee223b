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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.stream.Stream;

import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Chromium of this machine without a window. It and its driver have ended after
 * {@link #close()}.
 */
final class Browser implements AutoCloseable {

	private static final List<String> BROWSERS = List.of("chromium", "chromium-browser", "google-chrome");

	private static final String DRIVER = "chromedriver";

	private final Set<ProcessHandle> processes = new LinkedHashSet<>();

	private final ChromeDriver driver;

	private Browser(Path browser, Path driver) {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(browser.toFile());
		options.addArguments("--headless=new", "--disable-gpu", "--hide-scrollbars", "--window-size=1360,1000",
				"--force-prefers-reduced-motion", "--disable-background-networking", "--no-first-run");
		if ("root".equals(System.getProperty("user.name"))) {
			options.addArguments("--no-sandbox");
		}
		LoggingPreferences logs = new LoggingPreferences();
		logs.enable(LogType.BROWSER, Level.ALL);
		logs.enable(LogType.PERFORMANCE, Level.ALL);
		options.setCapability("goog:loggingPrefs", logs);
		Set<ProcessHandle> others = descendants();
		try {
			this.driver = new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(driver.toFile())
				.usingAnyFreePort()
				.withSilent(true)
				.build(), options);
		}
		finally {
			this.processes.addAll(descendants());
			this.processes.removeAll(others);
		}
	}

	private static Set<ProcessHandle> descendants() {
		try (Stream<ProcessHandle> descendants = ProcessHandle.current().descendants()) {
			return new LinkedHashSet<>(descendants.toList());
		}
	}

	/**
	 * Tell whether there are a browser and a driver.
	 */
	static boolean isInstalled() {
		return find(BROWSERS).isPresent() && find(List.of(DRIVER)).isPresent();
	}

	static Browser start() {
		return new Browser(find(BROWSERS).orElseThrow(), find(List.of(DRIVER)).orElseThrow());
	}

	private static Optional<Path> find(List<String> names) {
		List<Path> directories = Stream.of(System.getenv("PATH").split(":")).map(Path::of).toList();
		return names.stream()
			.flatMap((name) -> directories.stream().map((directory) -> directory.resolve(name)))
			.filter(Files::isExecutable)
			.findFirst();
	}

	ChromeDriver driver() {
		return this.driver;
	}

	/**
	 * Run a script, and return what it returns as JSON.
	 */
	JsonNode evaluate(String script, Object... arguments) {
		Object result = this.driver
			.executeAsyncScript("const done = arguments[arguments.length - 1]; (async (...args) => {" + script
					+ "})(...arguments).then((value) => done(JSON.stringify(value ?? null)), "
					+ "(error) => done(JSON.stringify({ error: String(error) })));", arguments);
		return JsonMapper.shared().readTree(String.valueOf(result));
	}

	void command(String command, Map<String, Object> parameters) {
		this.driver.executeCdpCommand(command, parameters);
	}

	/**
	 * Have pages drawn for people who prefer dark or light.
	 */
	void colourScheme(String scheme) {
		command("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	/**
	 * Take a picture of the whole page.
	 */
	void screenshot(Path file) throws IOException {
		JsonNode size = evaluate(
				"return [document.documentElement.clientWidth, document.documentElement.scrollHeight];");
		Map<String, Object> picture = this.driver
			.executeCdpCommand("Page.captureScreenshot", Map.of("captureBeyondViewport", true, "clip",
					Map.of("x", 0, "y", 0, "width", size.path(0).asInt(), "height", size.path(1).asInt(), "scale", 1)));
		Files.createDirectories(file.getParent());
		Files.write(file, Base64.getDecoder().decode((String) picture.get("data")));
	}

	/**
	 * Return what the console has had since the last time.
	 */
	List<LogEntry> console() {
		return this.driver.manage().logs().get(LogType.BROWSER).getAll();
	}

	/**
	 * Return the addresses of all requests since the last time.
	 */
	List<String> requests() {
		return this.driver.manage()
			.logs()
			.get(LogType.PERFORMANCE)
			.getAll()
			.stream()
			.map((entry) -> JsonMapper.shared().readTree(entry.getMessage()).path("message"))
			.filter((message) -> message.path("method").asString().equals("Network.requestWillBeSent"))
			.map((message) -> message.path("params").path("request").path("url").asString())
			.toList();
	}

	@Override
	public void close() {
		this.processes.addAll(children());
		try {
			this.driver.quit();
		}
		finally {
			this.processes.forEach(Browser::end);
		}
	}

	private Set<ProcessHandle> children() {
		Set<ProcessHandle> children = new LinkedHashSet<>();
		for (ProcessHandle process : this.processes) {
			try (Stream<ProcessHandle> descendants = process.descendants()) {
				descendants.forEach(children::add);
			}
		}
		return children;
	}

	private static void end(ProcessHandle process) {
		try {
			process.onExit().get(5, TimeUnit.SECONDS);
		}
		catch (TimeoutException ex) {
			process.destroyForcibly();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Process %d may be running".formatted(process.pid()), ex);
		}
	}

}
