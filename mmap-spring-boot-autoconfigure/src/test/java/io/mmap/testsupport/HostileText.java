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
package io.mmap.testsupport;

import java.nio.charset.Charset;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Text that tries to be more than text: to be a further line of a log, to colour a
 * terminal, to read from right to left, to be a region of {@code /proc/PID/maps}.
 */
public final class HostileText {

	private static final String ASCII = "x\n7f00-7fff rw-p 00000000 00:00 1\r2026-01-01 ERROR forged\u001b[31m\t\u007f";

	private static final String MORE = "\u0085\u2028\u2029\u202e\u2066\u200f";

	private HostileText() {
	}

	/**
	 * Return the worst that a string can hold.
	 * @return the text
	 */
	public static String string() {
		return ASCII + MORE + "\ud800";
	}

	/**
	 * Return the worst that a name of a file can hold here.
	 * @return the name
	 */
	public static String fileName() {
		Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding"));
		return (charset.newEncoder().canEncode(MORE)) ? ASCII + MORE : ASCII;
	}

	/**
	 * Check that a text is one line that shows what it says.
	 * @param text the text
	 */
	public static void assertHarmless(String text) {
		assertThat(text.codePoints().filter(HostileText::isHostile).mapToObj(Integer::toHexString))
			.as(() -> "What does more than show a character in: " + text)
			.isEmpty();
	}

	/**
	 * Check that a throwable and what a log shows with it are.
	 * @param failure the throwable
	 */
	public static void assertHarmless(Throwable failure) {
		assertHarmless(failure.toString());
		Stream.concat(Stream.ofNullable(failure.getCause()), Stream.of(failure.getSuppressed()))
			.forEach(HostileText::assertHarmless);
	}

	private static boolean isHostile(int character) {
		return Character.isISOControl(character) || (ASCII + MORE).indexOf(character) >= 0 && character > 0x7e
				|| (character >= 0xd800 && character <= 0xdfff);
	}

}
