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

package io.mmap.docs;

import java.io.IOException;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.mmap.MappingRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The public API is the one that is written down in {@code docs/api.txt}, so that each
 * change of it is seen by who looks at a commit.
 */
class PublicApiTests {

	private static final Path LISTING = Path.of("..", "docs", "api.txt");

	private static final Path ACTUAL = Path.of("target", "api.txt");

	private static final Pattern OWN = Pattern.compile("\\bio\\.mmap\\.(?:[a-z]+\\.)*(?=[A-Z])");

	private static final Pattern WELL_KNOWN = Pattern
		.compile("\\b(?:java\\.lang|java\\.util|java\\.util\\.function|org\\.jspecify\\.annotations)\\.(?=[A-Z])");

	@Test
	void thePublicApiIsTheOneThatIsWrittenDown() throws IOException, URISyntaxException {
		String api = publicTypes().stream().map(PublicApiTests::describe).collect(Collectors.joining("\n"));
		Files.writeString(ACTUAL, api);
		assertThat(api)
			.as("The public API differs from docs/api.txt. If that is meant, copy target/api.txt over it,"
					+ " and look at the difference before you commit it")
			.isEqualTo(Files.readString(LISTING));
	}

	@Test
	void whatIsNotPublicIsLeftOut() throws IOException, URISyntaxException {
		assertThat(publicTypes()).extracting(Class::getName)
			.contains(MappingRegistry.class.getName(), MappingRegistry.Builder.class.getName())
			.noneMatch((name) -> name.contains(".internal.") || name.contains("DefaultMappingRegistry"));
	}

	private static List<Class<?>> publicTypes() throws IOException, URISyntaxException {
		Path classes = Path.of(MappingRegistry.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		try (Stream<Path> files = Files.walk(classes)) {
			return files.map((file) -> classes.relativize(file).toString())
				.filter((file) -> file.endsWith(".class") && !file.endsWith("package-info.class"))
				.map((file) -> file.replace(".class", "").replace('/', '.'))
				.filter((name) -> !name.startsWith("io.mmap.internal."))
				.<Class<?>>map(PublicApiTests::load)
				.filter(PublicApiTests::isPublic)
				.sorted(Comparator.comparing(Class::getName))
				.toList();
		}
	}

	private static Class<?> load(String name) {
		try {
			return Class.forName(name, false, PublicApiTests.class.getClassLoader());
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static boolean isPublic(Class<?> type) {
		Class<?> enclosing = type.getEnclosingClass();
		return isVisible(type.getModifiers()) && (enclosing == null || isPublic(enclosing));
	}

	private static boolean isVisible(int modifiers) {
		return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
	}

	private static String describe(Class<?> type) {
		Map<String, String> members = new TreeMap<>();
		Stream.of(type.getDeclaredFields())
			.filter(PublicApiTests::isOfTheApi)
			.forEach((field) -> put(members, field.getName(), describe(field)));
		Stream.of(type.getDeclaredConstructors())
			.filter(PublicApiTests::isOfTheApi)
			.forEach((constructor) -> put(members, "", describe(constructor)));
		// Who extends a class that is not public has its methods for everybody
		for (Class<?> declaring = type; declaring != null
				&& (declaring == type || !isPublic(declaring)); declaring = declaring.getSuperclass()) {
			Stream.of(declaring.getDeclaredMethods())
				.filter(PublicApiTests::isOfTheApi)
				.forEach((method) -> put(members, method.getName(), describe(method)));
		}
		return header(type) + "\n" + String.join("", members.values());
	}

	private static void put(Map<String, String> members, String name, String member) {
		members.put(name + " " + member, "\t" + OWN.matcher(member).replaceAll("").replace('$', '.') + "\n");
	}

	private static boolean isOfTheApi(Member member) {
		return isVisible(member.getModifiers()) && !member.isSynthetic();
	}

	private static String header(Class<?> type) {
		StringBuilder header = new StringBuilder(type.toGenericString());
		AnnotatedType superclass = type.getAnnotatedSuperclass();
		if (superclass != null && superclass.getType() != Object.class && !type.isEnum() && !type.isRecord()) {
			header.append(" extends ").append(superclass);
		}
		if (type.getInterfaces().length > 0) {
			header.append((type.isInterface()) ? " extends " : " implements ")
				.append(join(type.getAnnotatedInterfaces()));
		}
		if (type.isSealed()) {
			header.append(" permits ")
				.append(Stream.of(type.getPermittedSubclasses()).map(Class::getName).collect(Collectors.joining(", ")));
		}
		return shorten(header);
	}

	private static String describe(Field field) {
		return shorten(modifiers(field, Modifier.fieldModifiers()) + field.getAnnotatedType() + " " + field.getName());
	}

	private static String describe(Constructor<?> constructor) {
		return shorten(modifiers(constructor, Modifier.constructorModifiers())
				+ constructor.getDeclaringClass().getSimpleName() + parameters(constructor));
	}

	private static String describe(Method method) {
		String typeParameters = (method.getTypeParameters().length > 0) ? Stream.of(method.getTypeParameters())
			.map((parameter) -> parameter.getName() + " extends " + join(parameter.getAnnotatedBounds()))
			.collect(Collectors.joining(", ", "<", "> ")) : "";
		return shorten(modifiers(method, Modifier.methodModifiers()) + (method.isDefault() ? "default " : "")
				+ typeParameters + method.getAnnotatedReturnType() + " " + method.getName() + parameters(method));
	}

	private static String parameters(Executable executable) {
		String parameters = Stream.of(executable.getParameters())
			.map((parameter) -> parameter.getAnnotatedType() + (parameter.isVarArgs() ? "... " : " ")
					+ parameter.getName())
			.collect(Collectors.joining(", ", "(", ")"));
		AnnotatedType[] exceptions = executable.getAnnotatedExceptionTypes();
		return parameters + ((exceptions.length > 0) ? " throws " + join(exceptions) : "");
	}

	private static String modifiers(Member member, int mask) {
		String modifiers = Modifier.toString(member.getModifiers() & mask & ~Modifier.SYNCHRONIZED);
		return (modifiers.isEmpty()) ? "" : modifiers + " ";
	}

	private static String join(AnnotatedType[] types) {
		return Arrays.stream(types).map(AnnotatedType::toString).collect(Collectors.joining(", "));
	}

	private static String shorten(CharSequence text) {
		return WELL_KNOWN.matcher(text).replaceAll("").replace("@Nullable()", "@Nullable");
	}

}
