// Counts the heap allocations of a thread, by standing in for the allocator of the whole test program.
#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdbool.h>

/// Whether allocations are counted on this system (glibc).
bool allocations_are_counted(void);
/// Allocations and reallocations of the calling thread so far.
long allocation_count(void);

/// Forgets the sizes of what the calling thread has allocated so far.
void allocation_sizes_reset(void);
/// The largest block in bytes that the calling thread has asked for since the reset, whether it got it or not.
long allocation_largest(void);
/// The most bytes that the calling thread has held at a time of what it has allocated since the reset.
long allocation_peak(void);

#endif
