// Matrix products, any shape or prepared for one.
#ifndef GF_MATRIX_PRODUCTS_H
#define GF_MATRIX_PRODUCTS_H

#include <stdbool.h>

/// C [m,n] = op(A) op(B) + beta C by BLAS. `beta` is 0 (C is overwritten, whatever it held) or 1.
void gf_multiply_f32(
  bool transpose_a, bool transpose_b, int m, int n, int k,
  const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);
void gf_multiply_f64(
  bool transpose_a, bool transpose_b, int m, int n, int k,
  const double *a, int lda, const double *b, int ldb, double beta, double *c, int ldc);

/// A product of fixed shape, C [m,n] = op(A) B (+ C), with the code that computes it. Plain data; stays valid as
/// long as the process runs.
typedef struct gf_product {
  /// A function generated for this shape; null: BLAS.
  void (*generated)(const void *, const void *, void *);
  int m, n, k, lda, ldb, ldc;
  bool transpose_a, accumulate;
} gf_product;

/// op(A) [m,k] is A, or the transpose of A [k,m]; B is [k,n]. Products that repeat, as those of a time loop do,
/// are worth preparing: the shape is looked up, or compiled, once.
gf_product gf_prepare_product_f32(
  bool transpose_a, bool accumulate, int m, int n, int k, int lda, int ldb, int ldc);
gf_product gf_prepare_product_f64(
  bool transpose_a, bool accumulate, int m, int n, int k, int lda, int ldb, int ldc);

void gf_run_product_f32(const gf_product *product, const float *a, const float *b, float *c);
void gf_run_product_f64(const gf_product *product, const double *a, const double *b, double *c);

#endif
