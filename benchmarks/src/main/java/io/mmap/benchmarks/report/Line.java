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
package io.mmap.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/**
 * One way to do a work.
 *
 * @param name which way
 * @param figure what is measured
 * @param note what is to be known of it, such as what it leaves out; may be empty
 * @param targets what the figure is to be
 */
public record Line(String name, Figure figure, String note, List<Target> targets) {

	public Line(String name, Figure figure, String note) {
		this(name, figure, note, List.of());
	}

	public Line target(Target target) {
		List<Target> targets = new ArrayList<>(this.targets);
		targets.add(target);
		return new Line(this.name, this.figure, this.note, List.copyOf(targets));
	}

}
