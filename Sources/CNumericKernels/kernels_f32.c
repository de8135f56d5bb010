// The kernels in float.
#include "kernels/kernel_headers.h"

#define GF_REAL float
#define GF_IS_FLOAT 1
#define GF_ABS fabsf
#define GF_COPYSIGN copysignf
#define GF_LEAST_NORMAL FLT_MIN
#define GF_GREATEST FLT_MAX
// tanh' at |a| = 8: beyond, 1 - |tanh a| has no digit in tanh a.
#define GF_SATURATED 4.5e-7f
// A difference of two numbers this near to the same of +-1 has not six binary digits of its own.
#define GF_NEAR_ONE 3.8e-6f
#define GF_MIN_EXPONENT -126
#define GF_MAX_EXPONENT 127
#define GF_EIGHT gf_floats
#define GF_BITS int32_t
#define GF_EIGHT_BITS gf_float_bits
#define GF_MAGNITUDE_BITS 0x7fffffff
#define GF_EXPONENTIALS gf_exponentials_f32
#define GF_EXPONENTIALS_OF GF_LEVEL(exponentials_f32)
#define GF_LIST "../include/kernel_list.inc"
#define GF_TEXTS "of_elements.inc"
#define GF_TABLE gf_table_f32
#define GF_PUBLIC(name) gf_##name##_f32
#include "kernels/all_levels.inc"
