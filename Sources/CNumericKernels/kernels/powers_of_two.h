// Powers of two of a double, without a call.
#ifndef GF_POWERS_OF_TWO_H
#define GF_POWERS_OF_TWO_H

#include <stdint.h>
#include <string.h>

/// e with 2^e <= x < 2^(e+1), for a positive normal x.
static inline int64_t gf_exponent_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return (int64_t)(bits >> 52 & 0x7ff) - 1023;
}

/// 2^exponent, 0 below the range of normal doubles; exponent is at most 1023.
static inline double gf_power_of_two(int64_t exponent) {
  uint64_t bits = exponent < -1022 ? 0 : (uint64_t)(exponent + 1023) << 52;
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

#endif
