// Matrix products, any shape or prepared for one.
#ifndef GF_MATRIX_PRODUCTS_H
#define GF_MATRIX_PRODUCTS_H

#include <stdbool.h>

#include "element.h"

/// C [m,n] = op(A) op(B) (+ C) by BLAS; if it is not accumulated, C is overwritten, whatever it held.
void gf_multiply(
  gf_element element, bool transpose_a, bool transpose_b, int m, int n, int k, const void *a, int lda,
  const void *b, int ldb, bool accumulate, void *c, int ldc);

/// A product of fixed shape, C [m,n] = op(A) B (+ C), with the code that computes it. Plain data; stays valid as
/// long as the process runs.
typedef struct gf_product {
  /// A function generated for this shape; null: BLAS.
  void (*generated)(const void *, const void *, void *);
  int m, n, k, lda, ldb, ldc;
  bool transpose_a, accumulate;
  gf_element element;
} gf_product;

/// op(A) [m,k] is A, or the transpose of A [k,m]; B is [k,n]. Products that repeat, as those of a time loop do,
/// are worth preparing: the shape is looked up, or compiled, once.
gf_product gf_prepare_product(
  gf_element element, bool transpose_a, bool accumulate, int m, int n, int k, int lda, int ldb, int ldc);

void gf_run_product(const gf_product *product, const void *a, const void *b, void *c);

#endif
