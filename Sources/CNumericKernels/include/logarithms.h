// log10 of numbers norm · 2^exponent whose exponent is an integer of its own.
#ifndef GF_LOGARITHMS_H
#define GF_LOGARITHMS_H

#include <stddef.h>
#include <stdint.h>

/// out[k] = log10(norms[k] 2^exponents[k]); -∞ for 0, NaN for NaN. `norms` are 0 or normal, not negative.
/// Within 2 ulp. `out` may be `norms`.
void gf_log10_scaled(int64_t count, const double *norms, const ptrdiff_t *exponents, double *out);

/// out[r] = log10 of √(Σ_b (norms[r,b] 2^exponents[r,b])²), for the rows of `norms` and `exponents` [rows, count].
void gf_log10_combined_norms(
  int64_t rows, int count, const double *norms, const ptrdiff_t *exponents, double *out);

#endif
