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

package io.mmap.sample;

import java.io.File;
import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.system.ApplicationHome;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Provides {@code sample.home}, so that the application finds its files from whatever
 * directory it is started: Maven runs it in the module's directory, and the executable
 * jar is usually started from the directory above.
 * <p>
 * The home is the directory that holds the jar or the classes. When that is the output
 * directory of a build, it is the directory of the module. Anything configured takes
 * precedence.
 */
class SampleHomeEnvironmentPostProcessor implements EnvironmentPostProcessor {

	private static final String OUTPUT_DIRECTORY = "target";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		environment.getPropertySources()
			.addLast(new MapPropertySource("sampleHome", Map.of("sample.home", findHome().getPath())));
	}

	private static File findHome() {
		ApplicationHome application = new ApplicationHome(SampleApplication.class);
		File source = application.getSource();
		// A unit test has no source, and runs in the directory of the module
		File home = (source != null) ? source.getParentFile() : application.getDir();
		File parent = home.getParentFile();
		return (parent != null && home.getName().equals(OUTPUT_DIRECTORY)) ? parent : home;
	}

}
