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


// One of the two sides of a ring, as RingPeer is in Java: ring send|receive FILE COUNT

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// tag::shared-memory-c-ring[]
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { SLOTS = 1024, MESSAGE = 64 };

struct ring {
	_Alignas(128) _Atomic int64_t sent;
	_Alignas(128) _Atomic int64_t taken;
	_Alignas(128) unsigned char messages[SLOTS][MESSAGE];
};

_Static_assert(sizeof(struct ring) == 65792, "as long as Ring.LENGTH");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "lock-free, or it would not work between processes");

static bool ring_send(struct ring *ring, const void *message) {
	int64_t sent = atomic_load_explicit(&ring->sent, memory_order_relaxed);
	int64_t taken = atomic_load_explicit(&ring->taken, memory_order_acquire);
	if (sent - taken == SLOTS) {
		return false;
	}
	memcpy(ring->messages[(uint64_t) sent % SLOTS], message, MESSAGE);
	atomic_store_explicit(&ring->sent, sent + 1, memory_order_release);
	return true;
}

static bool ring_receive(struct ring *ring, void *message) {
	int64_t taken = atomic_load_explicit(&ring->taken, memory_order_relaxed);
	int64_t sent = atomic_load_explicit(&ring->sent, memory_order_acquire);
	if (sent == taken) {
		return false;
	}
	memcpy(message, ring->messages[(uint64_t) taken % SLOTS], MESSAGE);
	atomic_store_explicit(&ring->taken, taken + 1, memory_order_release);
	return true;
}
// end::shared-memory-c-ring[]

enum { WORDS = MESSAGE / sizeof(int64_t) };

static const uint64_t PATTERN = 0x9E3779B97F4A7C15u;

// tag::shared-memory-c-map[]
static struct ring *ring_map(const char *path) {
	int descriptor = open(path, O_RDWR | O_CLOEXEC);
	if (descriptor < 0) {
		return NULL;
	}
	void *memory = MAP_FAILED;
	struct stat status;
	if (fstat(descriptor, &status) == 0 && status.st_size >= (off_t) sizeof(struct ring)) { // or else SIGBUS
		memory = mmap(NULL, sizeof(struct ring), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
	}
	close(descriptor); // the mapping stays
	return (memory == MAP_FAILED) ? NULL : memory;
}
// end::shared-memory-c-map[]

static void pause_after(int attempt) {
	if (attempt > 100) {
		nanosleep(&(struct timespec){ .tv_nsec = 50000 }, NULL);
	}
}

static void send_all(struct ring *ring, uint64_t count) {
	uint64_t message[WORDS];
	for (uint64_t number = 0; number < count; number++) {
		message[0] = number;
		for (int i = 1; i < WORDS; i++) {
			message[i] = number * PATTERN + i;
		}
		for (int attempt = 0; !ring_send(ring, message); attempt++) {
			pause_after(attempt);
		}
	}
	printf("sent: %llu\n", (unsigned long long) count);
}

static void receive_all(struct ring *ring, uint64_t count) {
	uint64_t message[WORDS], first = 0, last = 0, damaged = 0, misplaced = 0;
	for (uint64_t n = 0; n < count; n++) {
		for (int attempt = 0; !ring_receive(ring, message); attempt++) {
			pause_after(attempt);
		}
		bool whole = true;
		for (int i = 1; i < WORDS; i++) {
			whole &= message[i] == message[0] * PATTERN + i;
		}
		damaged += !whole;
		misplaced += n > 0 && message[0] != last + 1;
		first = (n == 0) ? message[0] : first;
		last = message[0];
	}
	printf("taken: %llu %llu %llu %llu\n", (unsigned long long) first, (unsigned long long) last,
			(unsigned long long) damaged, (unsigned long long) misplaced);
}

int main(int argc, char **argv) {
	struct ring *ring = (argc == 4) ? ring_map(argv[2]) : NULL;
	if (ring == NULL) {
		perror("ring send|receive FILE COUNT");
		return 1;
	}
	uint64_t count = strtoull(argv[3], NULL, 10);
	if (strcmp(argv[1], "send") == 0) {
		send_all(ring, count);
	}
	else {
		receive_all(ring, count);
	}
	return 0;
}
