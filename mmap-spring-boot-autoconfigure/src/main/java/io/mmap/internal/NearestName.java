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

import java.util.Collection;

import org.jspecify.annotations.Nullable;

/**
 * Guesses which name was meant.
 */
public final class NearestName {

	private NearestName() {
	}

	/**
	 * Return the name that takes the fewest typing mistakes, or {@code null} if none
	 * comes close.
	 * @param wrong the name that is none of them
	 * @param names the names that there are
	 * @return the nearest one, if any
	 */
	public static @Nullable String of(String wrong, Collection<String> names) {
		String nearest = null;
		int fewest = Math.max(1, wrong.length() / 3) + 1;
		for (String name : names) {
			if (Math.abs(wrong.length() - name.length()) >= fewest) {
				// Also not to count in a table that is as large as what somebody has sent
				continue;
			}
			int mistakes = mistakes(wrong, name);
			if (mistakes < fewest) {
				fewest = mistakes;
				nearest = name;
			}
		}
		return nearest;
	}

	/**
	 * Count the letters that are missing, too many, wrong, or swapped with their
	 * neighbour, whatever their case.
	 * @see <a href="https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance">optimal
	 * string alignment distance</a>
	 */
	private static int mistakes(String left, String right) {
		int[][] distance = new int[left.length() + 1][right.length() + 1];
		for (int i = 0; i <= left.length(); i++) {
			for (int j = 0; j <= right.length(); j++) {
				if (i == 0 || j == 0) {
					distance[i][j] = i + j;
					continue;
				}
				boolean same = letter(left, i - 1) == letter(right, j - 1);
				int least = Math.min(distance[i - 1][j - 1] + ((same) ? 0 : 1),
						Math.min(distance[i - 1][j], distance[i][j - 1]) + 1);
				boolean swapped = i > 1 && j > 1 && letter(left, i - 1) == letter(right, j - 2)
						&& letter(left, i - 2) == letter(right, j - 1);
				distance[i][j] = (swapped) ? Math.min(least, distance[i - 2][j - 2] + 1) : least;
			}
		}
		return distance[left.length()][right.length()];
	}

	private static char letter(String name, int index) {
		return Character.toLowerCase(name.charAt(index));
	}

}
