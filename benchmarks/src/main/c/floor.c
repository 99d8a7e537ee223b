/*
 * What the system calls and the memory cost by themselves: the floor under what is measured in Java.
 * Called with a work, a file, how much of it to touch and for how long, prints a figure and its unit.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096

static volatile uint64_t sink;

/* How long to measure, in seconds, after a third of that */
static double seconds;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void check(int good, const char *what) {
  if (!good) {
    perror(what);
    exit(1);
  }
}

static int open_file(const char *path, size_t *length) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  check(descriptor >= 0, "open");
  struct stat status;
  check(fstat(descriptor, &status) == 0, "fstat");
  *length = status.st_size;
  return descriptor;
}

static uint8_t *map(int descriptor, size_t length) {
  uint8_t *memory = mmap(NULL, length, PROT_READ, MAP_SHARED, descriptor, 0);
  check(memory != MAP_FAILED, "mmap");
  return memory;
}

static uint8_t *map_file(const char *path, size_t *length) {
  int descriptor = open_file(path, length);
  return map(descriptor, *length);
}

static void touch(const uint8_t *memory, size_t length) {
  uint64_t sum = 0;
  for (size_t at = 0; at < length; at += PAGE) {
    sum += memory[at];
  }
  sink = sum;
}

/* Open, map, touch each page, unmap; or only once opened */
static double map_touch_unmap(const char *path, int open_each_time, size_t touched) {
  size_t length;
  int kept = open_file(path, &length);
  double total = 0;
  long count = 0;
  for (int phase = 0; phase < 2; phase++) {
    double start = now(), end = start + ((phase == 0) ? seconds / 3 : seconds);
    count = 0;
    while (now() < end) {
      for (int i = 0; i < 16; i++, count++) {
        int descriptor = open_each_time ? open_file(path, &length) : kept;
        uint8_t *memory = map(descriptor, length);
        if (open_each_time) {
          close(descriptor);
        }
        touch(memory, touched);
        check(munmap(memory, length) == 0, "munmap");
      }
    }
    total = now() - start;
  }
  return total / count * 1e9;
}

/* Passes per second */
static double scan(const char *path) {
  size_t length;
  uint8_t *memory = map_file(path, &length);
  const uint64_t *words = (const uint64_t *) memory;
  touch(memory, length);
  double start = 0;
  long rounds = 0;
  for (int phase = 0; phase < 2; phase++) {
    double end;
    start = now();
    end = start + ((phase == 0) ? seconds / 3 : seconds);
    rounds = 0;
    do {
      uint64_t sum = 0;
      for (size_t i = 0; i < length / 8; i++) {
        sum += words[i];
      }
      sink = sum;
      rounds++;
    } while (now() < end);
  }
  return rounds / (now() - start);
}

/* Reads per second, each of which depends on the one before */
static double random_reads(const char *path) {
  size_t length;
  uint8_t *memory = map_file(path, &length);
  const uint64_t *words = (const uint64_t *) memory;
  touch(memory, length);
  uint64_t mask = length / 8 - 1, position = 0, step = 0;
  double start = 0;
  long count = 0;
  for (int phase = 0; phase < 2; phase++) {
    double end;
    start = now();
    end = start + ((phase == 0) ? seconds / 3 : seconds);
    count = 0;
    do {
      for (int i = 0; i < 4096; i++) {
        position = (words[position & mask] ^ (step += 0x9E3779B97F4A7C15ULL)) >> 8;
      }
      count += 4096;
    } while (now() < end);
  }
  sink = position;
  return count / (now() - start);
}

int main(int count, char **arguments) {
  check(count == 5, "usage: floor WORK FILE BYTES-TO-TOUCH SECONDS");
  const char *work = arguments[1], *path = arguments[2];
  size_t touched = strtoull(arguments[3], NULL, 10);
  seconds = strtod(arguments[4], NULL);
  if (strcmp(work, "map-touch-unmap") == 0) {
    printf("%f ns/op\n", map_touch_unmap(path, 0, touched));
  } else if (strcmp(work, "open-map-touch-unmap") == 0) {
    printf("%f ns/op\n", map_touch_unmap(path, 1, touched));
  } else if (strcmp(work, "scan") == 0) {
    printf("%f ops/s\n", scan(path));
  } else if (strcmp(work, "random-reads") == 0) {
    printf("%f ops/s\n", random_reads(path));
  } else {
    fprintf(stderr, "unknown work: %s\n", work);
    return 1;
  }
  return 0;
}
