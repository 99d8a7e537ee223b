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


// Reads a sealed in-memory file: sealed PATH, or sealed with the file as standard input

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// tag::sealed-file-c[]
static const unsigned char *map_sealed(int descriptor, size_t *length) {
	int seals = fcntl(descriptor, F_GET_SEALS);
	int needed = F_SEAL_SHRINK | F_SEAL_WRITE;
	struct stat status;
	if (seals < 0 || (seals & needed) != needed || fstat(descriptor, &status) < 0) {
		return NULL; // it could be changed, or truncated while we read it
	}
	void *memory = mmap(NULL, status.st_size, PROT_READ, MAP_SHARED, descriptor, 0);
	*length = status.st_size;
	return (memory == MAP_FAILED) ? NULL : memory;
}
// end::sealed-file-c[]

int main(int argc, char **argv) {
	int descriptor = (argc > 1) ? open(argv[1], O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	if (descriptor < 0) {
		perror("open");
		return 1;
	}
	size_t length = 0;
	const unsigned char *memory = map_sealed(descriptor, &length);
	if (memory == NULL) {
		printf("refused: it is not sealed\n");
		return 2;
	}
	uint64_t sum = 0;
	for (size_t i = 0; i < length; i++) {
		sum += memory[i];
	}
	printf("sum: %llu\n", (unsigned long long) sum);
	return 0;
}
