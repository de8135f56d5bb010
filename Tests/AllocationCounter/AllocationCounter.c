#include "AllocationCounter.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#if defined(__GLIBC__)

#include <malloc.h>

#define PER_THREAD static _Thread_local __attribute__((tls_model("initial-exec")))

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

PER_THREAD long count;
PER_THREAD long largest;
PER_THREAD long held;
PER_THREAD long peak;

static void note_request(size_t size) {
  long bytes = size > LONG_MAX ? LONG_MAX : (long)size;
  count++;
  if (bytes > largest) largest = bytes;
}

static void *note_held(void *block) {
  if (block) held += (long)malloc_usable_size(block);
  if (held > peak) peak = held;
  return block;
}

static void note_released(void *block) {
  if (block) held -= (long)malloc_usable_size(block);
}

void *malloc(size_t size) {
  note_request(size);
  return note_held(__libc_malloc(size));
}

void *calloc(size_t number, size_t size) {
  size_t bytes;
  note_request(__builtin_mul_overflow(number, size, &bytes) ? SIZE_MAX : bytes);
  return note_held(__libc_calloc(number, size));
}

void *realloc(void *block, size_t size) {
  note_request(size);
  long before = block ? (long)malloc_usable_size(block) : 0;
  void *moved = __libc_realloc(block, size);
  if (moved || size == 0) held -= before;
  return note_held(moved);
}

void *memalign(size_t alignment, size_t size) {
  note_request(size);
  return note_held(__libc_memalign(alignment, size));
}

void free(void *block) {
  note_released(block);
  __libc_free(block);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
  *block = memalign(alignment, size);
  return *block ? 0 : ENOMEM;
}

bool allocations_are_counted(void) { return true; }
long allocation_count(void) { return count; }

void allocation_sizes_reset(void) { largest = held = peak = 0; }
long allocation_largest(void) { return largest; }
long allocation_peak(void) { return peak; }

#else

bool allocations_are_counted(void) { return false; }
long allocation_count(void) { return 0; }
void allocation_sizes_reset(void) {}
long allocation_largest(void) { return 0; }
long allocation_peak(void) { return 0; }

#endif
