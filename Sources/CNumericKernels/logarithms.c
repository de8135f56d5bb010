#include "logarithms.h"

#include <math.h>

#include "CNumericKernels.h"
#include "kernels/combined_norms.h"

// log10(m 2^e) = e log10 2 + log10 m with m in [√½, √2): log m = 2 s + s³ P(s²), s = (m - 1)/(m + 1), P of degree 7
// off by 2e-18; log10 2 in two parts, so that e log10 2 brings no error of its own.
static inline double log10_of(double norm, int64_t exponent) {
  uint64_t bits;
  memcpy(&bits, &norm, sizeof bits);
  // Puts the fraction of norm in [√½, √2): 0x6a09e… is √½ = 0.7071….
  const uint64_t offset = bits - 0x3fe6a09e667f3bcdu;
  const int64_t shift = (int64_t)offset >> 52;
  const double e = (double)(exponent + shift);
  const uint64_t fraction = bits - ((uint64_t)shift << 52);
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
  const double natural = f - s * (f - z * p);
  // Both parts of log10 2 times e: the high one has 11 zero bits at its end.
  const double high = 0x1.34413509f7800p-2, low = 0x1.fef311f12b358p-46;
  const double sum = e * low + natural * 0x1.bcb7b1526e50ep-2;
  double result = e * high + sum;
  result = norm == 0 ? -INFINITY : result;
  return norm < INFINITY ? result : norm;
}

static inline void log10_scaled(
  int64_t count, const double *norms, const ptrdiff_t *exponents, double *out) {
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

void gf_combine_norms(
  int count, const double *norms, const ptrdiff_t *exponents, double *norm, ptrdiff_t *exponent) {
  gf_combine(count, norms, exponents, norm, exponent);
}

// The long ones once more for wider processors.
#if defined(__x86_64__)
#define GF_AT(target_features, level)                                                              \
  __attribute__((target(target_features), flatten)) static void log10_scaled_##level(              \
    int64_t count, const double *norms, const ptrdiff_t *exponents, double *out) {                   \
    log10_scaled(count, norms, exponents, out);                                                    \
  }                                                                                                \
  __attribute__((target(target_features), flatten)) static void log10_combined_norms_##level(      \
    int64_t rows, int count, const double *norms, const ptrdiff_t *exponents, double *out) {         \
    log10_combined_norms(rows, count, norms, exponents, out);                                      \
  }
GF_AT("avx2,fma", avx2)
GF_AT("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma", avx512)
#define GF_DISPATCH(name, arguments)                                       \
  switch (gf_processor_used()) {                                           \
    case GF_PROCESSOR_AVX512: return name##_avx512 arguments;              \
    case GF_PROCESSOR_AVX2: return name##_avx2 arguments;                  \
    case GF_PROCESSOR_BASELINE: return name arguments;                     \
  }
#else
#define GF_DISPATCH(name, arguments) name arguments;
#endif

void gf_log10_scaled(int64_t count, const double *norms, const ptrdiff_t *exponents, double *out) {
  GF_DISPATCH(log10_scaled, (count, norms, exponents, out))
}

void gf_log10_combined_norms(
  int64_t rows, int count, const double *norms, const ptrdiff_t *exponents, double *out) {
  GF_DISPATCH(log10_combined_norms, (rows, count, norms, exponents, out))
}
