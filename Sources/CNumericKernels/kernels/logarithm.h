// The logarithm of a positive normal double, taken apart: x = m 2^e with m in [√½, √2).
//
//   log m = 2 s + s³ P(s²), s = (m - 1)/(m + 1), P of degree 7 off by 2e-18
#ifndef GF_LOGARITHM_H
#define GF_LOGARITHM_H

#include <stdint.h>
#include <string.h>

typedef struct {
  double of_mantissa;
  int64_t exponent;
} gf_logarithm;

static inline gf_logarithm gf_natural_logarithm(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  // 0x3fe6a09e… is √½.
  const int64_t exponent = (int64_t)(bits - 0x3fe6a09e667f3bcdu) >> 52;
  const uint64_t fraction = bits - ((uint64_t)exponent << 52);
  double m;
  memcpy(&m, &fraction, sizeof m);
  const double f = m - 1, s = f / (m + 1), z = s * s;
  double p = 0x1.0c1263e1bac13p-3;
  p = p * z + 0x1.0fbd2bafa02d6p-3;
  p = p * z + 0x1.3b1c42e3df02cp-3;
  p = p * z + 0x1.745cf8c4c7bcap-3;
  p = p * z + 0x1.c71c7201f207cp-3;
  p = p * z + 0x1.2492492476765p-2;
  p = p * z + 0x1.9999999999a3ap-2;
  p = p * z + 0x1.5555555555555p-1;
  // 2 s = f - s f, exact to the last bit of f where f is small.
  gf_logarithm result = {f - s * (f - z * p), exponent};
  return result;
}

#endif
