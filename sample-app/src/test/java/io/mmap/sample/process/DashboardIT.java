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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.mmap.sample.process.PrometheusServer.Sample;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@code observability/dashboard.json}: each query gives something in a
 * Prometheus that scrapes the application, which changes when what it shows is provoked.
 * Everything is provoked once, since what the kernel says is sampled every ten seconds
 * only; labels and amounts tell what has changed a figure.
 */
@RequiresCommand(PrometheusServer.COMMAND)
@Timeout(120)
class DashboardIT {

	private static final int MEBIBYTE = 1 << 20;

	private static final double MICROSECOND = 1e-6;

	/**
	 * How many mappings are added, each of a page and a region of its own.
	 */
	private static final int HELD = 200;

	/**
	 * How many mappings are made and closed again.
	 */
	private static final int CLOSED = 100;

	/**
	 * How many seconds a rate is made from.
	 */
	private static final int WINDOW = 3;

	private static final Map<String, String> AD_HOC = Map.of("name", "ad-hoc");

	private static final Map<String, String> LEAK = Map.of("name", "ad-hoc", "cause", "garbage-collected");

	private static final Map<String, String> DICTIONARY = Map.of("name", "dictionary");

	private static final Map<String, String> SCRATCH = Map.of("name", "scratch");

	/**
	 * What is expected of each query of a panel.
	 */
	private static final Map<String, List<Expected>> EXPECTED = new LinkedHashMap<>();

	static {
		expect("Mapped, resident and dirty", new Grows(AD_HOC, HELD * 4096), new Grows(SCRATCH, 8 * MEBIBYTE),
				new Grows(SCRATCH, 8 * MEBIBYTE));
		expect("Mappings and leases", new Grows(AD_HOC, HELD), new Grows(AD_HOC, HELD));
		expect("Regions", new Grows(Map.of(), HELD / 2 / maxRegions()), new Shrinks(Map.of(), HELD / 2));
		expect("Leaks", new Grows(LEAK, 1), new Grows(LEAK, MEBIBYTE));
		expect("Warnings", new Appears(Map.of("name", "dictionary", "kind", "reload-failing")));
		expect("Truncated and detached", new Grows(Map.of("name", "truncated"), MEBIBYTE),
				new Grows(Map.of("name", "guarded"), MEBIBYTE));
		expect("Reloads", new Exceeds(Map.of("name", "dictionary", "outcome", "failure"), 0.5));
		expect("Operations per second", new Exceeds(AD_HOC, CLOSED / 2.0 / WINDOW),
				new Exceeds(AD_HOC, CLOSED / 2.0 / WINDOW), new Exceeds(SCRATCH, 0.5 / WINDOW),
				new Exceeds(SCRATCH, 0.5 / WINDOW));
		expect("Mean time of an operation", new Appears(AD_HOC), new Appears(AD_HOC), new Appears(SCRATCH),
				new Appears(SCRATCH));
		expect("Errors", new Appears(Map.of("operation", "map", "errno", "ENOENT")));
		expect("Time since the start", new Grows(AD_HOC, MICROSECOND), new Grows(DICTIONARY, MICROSECOND),
				new Grows(SCRATCH, MICROSECOND));
		expect("Page faults", new Exceeds(Map.of("type", "major"), 1000.0 / WINDOW));
		expect("Read from storage", new Exceeds(Map.of(), 4.0 * MEBIBYTE / WINDOW));
		// May be of the whole machine, on which others wait, too
		expect("Pressure", new Grows(Map.of("resource", "io", "kind", "some"), 0.2 / WINDOW));
	}

	@TempDir(factory = OnDisk.class)
	static Path directory;

	private static JsonNode dashboard;

	private static ProvokedSample sample;

	private static PrometheusServer prometheus;

	private static Instant calm;

