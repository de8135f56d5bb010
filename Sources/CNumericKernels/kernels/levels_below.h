// How far a thread was narrowed. Every kernel asks for it, so it is read without a call and without a branch.
#ifndef GF_LEVELS_BELOW_H
#define GF_LEVELS_BELOW_H

/// By how many levels the calling thread stays below the highest of the processor; 0 unless it was narrowed.
extern _Thread_local unsigned char gf_levels_below __attribute__((visibility("hidden")));

#endif
