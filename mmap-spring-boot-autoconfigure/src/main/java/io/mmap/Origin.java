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

package io.mmap;

import org.jspecify.annotations.Nullable;

/**
 * Who asked for a mapping, and for what.
 *
 * @param name the declared name, the id of a member of a set, or that of an ad hoc
 * mapping
 * @param declared whether it was declared
 * @param spec what to map
 * @param label what it is called in reports
 * @param callSite the code that asked for it, unless it was declared
 * @param counters where it is counted
 * @param flushes when its changes were written
 */
record Origin(String name, boolean declared, MappingSpec spec, @Nullable String label, @Nullable CallSite callSite,
		MappingCounters counters, FlushHistory flushes) {

	Origin(String name, boolean declared, MappingSpec spec, @Nullable String label, @Nullable CallSite callSite,
			MappingCounters counters) {
		this(name, declared, spec, label, callSite, counters, FlushHistory.of(declared, spec));
	}

	static Origin declared(String name, MappingSpec spec, MappingCounters counters) {
		return new Origin(name, true, spec, spec.label(), null, counters);
	}

	/**
	 * Return the same with another spec.
	 */
	Origin with(MappingSpec spec) {
		return new Origin(this.name, this.declared, spec, (spec.label() != null) ? spec.label() : this.label,
				this.callSite, this.counters, this.flushes);
	}

	/**
	 * Return what to call the mapping while nothing is mapped.
	 */
	@Override
	public String toString() {
		return "'" + this.name + "' of " + this.spec.source();
	}

}