	private static double maxRegions() {
		try {
			return Double.parseDouble(Files.readAllLines(Path.of("/proc/sys/vm/max_map_count")).getFirst());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void expect(String panel, Expected... expected) {
		EXPECTED.put(panel, List.of(expected));
	}

	@BeforeAll
	static void provokeEverything() throws Exception {
		dashboard = JsonMapper.shared().readTree(Files.readString(Path.of("../observability/dashboard.json")));
		sample = new ProvokedSample(directory);
		prometheus = sample.prometheus();
		prometheus.await(DashboardIT::isCalm, "calm");
		sample.provoke("map?number=" + CLOSED);
		sample.provoke("preload");
		sample.provoke("read");
		sample.provoke("leak");
		sample.provoke("error");
		sample.truncate("truncated.bin");
		sample.truncate("guarded.bin");
		sample.putDictionary("incomplete");
		sample.provoke("hold?number=" + HELD);
		sample.provoke("write");
	}

	@AfterAll
	static void stop() {
		if (sample != null) {
			sample.close();
		}
	}

	/**
	 * Find out whether no query shows yet what is to be provoked, and remember when that
	 * was.
	 */
	private static boolean isCalm() throws IOException, InterruptedException {
		Instant now = Instant.now();
		for (Map.Entry<String, List<Expected>> panel : EXPECTED.entrySet()) {
			List<String> queries = queries(panel.getKey());
			for (int i = 0; i < queries.size(); i++) {
				Expected expected = panel.getValue().get(i);
				if (!expected.isCalm(value(prometheus.query(queries.get(i), now), expected.labels()))) {
					return false;
				}
			}
		}
		calm = now;
		return true;
	}

	private static OptionalDouble value(List<Sample> samples, Map<String, String> labels) {
		return samples.stream().filter((sample) -> sample.has(labels)).mapToDouble(Sample::value).findFirst();
	}

	private static List<JsonNode> panels() {
		return dashboard.path("panels")
			.values()
			.stream()
			.filter((panel) -> !panel.path("type").asString().equals("row"))
			.toList();
	}

	static Set<String> titles() {
		return EXPECTED.keySet();
	}

	private static List<String> queries(String title) {
		return panels().stream()
			.filter((panel) -> panel.path("title").asString().equals(title))
			.flatMap((panel) -> panel.path("targets").values().stream())
			.map((target) -> substitute(target.path("expr").asString(), "dictionary"))
			.toList();
	}

	/**
	 * Put values in the place of variables, as Grafana does.
	 */
	private static String substitute(String query, String application) {
		String result = query.replace("$__rate_interval", WINDOW + "s")
			.replace("$application", application)
			.replace("$instance", "127.0.0.1:" + sample.application().port());
		assertThat(result).doesNotContain("$");
		return result;
	}

	@Test
	void somethingIsExpectedOfEachQuery() {
		Map<String, Integer> queries = new LinkedHashMap<>();
		panels().forEach((panel) -> queries.put(panel.path("title").asString(), panel.path("targets").size()));
		Map<String, Integer> expected = new LinkedHashMap<>();
		EXPECTED.forEach((panel, ofQueries) -> expected.put(panel, ofQueries.size()));
		assertThat(queries).isEqualTo(expected);
	}

	@ParameterizedTest
	@MethodSource("titles")
	void panelChangesWhenWhatItShowsIsProvoked(String title) throws Exception {
		List<String> queries = queries(title);
		for (int i = 0; i < queries.size(); i++) {
			String query = queries.get(i);
			Expected expected = EXPECTED.get(title).get(i);
			OptionalDouble before = value(prometheus.query(query, calm), expected.labels());
			Set<Double> latest = new LinkedHashSet<>();
			try {
				prometheus.await(() -> {
					latest.clear();
					prometheus.queryRange(query, calm)
						.stream()
						.filter((sample) -> sample.has(expected.labels()))
						.forEach((sample) -> latest.add(sample.value()));
					return latest.stream().anyMatch((after) -> expected.isProvoked(before, after));
				}, "changed");
			}
			catch (AssertionError ex) {
				throw new AssertionError("%s%n%s%nbefore: %s, after: %s".formatted(query, expected, before, latest),
						ex);
			}
		}
	}

	@Test
	void panelsShowNothingOfAnotherApplication() throws Exception {
		for (JsonNode panel : panels()) {
			for (JsonNode target : panel.path("targets").values()) {
				String query = substitute(target.path("expr").asString(), "another");
				assertThat(prometheus.query(query)).as(query).isEmpty();
			}
		}
	}

	@Test
	void variablesHaveTheApplicationAndTheInstance() throws Exception {
		Map<String, List<String>> values = new LinkedHashMap<>();
		for (JsonNode variable : dashboard.path("templating").path("list").values()) {
			if (variable.path("type").asString().equals("query")) {
				String query = variable.path("query").path("query").asString();
				Matcher matcher = Pattern.compile("label_values\\((.*), (\\w+)\\)").matcher(query);
				assertThat(matcher.matches()).as(query).isTrue();
				values.put(variable.path("name").asString(),
						prometheus.labelValues(substitute(matcher.group(1), "dictionary"), matcher.group(2)));
			}
		}
		assertThat(values).isEqualTo(Map.of("application", List.of("dictionary"), "instance",
				List.of("127.0.0.1:" + sample.application().port())));
	}

	@Test
	void everyPanelAsksTheDataSourceThatIsChosen() {
		Set<String> sources = new HashSet<>();
		for (JsonNode panel : panels()) {
			sources.add(panel.path("datasource").path("uid").asString());
			panel.path("targets")
				.values()
				.forEach((target) -> sources.add(target.path("datasource").path("uid").asString()));
		}
		assertThat(sources).containsExactly("${datasource}");
	}

	/**
	 * Makes the directory where files are on a disk, which a temporary one may not be.
	 */
	static final class OnDisk implements TempDirFactory {

		@Override
		public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
			return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "dashboard");
		}

	}

