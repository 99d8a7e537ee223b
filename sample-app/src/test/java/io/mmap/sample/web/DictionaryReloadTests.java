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

package io.mmap.sample.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

import io.mmap.MappingRefusedException;
import io.mmap.MappingRegistry;
import io.mmap.MappingStatistics;
import io.mmap.MappingWarning;
import io.mmap.ReloadOutcome;
import io.mmap.sample.wordnet.SecondEdition;
import io.mmap.sample.wordnet.WordNetFiles;
import io.mmap.testsupport.ProcessMaps;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that the dictionary is replaced while it is being used. The directory of its
 * files is a symbolic link, in the place of which another one is renamed.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
@Timeout(120)
class DictionaryReloadTests {

	private static final Log logger = LogFactory.getLog(DictionaryReloadTests.class);

	private static final int CLIENTS = 4;

	private static final int EXCHANGES = 30;

	private static final List<String> QUERIES = List.of("/words/bank", "/words/geese", "/words/well", "/words/hot_dog",
			"/words/quickly", "/words/run", "/words?prefix=zyr");

	private static final Pattern VARYING = Pattern.compile("(,\"lookups\":\\d+)?,\"micros\":\\d+");

	@TempDir
	static Path directory;

	@TempDir
	static Path data;

	private static HttpClient http;

	@Autowired
	private MappingRegistry registry;

