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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

/**
 * Tests of the alerts and the configuration in {@code observability/} with
 * {@code promtool}.
 */
@RequiresCommand("promtool")
@Timeout(60)
class AlertsIT {

	private static final Path DIRECTORY = Path.of("../observability");

	private static void promtool(String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of("promtool"));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).directory(DIRECTORY.toFile()).redirectErrorStream(true).start();
		try {
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ended within half a minute").isTrue();
			assertThat(process.exitValue()).as(output).isZero();
		}
		finally {
			process.destroyForcibly();
		}
	}

	@Test
	void alertsAreValid() throws Exception {
		promtool("check", "rules", "alerts.yml");
	}

	@Test
	void alertsFireWhenTheyShouldAndOnlyThen() throws Exception {
		promtool("test", "rules", "alerts.test.yml");
	}

	@Test
	void configurationIsValid() throws Exception {
		promtool("check", "config", "prometheus.yml");
	}

	@Test
	void eachAlertSaysHowBadItIsAndWhatToDo() throws Exception {
		List<String> operations = Files.readAllLines(Path.of("../docs/operations.md"));
		for (Map<String, Object> alert : alerts()) {
			String name = alert.get("alert").toString();
			assertThat(alert.get("labels")).as(name).asInstanceOf(MAP).containsOnlyKeys("severity");
			assertThat(alert.get("annotations")).as(name)
				.asInstanceOf(MAP)
				.containsOnlyKeys("summary", "description", "runbook")
				.containsEntry("runbook", "docs/operations.md#" + name.toLowerCase(Locale.ROOT));
			assertThat(operations).contains("### " + name);
		}
	}

	@Test
	void eachAlertIsTestedToFireAndNotToFire() throws Exception {
		String tests = Files.readString(DIRECTORY.resolve("alerts.test.yml"));
		assertThat(alerts()).hasSize(6).allSatisfy((alert) -> {
			assertThat(tests).contains("alertname: %s\n        exp_alerts:\n".formatted(alert.get("alert")));
			assertThat(tests).contains("alertname: %s\n        exp_alerts: []\n".formatted(alert.get("alert")));
		});
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> alerts() throws IOException {
		Map<String, List<Map<String, Object>>> rules = new Yaml()
			.load(Files.readString(DIRECTORY.resolve("alerts.yml")));
		return (List<Map<String, Object>>) rules.get("groups").getFirst().get("rules");
	}

}
