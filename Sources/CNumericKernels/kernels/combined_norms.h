// The norm of a vector given by the norms of its parts, each with an exponent of its own.
#ifndef GF_COMBINED_NORMS_H
#define GF_COMBINED_NORMS_H

#include <math.h>
#include <stddef.h>

#include "powers_of_two.h"

static inline void gf_combine(
  int count, const double *norms, const ptrdiff_t *exponents, double *norm, ptrdiff_t *exponent) {
  if (count == 1) {
    *norm = norms[0];
    *exponent = exponents[0];
    return;
  }
  int64_t largest = INT64_MIN;
  for (int b = 0; b < count; b++) {
    const int64_t e = exponents[b] + gf_exponent_of(norms[b]);
    largest = norms[b] > 0 && e > largest ? e : largest;
  }
  if (largest == INT64_MIN) largest = 0;
  double square = 0;
  for (int b = 0; b < count; b++) {
#pragma clang fp reassociate(on)
    // The norm's own power of two goes into the exponent first: together they may not fit a double.
    const int64_t own = gf_exponent_of(norms[b]);
    const int64_t distance = exponents[b] + own - largest;
    const double mantissa = norms[b] * gf_power_of_two(-own > 1023 ? 1023 : -own);
    const double part = norms[b] < INFINITY ? mantissa * gf_power_of_two(distance) : norms[b];
    square += norms[b] == 0 ? 0 : part * part;
  }
  *norm = __builtin_elementwise_sqrt(square);
  *exponent = largest;
}

#endif