	/**
	 * What is expected of the values of one time series.
	 */
	private sealed interface Expected {

		/**
		 * Return by which labels to find the time series.
		 */
		Map<String, String> labels();

		/**
		 * Return whether it may be provoked now.
		 */
		boolean isCalm(OptionalDouble before);

		/**
		 * Return whether a value is what should have come of that.
		 */
		boolean isProvoked(OptionalDouble before, double after);

	}

	/**
	 * At least so much more than before.
	 */
	private record Grows(Map<String, String> labels, double by) implements Expected {

		@Override
		public boolean isCalm(OptionalDouble before) {
			return before.isPresent();
		}

		@Override
		public boolean isProvoked(OptionalDouble before, double after) {
			return after >= before.getAsDouble() + this.by;
		}

	}

	/**
	 * At least so much less than before.
	 */
	private record Shrinks(Map<String, String> labels, double by) implements Expected {

		@Override
		public boolean isCalm(OptionalDouble before) {
			return before.isPresent();
		}

		@Override
		public boolean isProvoked(OptionalDouble before, double after) {
			return after <= before.getAsDouble() - this.by;
		}

	}

	/**
	 * Less than a limit before, and at least that after.
	 */
	private record Exceeds(Map<String, String> labels, double limit) implements Expected {

		@Override
		public boolean isCalm(OptionalDouble before) {
			return before.isPresent() && before.getAsDouble() < this.limit;
		}

		@Override
		public boolean isProvoked(OptionalDouble before, double after) {
			return after >= this.limit;
		}

	}

	/**
	 * Nothing before, and something after.
	 */
	private record Appears(Map<String, String> labels) implements Expected {

		@Override
		public boolean isCalm(OptionalDouble before) {
			return before.isEmpty();
		}

		@Override
		public boolean isProvoked(OptionalDouble before, double after) {
			return after > 0;
		}

	}

}
