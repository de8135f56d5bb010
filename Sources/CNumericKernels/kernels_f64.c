// The kernels in double.
#include "kernels/kernel_headers.h"

#define GF_REAL double
#define GF_IS_FLOAT 0
#define GF_ABS fabs
#define GF_COPYSIGN copysign
#define GF_LEAST_NORMAL DBL_MIN
#define GF_GREATEST DBL_MAX
// tanh' at |a| = 16: beyond, 1 - |tanh a| has no digit in tanh a.
#define GF_SATURATED 5e-14
// A difference of two numbers this near to the same of +-1 has not 23 binary digits of its own.
#define GF_NEAR_ONE 9.3e-10
#define GF_MIN_EXPONENT -1022
#define GF_MAX_EXPONENT 1023
#define GF_EIGHT gf_doubles
#define GF_BITS int64_t
#define GF_EIGHT_BITS gf_double_bits
#define GF_MAGNITUDE_BITS INT64_C(0x7fffffffffffffff)
#define GF_EXPONENTIALS gf_exponentials_f64
#define GF_EXPONENTIALS_OF GF_LEVEL(exponentials_f64)
#define GF_LIST "../include/kernel_list.inc"
#define GF_TEXTS "of_elements.inc"
#define GF_TABLE gf_table_f64
#define GF_PUBLIC(name) gf_##name##_f64
#include "kernels/all_levels.inc"
