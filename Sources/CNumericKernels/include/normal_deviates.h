// Normal deviates from uniform ones.
#ifndef GF_NORMAL_DEVIATES_H
#define GF_NORMAL_DEVIATES_H

#include <stdint.h>

/// Box and Muller: each pair (u, v) of uniform numbers in [0, 1) becomes the pair of standard normal ones
/// √(-2 log(1 - u)) (cos 2πv, sin 2πv), times `scale`. In place; u and v are multiples of 2^-53.
void gf_normal_deviates(int64_t pairs, double scale, double *values);

#endif
