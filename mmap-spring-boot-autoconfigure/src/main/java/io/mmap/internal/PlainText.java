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

package io.mmap.internal;

import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

import org.jspecify.annotations.Nullable;

/**
 * Text that stays in its line and shows what it says. Names of files, threads and owners
 * may contain anything, and would otherwise add lines to a log, colour a terminal or turn
 * text around.
 */
public final class PlainText {

	private PlainText() {
	}

	/**
	 * Return text in which everything that does more than show a character is written as
	 * in Java source.
	 * @param text the text, or something that is described by its {@code toString}
	 * @return the same text if nothing of the kind is in it
	 */
	public static String of(@Nullable Object text) {
		String string = String.valueOf(text);
		if (isPlain(string)) {
			return string;
		}
		StringBuilder plain = new StringBuilder(string.length() + 16);
		string.codePoints().forEach((character) -> {
			switch (character) {
				case '\n' -> plain.append("\\n");
				case '\r' -> plain.append("\\r");
				case '\t' -> plain.append("\\t");
				default -> {
					if (isPlain(character)) {
						plain.appendCodePoint(character);
					}
					else {
						plain.append("\\u%04x".formatted(character));
					}
				}
			}
		});
		return plain.toString();
	}

	/**
	 * Return a throwable whose message is plain, to be logged as a cause. Those of files
	 * consist of the name of one.
	 * @param cause the throwable
	 * @return the same throwable, or one of the same kind with its stack, its cause and
	 * what it suppressed
	 */
	public static @Nullable Throwable cause(@Nullable Throwable cause) {
		if (cause == null || isPlain(String.valueOf(cause.getMessage()))) {
			return cause;
		}
		Throwable plain = switch (cause) {
			case FileSystemException ex -> plain(ex);
			case FileNotFoundException ex -> new FileNotFoundException(of(ex.getMessage()));
			default -> null;
		};
		if (plain == null) {
			return cause;
		}
		plain.setStackTrace(cause.getStackTrace());
		plain.initCause(cause(cause.getCause()));
		for (Throwable suppressed : cause.getSuppressed()) {
			plain.addSuppressed(cause(suppressed));
		}
		return plain;
	}

	private static FileSystemException plain(FileSystemException ex) {
		String file = plain(ex.getFile());
		String other = plain(ex.getOtherFile());
		String reason = plain(ex.getReason());
		return switch (ex) {
			case NoSuchFileException _ -> new NoSuchFileException(file, other, reason);
			case AccessDeniedException _ -> new AccessDeniedException(file, other, reason);
			case FileAlreadyExistsException _ -> new FileAlreadyExistsException(file, other, reason);
			default -> new FileSystemException(file, other, reason);
		};
	}

	private static @Nullable String plain(@Nullable String text) {
		return (text != null) ? of(text) : null;
	}

	/**
	 * Return whether nothing in a text does more than show a character.
	 * @param text the text
	 * @return whether {@link #of} would change nothing
	 */
	public static boolean isPlain(String text) {
		// Without a stream, as this is asked whenever a mapping is described
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			if (character < ' ' || character >= 0x7f) {
				return text.codePoints().skip(i).allMatch(PlainText::isPlain);
			}
		}
		return true;
	}

	private static boolean isPlain(int character) {
		// What joins letters is a format character, too, and is part of some scripts
		return switch (Character.getType(character)) {
			case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
				false;
			case Character.FORMAT -> !isForDirection(character);
			default -> true;
		};
	}

	private static boolean isForDirection(int character) {
		return character == 0x061c || character == 0x200e || character == 0x200f
				|| (character >= 0x202a && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069);
	}

}
