// Counts the heap allocations of a thread, by standing in for the allocator of the whole test program.
#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdbool.h>

/// Whether allocations are counted on this system (glibc).
bool allocations_are_counted(void);
/// Allocations and reallocations of the calling thread so far.
long allocation_count(void);

#endif
