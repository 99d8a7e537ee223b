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

import java.io.File;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Tests that need a command of Debian's package {@code prometheus}. Where it is missing
 * they are skipped, with a line that says so, or fail in CI.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresCommand.Condition.class)
@interface RequiresCommand {

	/**
	 * The name of the command.
	 */
	String value();

	/**
	 * Looks for the command on the {@code PATH}.
	 */
	final class Condition implements ExecutionCondition {

		@Override
		public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
			return AnnotationSupport.findAnnotation(context.getElement(), RequiresCommand.class)
				.filter((required) -> !isFound(required.value()))
				.map((required) -> missing(context, required.value()))
				.orElse(ConditionEvaluationResult.enabled("nothing is missing"));
		}

		private static boolean isFound(String command) {
			return Pattern.compile(File.pathSeparator)
				.splitAsStream(System.getenv("PATH"))
				.anyMatch((place) -> Files.isExecutable(Path.of(place, command)));
		}

		private static ConditionEvaluationResult missing(ExtensionContext context, String command) {
			String reason = "'%s' has to be on the PATH; it is in Debian's package 'prometheus'".formatted(command);
			if (System.getenv("CI") != null) {
				throw new AssertionError(reason);
			}
			System.out.println("Skipped " + context.getDisplayName() + ": " + reason);
			return ConditionEvaluationResult.disabled(reason);
		}

	}

}
