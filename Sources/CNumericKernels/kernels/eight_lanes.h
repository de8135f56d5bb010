// Eight numbers at once, whatever registers the processor has; to be read from anywhere an element may be.
#ifndef GF_EIGHT_LANES_H
#define GF_EIGHT_LANES_H

#include <stdint.h>

typedef float gf_floats __attribute__((vector_size(32), aligned(4), may_alias));
typedef int32_t gf_float_bits __attribute__((vector_size(32), aligned(4), may_alias));
typedef int64_t gf_double_bits __attribute__((vector_size(64), aligned(8), may_alias));
typedef double gf_doubles __attribute__((vector_size(64), aligned(8), may_alias));
typedef double gf_four_doubles __attribute__((vector_size(32)));
typedef double gf_two_doubles __attribute__((vector_size(16)));

/// The eight elements at `x`, of type GF_EIGHT, in double.
#define GF_WIDEN(x) __builtin_convertvector(*(const GF_EIGHT *)(x), gf_doubles)

// Sums run in 32 lanes of double: enough to keep two vector units busy, and the same order of additions at every
// level and for both element types.
#define GF_SUMS 32

#endif
