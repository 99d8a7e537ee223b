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

package io.mmap.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Registered;
import org.jspecify.annotations.Nullable;

/**
 * What all events tell.
 */
@Registered(false)
@Category("Memory Mapping")
abstract class MappingEvent extends Event {

	@Label("Name")
	@Description("The declared name, or the id, of the mapping")
	@Nullable String name;

	@Label("Bytes")
	@Description("How much it was about; 0 if that is not known, since it failed")
	@DataAmount
	long bytes;

	@Label("Outcome")
	@Description("'success', 'cancelled', the name of the exception, or what became of the memory that leaked")
	@Nullable String outcome;

}
