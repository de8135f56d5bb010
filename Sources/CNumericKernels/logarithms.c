#include "logarithms.h"

#include <math.h>

#include "kernels/combined_norms.h"
#include "kernels/logarithm.h"
#include "kernels/wider_processors.h"

// log10 (x 2^exponent) = e log10 2 + log10 m; log10 2 in two parts, the high one with 11 zero bits at its end, so that
// e log10 2 brings hardly an error of its own.
static inline double log10_of(double x, int64_t exponent) {
  const gf_logarithm natural = gf_natural_logarithm(x);
  const double e = (double)(exponent + natural.exponent);
  const double low = e * 0x1.fef311f12b358p-46 + natural.of_mantissa * 0x1.bcb7b1526e50ep-2;
  double result = e * 0x1.34413509f7800p-2 + low;
  result = x == 0 ? -INFINITY : result;
  return x < INFINITY ? result : x;
}

static inline void log10_scaled(
  int64_t count, const double *norms, const ptrdiff_t *exponents, double *out) {
  // An element is read before it is written, also where `out` is `norms`.
#pragma clang loop vectorize(assume_safety)
  for (int64_t k = 0; k < count; k++) out[k] = log10_of(norms[k], exponents[k]);
}

static inline void log10_combined_norms(
  int64_t rows, int count, const double *norms, const ptrdiff_t *exponents, double *out) {
  if (count == 1) return log10_scaled(rows, norms, exponents, out);
  // A block at a time, so that the logarithms are taken side by side.
  enum { block = 64 };
  ptrdiff_t combined[block];
  for (int64_t start = 0; start < rows; start += block) {
    const int64_t size = rows - start < block ? rows - start : block;
    for (int64_t r = 0; r < size; r++)
      gf_combine(
        count, norms + (start + r) * count, exponents + (start + r) * count, &out[start + r],
        &combined[r]);
    log10_scaled(size, out + start, combined, out + start);
  }
}

GF_FOR_EVERY_LEVEL(
  log10_scaled, (int64_t count, const double *norms, const ptrdiff_t *exponents, double *out),
  (count, norms, exponents, out))

GF_FOR_EVERY_LEVEL(
  log10_combined_norms,
  (int64_t rows, int count, const double *norms, const ptrdiff_t *exponents, double *out),
  (rows, count, norms, exponents, out))