	@LocalServerPort
	private int port;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("sample.dictionary", () -> directory.resolve("current").toString());
		registry.add("sample.data", data::toString);
		registry.add("server.address", () -> "127.0.0.1");
		// The tests say when
		registry.add("mmap.reload.check-interval", () -> "1h");
	}

	@BeforeAll
	static void writeBothEditions() throws IOException {
		FileSystemUtils.copyRecursively(WordNetFiles.DICTIONARY, edition(0));
		SecondEdition.write(edition(1));
		link(edition(0));
		http = HttpClient.newHttpClient();
	}

	@AfterAll
	static void closeHttpClient() {
		http.close();
	}

	@BeforeEach
	void startWithTheFirstEdition() throws IOException {
		link(edition(0));
		this.registry.reload("dictionary");
	}

	private static Path edition(int number) {
		return directory.resolve("edition-" + number);
	}

	/**
	 * Put another directory in the place of the current one, at once.
	 */
	private static void link(Path target) throws IOException {
		Path link = directory.resolve("new");
		Files.createSymbolicLink(link, target);
		Files.move(link, directory.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
	}

	private long reloads(ReloadOutcome outcome) {
		return this.registry.statistics()
			.stream()
			.filter((statistics) -> statistics.name().equals("dictionary"))
			.mapToLong((MappingStatistics statistics) -> statistics.reloads(outcome))
			.sum();
	}

	private HttpResponse<String> send(String uri) throws IOException, InterruptedException {
		return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + uri))
			.timeout(Duration.ofSeconds(30))
			.build(), BodyHandlers.ofString());
	}

	/**
	 * Return an answer without what differs each time.
	 */
	private String get(String uri) throws IOException, InterruptedException {
		HttpResponse<String> response = send(uri);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return VARYING.matcher(response.body()).replaceAll("");
	}

	/**
	 * Return what each query is answered from either edition. What the second one has to
	 * say is made from what the first one says.
	 */
	private Map<String, List<String>> answers() throws Exception {
		Map<String, List<String>> answers = new TreeMap<>();
		for (String query : QUERIES) {
			String first = get(query);
			assertThat(first).doesNotContain(SecondEdition.MARK);
			String second = first.replace("\"definition\":\"", "\"definition\":\"" + SecondEdition.MARK)
				.replace("[{\"lemma\":\"zyrian\",\"partsOfSpeech\":[\"noun\"]}]",
						"[{\"lemma\":\"zyrian\",\"partsOfSpeech\":[\"noun\"]},"
								+ "{\"lemma\":\"zyrian ii\",\"partsOfSpeech\":[\"noun\"]}]");
			second = Pattern.compile("(?<=\"taggedSenses\":)\\d+")
				.matcher(second)
				.replaceAll(DictionaryReloadTests::addTagged);
			assertThat(second).isNotEqualTo(first);
			answers.put(query, List.of(first, second));
		}
		return answers;
	}

	private static String addTagged(MatchResult count) {
		return Integer.toString(Integer.parseInt(count.group()) + SecondEdition.MORE_TAGGED);
	}

	@Test
	void everyAnswerIsOfOneEditionAndOfTheNewOneOnceTheReloadWasCounted() throws Exception {
		try (Load load = new Load(answers())) {
			for (int i = 0; i < EXCHANGES; i++) {
				load.exchange();
				Thread.sleep(100);
			}
			load.stop();
			load.report();
			assertThat(load.requests()).as("requests").isGreaterThan(10L * EXCHANGES);
			assertThat(load.clients).as("each client has had both editions")
				.allSatisfy((client) -> assertThat(client.certain).doesNotContain(0L));
		}
		assertThat(this.registry.leaks()).isEmpty();
		assertThat(this.registry.warnings()).isEmpty();
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "needs /proc")
	void filesOfTheOldEditionAreUnmappedWithinASecondOfTheirLastRequest() throws Exception {
		long longest = 0;
		try (Load load = new Load(answers())) {
			for (int i = 0; i < EXCHANGES; i++) {
				int previous = load.exchange();
				load.awaitRequestsInFlight();
				long start = System.nanoTime();
				while (!ProcessMaps.regions(edition(previous)).isEmpty()) {
					assertThat(Duration.ofNanos(System.nanoTime() - start)).as("still mapped")
						.isLessThan(Duration.ofSeconds(1));
					Thread.sleep(1);
				}
				longest = Math.max(longest, System.nanoTime() - start);
				assertThat(ProcessMaps.regions(edition(1 - previous))).hasSize(8);
			}
			load.stop();
			load.report();
		}
		logger.info("Unmapped after at most %d µs".formatted(TimeUnit.NANOSECONDS.toMicros(longest)));
	}

	@Test
	void dictionaryThatIsDamagedIsRefusedAndTheOldOneGoesOn() throws Exception {
		Path damaged = directory.resolve("damaged");
		FileSystemUtils.copyRecursively(edition(1), damaged);
		Files.copy(edition(0).resolve("data.noun"), damaged.resolve("data.noun"), StandardCopyOption.REPLACE_EXISTING);
		Map<String, List<String>> answers = answers();
		long failures = reloads(ReloadOutcome.FAILURE);
		link(damaged);
		assertThatExceptionOfType(MappingRefusedException.class).isThrownBy(() -> this.registry.reload("dictionary"))
			.withMessageContaining("data.noun has no record at ");
		for (String query : QUERIES) {
			assertThat(get(query)).isEqualTo(answers.get(query).getFirst());
		}
		assertThat(reloads(ReloadOutcome.FAILURE)).isEqualTo(failures + 1);
		assertThat(this.registry.warnings()).singleElement().satisfies((warning) -> {
			assertThat(warning.name()).isEqualTo("dictionary");
			assertThat(warning.kind()).isEqualTo(MappingWarning.Kind.RELOAD_FAILING);
			assertThat(warning.message()).contains("data.noun has no record at ");
		});
		link(edition(1));
		this.registry.reload("dictionary");
		assertThat(get("/words/bank")).isEqualTo(answers.get("/words/bank").getLast());
		assertThat(this.registry.warnings()).isEmpty();
	}

	@Test
	void lookupsAreCountedOnWhenTheDictionaryIsReplaced() throws Exception {
		assertThat(send("/words/aardwolf").body()).contains("\"lookups\":1,");
		link(edition(1));
		this.registry.reload("dictionary");
		assertThat(send("/words/aardwolf").body()).contains("\"lookups\":2,").contains(SecondEdition.MARK);
	}

	/**
	 * Clients that send requests without a pause, and check each answer.
	 */
	private final class Load implements AutoCloseable {

		private final Map<String, List<String>> answers;

		private final long earlier = reloads(ReloadOutcome.SUCCESS);

		private final ExecutorService executor = Executors.newFixedThreadPool(CLIENTS);

		private final List<Client> clients = new ArrayList<>();

		private final List<Future<?>> futures = new ArrayList<>();

		private volatile boolean stopped;

		/**
		 * How many exchanges have begun. Those that have ended are the reloads.
		 */
		private volatile long begun;

		private Load(Map<String, List<String>> answers) {
			this.answers = answers;
			for (int i = 0; i < CLIENTS; i++) {
				Client client = new Client(this);
				this.clients.add(client);
				this.futures.add(this.executor.submit(client::run));
			}
		}

		/**
		 * Exchange the dictionary.
		 * @return the edition that was current before
		 */
		private int exchange() throws IOException {
			int previous = (int) (this.begun % 2);
			this.begun = this.begun + 1;
			link(edition(1 - previous));
			DictionaryReloadTests.this.registry.reload("dictionary");
			return previous;
		}

		private long ended() {
			return reloads(ReloadOutcome.SUCCESS) - this.earlier;
		}

		/**
		 * Wait until all requests have been answered that are under way now.
		 */
		private void awaitRequestsInFlight() throws Exception {
			List<Long> before = this.clients.stream().map((client) -> client.answered).toList();
			for (int i = 0; i < CLIENTS; i++) {
				while (this.clients.get(i).answered == before.get(i)) {
					if (this.futures.get(i).isDone()) {
						this.futures.get(i).get();
					}
					Thread.sleep(1);
				}
			}
		}

		/**
		 * Stop the clients, and fail if one of them did.
		 */
		private void stop() throws Exception {
			this.stopped = true;
			for (Future<?> future : this.futures) {
				future.get(60, TimeUnit.SECONDS);
			}
		}

		private long requests() {
			return this.clients.stream().mapToLong((client) -> client.answered).sum();
		}

		private void report() {
			long[] micros = this.clients.stream()
				.flatMapToLong((client) -> client.nanos.stream().mapToLong(TimeUnit.NANOSECONDS::toMicros))
				.sorted()
				.toArray();
			logger.info(
					"%d exchanges, %d requests, %d of which could get one edition only; p50 %d µs, p99 %d µs, max %d µs"
						.formatted(this.begun, requests(),
								this.clients.stream().flatMapToLong((client) -> LongStream.of(client.certain)).sum(),
								micros[micros.length / 2], micros[micros.length * 99 / 100],
								micros[micros.length - 1]));
		}

		@Override
		public void close() {
			this.stopped = true;
			this.executor.close();
		}

	}

	/**
	 * A client.
	 */
	private final class Client {

		private final Load load;

		private final List<Long> nanos = new ArrayList<>();

		/**
		 * How many answers could be of one edition only, since no exchange was under way.
		 */
		private final long[] certain = new long[2];

		private volatile long answered;

		private Client(Load load) {
			this.load = load;
		}

		private Object run() throws Exception {
			for (int i = 0; !this.load.stopped; i++) {
				String query = QUERIES.get(i % QUERIES.size());
				long ended = this.load.ended();
				long start = System.nanoTime();
				String answer = get(query);
				this.nanos.add(System.nanoTime() - start);
				long begun = this.load.begun;
				int edition = this.load.answers.get(query).indexOf(answer);
				assertThat(edition).as("edition of the answer to %s: %s", query, answer).isNotNegative();
				if (begun == ended) {
					assertThat(edition).as("edition after %d reloads", ended).isEqualTo((int) (ended % 2));
					this.certain[edition]++;
				}
				this.answered = this.answered + 1;
			}
			return this;
		}

	}

}
