#include "matrix_products.h"

#include <stdint.h>

#include "blas.h"
#include "processor.h"
#include "small_products.h"

void gf_multiply(
  gf_element element, bool transpose_a, bool transpose_b, int m, int n, int k, const void *a, int lda,
  const void *b, int ldb, bool accumulate, void *c, int ldc) {
  const enum CBLAS_TRANSPOSE op_a = transpose_a ? CblasTrans : CblasNoTrans,
                             op_b = transpose_b ? CblasTrans : CblasNoTrans;
  if (element == GF_FLOAT32)
    cblas_sgemm(CblasRowMajor, op_a, op_b, m, n, k, 1, a, lda, b, ldb, accumulate, c, ldc);
  else
    cblas_dgemm(CblasRowMajor, op_a, op_b, m, n, k, 1, a, lda, b, ldb, accumulate, c, ldc);
}

// Generated code reads B once for every few rows of A and does not pack it: beyond this many bytes BLAS is the faster
// one, but for a single row, where there is nothing to pack for.
static const int64_t largest_operand = INT64_C(1) << 23;

gf_product gf_prepare_product(
  gf_element element, bool transpose_a, bool accumulate, int m, int n, int k, int lda, int ldb, int ldc) {
  gf_product product = {
    .generated = 0, .m = m, .n = n, .k = k, .lda = lda, .ldb = ldb, .ldc = ldc,
    .transpose_a = transpose_a, .accumulate = accumulate, .element = element};
  const int64_t size = element == GF_FLOAT32 ? sizeof(float) : sizeof(double);
  if (gf_small_products_used() && (m == 1 || (int64_t)k * n * size <= largest_operand))
    product.generated = gf_generate_product(&product);
  return product;
}

// In a function of its own: generated code is to cost no more than the jump to it.
static __attribute__((noinline)) void run_by_blas(const gf_product *p, const void *a, const void *b, void *c) {
  gf_multiply(
    p->element, p->transpose_a, false, p->m, p->n, p->k, a, p->lda, b, p->ldb, p->accumulate, c, p->ldc);
}

void gf_run_product(const gf_product *p, const void *a, const void *b, void *c) {
  if (p->generated) return p->generated(b, a, c);
  run_by_blas(p, a, b, c);
}
