#include "matrix_products.h"

#include <stdint.h>

#include "blas.h"
#include "processor.h"
#include "small_products.h"

void gf_multiply_f32(
  bool transpose_a, bool transpose_b, int m, int n, int k, const float *a, int lda, const float *b,
  int ldb, float beta, float *c, int ldc) {
  cblas_sgemm(
    CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans,
    m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
}

void gf_multiply_f64(
  bool transpose_a, bool transpose_b, int m, int n, int k, const double *a, int lda, const double *b,
  int ldb, double beta, double *c, int ldc) {
  cblas_dgemm(
    CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans,
    m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
}

// Generated code reads B once for every few rows of A and does not pack it: beyond this many bytes BLAS is the faster
// one, but for a single row, where there is nothing to pack for.
static const int64_t largest_operand = INT64_C(1) << 23;

static gf_product prepare(
  bool transpose_a, bool accumulate, int m, int n, int k, int lda, int ldb, int ldc,
  gf_generated_product (*generate)(const gf_product *), int64_t element_size) {
  gf_product product = {
    .generated = 0, .m = m, .n = n, .k = k, .lda = lda, .ldb = ldb, .ldc = ldc,
    .transpose_a = transpose_a, .accumulate = accumulate};
  if (gf_small_products_used() && (m == 1 || (int64_t)k * n * element_size <= largest_operand))
    product.generated = generate(&product);
  return product;
}

gf_product gf_prepare_product_f32(
  bool transpose_a, bool accumulate, int m, int n, int k, int lda, int ldb, int ldc) {
  return prepare(
    transpose_a, accumulate, m, n, k, lda, ldb, ldc, gf_generate_product_f32, sizeof(float));
}

gf_product gf_prepare_product_f64(
  bool transpose_a, bool accumulate, int m, int n, int k, int lda, int ldb, int ldc) {
  return prepare(
    transpose_a, accumulate, m, n, k, lda, ldb, ldc, gf_generate_product_f64, sizeof(double));
}

void gf_run_product_f32(const gf_product *p, const float *a, const float *b, float *c) {
  if (p->generated) return p->generated(b, a, c);
  gf_multiply_f32(
    p->transpose_a, false, p->m, p->n, p->k, a, p->lda, b, p->ldb, p->accumulate ? 1 : 0, c, p->ldc);
}

void gf_run_product_f64(const gf_product *p, const double *a, const double *b, double *c) {
  if (p->generated) return p->generated(b, a, c);
  gf_multiply_f64(
    p->transpose_a, false, p->m, p->n, p->k, a, p->lda, b, p->ldb, p->accumulate ? 1 : 0, c, p->ldc);
}
