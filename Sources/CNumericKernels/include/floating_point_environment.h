// How this thread treats denormal numbers.
#ifndef GF_FLOATING_POINT_ENVIRONMENT_H
#define GF_FLOATING_POINT_ENVIRONMENT_H

#include <stdint.h>

/// Sets flush-to-zero and denormals-are-zero for the calling thread; returns the previous control word.
uint64_t gf_flush_denormals(void);
/// Restores a control word that `gf_flush_denormals` returned.
void gf_restore_denormals(uint64_t previous);

#endif
