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
package io.mmap.sample.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Prometheus server that scrapes an application and evaluates the alerts of
 * {@code observability/}. Whatever happens, it has ended after {@link #close()}.
 */
final class PrometheusServer implements AutoCloseable {

	/**
	 * What is needed to start one.
	 */
	static final String COMMAND = "prometheus";

	private static final Path ALERTS = Path.of("../observability/alerts.yml");

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final long PAUSE_MILLIS = 50;

	private final HttpClient client = HttpClient.newHttpClient();

	private final Path log;

	private final Process process;

	private final String address;

	/**
	 * Start a server, and wait until it answers.
	 * @param directory where it keeps what it needs
	 * @param port the port of the application on the loopback interface
	 */
	PrometheusServer(Path directory, int port) throws IOException, InterruptedException {
		Path configuration = Files.writeString(directory.resolve("prometheus.yml"), """
				global:
				  scrape_interval: 250ms
				  evaluation_interval: 250ms
				rule_files:
				  - %s
				scrape_configs:
				  - job_name: sample
				    metrics_path: /actuator/prometheus
				    static_configs:
				      - targets: ["127.0.0.1:%d"]
				""".formatted(ALERTS.toRealPath(), port));
		this.log = directory.resolve("prometheus.log");
		this.address = "127.0.0.1:" + freePort();
		this.process = new ProcessBuilder(COMMAND, "--config.file=" + configuration,
				"--storage.tsdb.path=" + directory.resolve("tsdb"), "--web.listen-address=" + this.address)
			.redirectErrorStream(true)
			.redirectOutput(this.log.toFile())
			.start();
		try {
			await(this::isReady, "ready");
		}
		catch (IOException | InterruptedException | RuntimeException | Error ex) {
			close();
			throw ex;
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private boolean isReady() throws IOException, InterruptedException {
		try {
			return send("/-/ready").statusCode() == 200;
		}
		catch (ConnectException ex) {
			return false;
		}
	}

	private HttpResponse<String> send(String uri) throws IOException, InterruptedException {
		return this.client.send(HttpRequest.newBuilder(URI.create("http://" + this.address + uri))
			.timeout(Duration.ofSeconds(10))
			.build(), BodyHandlers.ofString());
	}

	private JsonNode get(String uri) throws IOException, InterruptedException {
		HttpResponse<String> response = send(uri);
		if (response.statusCode() != 200) {
			throw new AssertionError("%s: %d %s".formatted(uri, response.statusCode(), response.body()));
		}
		return JsonMapper.shared().readTree(response.body()).path("data");
	}

	/**
	 * Return what a query gives now.
	 */
	List<Sample> query(String query) throws IOException, InterruptedException {
		return query(query, Instant.now());
	}

	/**
	 * Return what a query gave at some time.
	 */
	List<Sample> query(String query, Instant time) throws IOException, InterruptedException {
		List<Sample> samples = new ArrayList<>();
		String uri = "/api/v1/query?time=%s&query=%s".formatted(time, encode(query));
		for (JsonNode result : get(uri).path("result").values()) {
			samples.add(new Sample(labels(result), value(result.path("value"))));
		}
		return samples;
	}

	/**
	 * Return what a query has given from some time until now, every quarter of a second,
	 * as a panel draws it.
	 */
	List<Sample> queryRange(String query, Instant start) throws IOException, InterruptedException {
		List<Sample> samples = new ArrayList<>();
		String uri = "/api/v1/query_range?start=%s&end=%s&step=0.25&query=%s".formatted(start, Instant.now(),
				encode(query));
		for (JsonNode result : get(uri).path("result").values()) {
			result.path("values").values().forEach((value) -> samples.add(new Sample(labels(result), value(value))));
		}
		return samples;
	}

	private static Map<String, String> labels(JsonNode result) {
		Map<String, String> labels = new LinkedHashMap<>();
		result.path("metric").properties().forEach((label) -> labels.put(label.getKey(), label.getValue().asString()));
		return labels;
	}

	private static double value(JsonNode timeAndValue) {
		return value(timeAndValue.path(1).asString());
	}

	private static double value(String text) {
		return switch (text) {
			case "+Inf" -> Double.POSITIVE_INFINITY;
			case "-Inf" -> Double.NEGATIVE_INFINITY;
			default -> Double.parseDouble(text);
		};
	}

	/**
	 * Return the values that a label has, as Grafana's {@code label_values} does.
	 */
	List<String> labelValues(String series, String label) throws IOException, InterruptedException {
		List<String> values = new ArrayList<>();
		get("/api/v1/label/%s/values?match[]=%s".formatted(label, encode(series)).replace("[]", "%5B%5D")).values()
			.forEach((value) -> values.add(value.asString()));
		return values;
	}

	private static String encode(String parameter) {
		return URLEncoder.encode(parameter, StandardCharsets.UTF_8);
	}

	/**
	 * Wait until a query gives what is expected, and return that.
	 */
	List<Sample> await(String query, Predicate<List<Sample>> condition) throws IOException, InterruptedException {
		List<Sample> latest = new ArrayList<>();
		try {
			await(() -> {
				latest.clear();
				latest.addAll(query(query));
				return condition.test(latest);
			}, "as expected: " + query);
		}
		catch (AssertionError ex) {
			throw new AssertionError(ex.getMessage() + "\nLatest result: " + latest, ex);
		}
		return latest;
	}

	/**
	 * Wait for something.
	 */
	void await(Condition condition, String what) throws IOException, InterruptedException {
		long end = System.nanoTime() + PATIENCE.toNanos();
		while (!condition.holds()) {
			if (System.nanoTime() > end || !this.process.isAlive()) {
				throw new AssertionError((this.process.isAlive()) ? "Not %s after %s".formatted(what, PATIENCE)
						: "Prometheus has ended:\n" + output());
			}
			Thread.sleep(PAUSE_MILLIS);
		}
	}

	private String output() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.client.shutdownNow();
		this.process.destroy();
		try {
			if (this.process.waitFor(10, TimeUnit.SECONDS)) {
				return;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.process.destroyForcibly().onExit().orTimeout(30, TimeUnit.SECONDS).join();
	}

	/**
	 * Something to wait for.
	 */
	interface Condition {

		boolean holds() throws IOException, InterruptedException;

	}

	/**
	 * What a query gives for one time series at one time.
	 *
	 * @param labels its labels
	 * @param value its value
	 */
	record Sample(Map<String, String> labels, double value) {

		boolean has(Map<String, String> expected) {
			return this.labels.entrySet().containsAll(expected.entrySet());
		}

	}

}
