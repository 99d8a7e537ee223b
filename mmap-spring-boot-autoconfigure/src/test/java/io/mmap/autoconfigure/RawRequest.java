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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A request that no client would send, down to its bytes.
 *
 * @param method the method
 * @param target what follows it, encoded or not
 * @param headers further lines
 * @param body the body
 */
record RawRequest(String method, String target, List<String> headers, byte[] body) {

	private static final int PATIENCE_MILLIS = 60_000;

	private static final List<String> METHODS = List.of("GET", "GET", "GET", "GET", "POST", "POST", "POST", "POST",
			"DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "get", "MMAP");

	private static final List<String> KNOWN = List.of("geoip", "counters", "all", "all.1", "ad-hoc-1");

	private static final List<String> NAMES = List.of("ad-hoc", "unknown", "geoip\u0001", "\u001b[31mFORGED-LINE",
			"geoip.json", "..", ".", "%2e%2e%2f", "..%2f..%2fetc%2fpasswd", "%00", "geoip%00", "%c0%ae%c0%ae", "%ff%fe",
			"%", "%zz", "%u002e", "%e2%80%ae", "%F0%9F%92%A9", "geoip;x=y", "geoip;jsessionid=1", ";", ";/..",
			"geoip%3bx", "geoip%0aFORGED-LINE", "%0d%0aFORGED-LINE", "%1b%5b31mFORGED-LINE", "geoip%2f", "geoip%5c",
			"\\", "*", "{nameOrId}", "%7Bname%7D", "%24%7Bjndi%3Aldap%3A%2F%2Fx%7D", "'", "\"", "<script>",
			"geoip/parts", "geoip/", "/", "//", "", "-1", "ad-hoc-99999999999999999999", "\u00e4", "GEOIP", "geo%69p");

	private static final List<String> PARAMETERS = List.of("limit", "parts", "name", "owner", "source", "state",
			"createdBy", "action", "advice", "nameOrId", "unknown", "", "limit[]", "limit%00", "_method",
			"%0aFORGED-LINE", "class.classLoader");

	private static final List<String> VALUES = List.of("", "0", "1", "-1", "1000", "1001", "1024", "2147483647",
			"2147483648", "-2147483649", "99999999999999999999999999", "NaN", "Infinity", "1e3", "0x10", "1.5", "%20",
			"+1", "null", "true", "geo", "declared", "ad-hoc", "file", "anonymous", "mapped", "detached", "%00",
			"%0aFORGED-LINE", "%0d%0aFORGED-LINE", "%1b%5b31mFORGED-LINE", "%e2%80%a8FORGED-LINE", "%c0%af", "%ff", "%",
			"%zz", "a%26b%3dc", "1,2,3", "%5b1%5d", "%d9%a1", "'%20or%201=1", "%24%7B7*7%7D", "%23%7B7*7%7D", "*", ".*",
			"(", "flush", "unmap");

	private static final List<String> HEADERS = List.of("Accept: application/json", "Accept: text/html", "Accept: */*",
			"Accept:", "Accept: nonsense", "Accept: application/vnd.spring-boot.actuator.v3+json",
			"Accept: application/xml", "Accept: application/json;q=2", "Accept: text/plain;charset=nonsense",
			"Accept-Encoding: nonsense", "Accept-Language: %0aFORGED-LINE", "Content-Type: application/json",
			"Content-Type: application/json", "Content-Type: application/json",
			"Content-Type: application/json;charset=utf-16", "Content-Type: text/plain", "Content-Type: nonsense",
			"Content-Type:", "Content-Type: application/x-www-form-urlencoded",
			"Content-Type: multipart/form-data; boundary=x", "Content-Type: application/json;charset=nonsense",
			"Cookie: \u001b[31mFORGED-LINE", "X-Forwarded-Host: evil", "Range: bytes=0-1", "If-None-Match: *",
			"X-HTTP-Method-Override: DELETE", "Origin: http://evil");

	private static final List<Supplier<byte[]>> ACTIONS = Stream.of("flush", "preload", "evict", "reload")
		.<Supplier<byte[]>>map((action) -> () -> bytes("{\"action\":\"" + action + "\"}"))
		.toList();

	private static final List<Supplier<byte[]>> BODIES = List.of(() -> new byte[0], () -> bytes("{}"),
			() -> bytes("null"), () -> bytes("[]"), () -> bytes("1"), () -> bytes("\"flush\""), () -> bytes("{"),
			() -> bytes("{\"action\":null}"), () -> bytes("{\"action\":1}"), () -> bytes("{\"action\":true}"),
			() -> bytes("{\"action\":[\"flush\"]}"), () -> bytes("{\"action\":{\"a\":1}}"),
			() -> bytes("{\"action\":\"\"}"), () -> bytes("{\"action\":\"flush\"}"),
			() -> bytes("{\"action\":\"preload\"}"), () -> bytes("{\"action\":\"evict\"}"),
			() -> bytes("{\"action\":\"reload\"}"), () -> bytes("{\"action\":\"advise\",\"advice\":\"will-need\"}"),
			() -> bytes("{\"action\":\"advise\"}"), () -> bytes("{\"action\":\"advise\",\"advice\":4}"),
			() -> bytes("{\"action\":\"advise\",\"advice\":\"100\"}"),
			() -> bytes("{\"action\":\"advise\",\"advice\":\"\\nFORGED-LINE\"}"),
			() -> bytes("{\"action\":\"\\nFORGED-LINE\\u001b[31m\"}"),
			() -> bytes("{\"action\":\"flush\",\"action\":\"evict\"}"),
			() -> bytes("{\"action\":\"flush\",\"unknown\":{\"deep\":[1,2]}}"),
			() -> bytes("{\"action\":\"flush\",\"\":\"x\"}"), () -> bytes("{\"action\":\"\\ud800\"}"),
			() -> new byte[] { '{', '"', (byte) 0xff, (byte) 0xc0, '"', ':', '1', '}' },
			() -> bytes("{\"action\":\"" + "a".repeat(200_000) + "\"}"), () -> bytes("[".repeat(20_000)),
			() -> bytes("{\"action\":".repeat(2_000)), () -> bytes("{\"action\":" + "9".repeat(5_000) + "}"),
			() -> bytes("{\"nameOrId\":\"counters\",\"action\":\"flush\"}"), () -> bytes("action=flush"));

	/**
	 * Return some request.
	 */
	static RawRequest any(Random random) {
		StringBuilder target = new StringBuilder("/actuator/mmap");
		if (random.nextInt(5) > 0) {
			target.append(random.nextInt(12) == 0 ? "//" : "/")
				.append(any((random.nextInt(3) == 0) ? KNOWN : NAMES, random));
		}
		if (random.nextInt(40) == 0) {
			target.append("a".repeat(random.nextInt(12_000)));
		}
		int parameters = random.nextInt(4);
		for (int i = 0; i < parameters; i++) {
			target.append((i == 0) ? '?' : '&').append(any(PARAMETERS, random));
			if (random.nextInt(10) > 0) {
				target.append('=')
					.append((random.nextInt(20) == 0) ? "9".repeat(random.nextInt(6000)) : any(VALUES, random));
			}
		}
		String method = any(METHODS, random);
		List<String> headers = new ArrayList<>();
		random.ints(random.nextInt(4), 0, HEADERS.size()).distinct().mapToObj(HEADERS::get).forEach(headers::add);
		boolean post = method.equals("POST");
		if (post && random.nextInt(4) > 0) {
			headers.add("Content-Type: application/json");
		}
		byte[] body = (random.nextInt(4) < (post ? 3 : 1))
				? any((post && random.nextBoolean()) ? ACTIONS : BODIES, random).get() : new byte[0];
		return new RawRequest(method, target.toString(), headers, body);
	}

	private static <T> T any(List<T> list, Random random) {
		return list.get(random.nextInt(list.size()));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Send it, and wait until the connection is closed.
	 * @return what was answered, the head included
	 */
	String send(int port) throws IOException {
		StringBuilder head = new StringBuilder(this.method + " " + this.target + " HTTP/1.1\r\nHost: localhost\r\n");
		this.headers.forEach((header) -> head.append(header).append("\r\n"));
		head.append("Content-Length: " + this.body.length + "\r\nConnection: close\r\n\r\n");
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.setSoTimeout(PATIENCE_MILLIS);
			OutputStream out = socket.getOutputStream();
			ByteArrayOutputStream answer = new ByteArrayOutputStream();
			try {
				out.write(bytes(head.toString()));
				out.write(this.body);
				out.flush();
			}
			catch (IOException ex) {
				// The server may have answered, and closed, before it has read everything
			}
			try {
				InputStream in = socket.getInputStream();
				in.transferTo(answer);
			}
			catch (SocketException ex) {
				// As above: what is left unread makes the system reset the connection
			}
			return answer.toString(StandardCharsets.UTF_8);
		}
	}

	@Override
	public String toString() {
		String text = this.method + " " + this.target + " " + this.headers + " "
				+ new String(this.body, StandardCharsets.UTF_8);
		return (text.length() > 500) ? text.substring(0, 500) + "..." : text;
	}

}
