#include "small_products.h"

#include "processor.h"

#include <stddef.h>

#if defined(GF_LOOKS_FOR_LIBXSMM) && __has_include(<libxsmm.h>)

#include <libxsmm.h>

bool gf_small_products_available(void) { return libxsmm_get_target_archid() >= LIBXSMM_X86_AVX2; }

// LIBXSMM is column-major: a row-major C = A B is its Cᵀ = Bᵀ Aᵀ, on the same memory. It takes a transposed second
// operand, which is our op(A).
gf_generated_product gf_generate_product(const gf_product *p) {
  const int flags = p->transpose_a ? LIBXSMM_GEMM_FLAG_TRANS_B : LIBXSMM_GEMM_FLAG_NONE;
  if (p->element == GF_FLOAT32) {
    const float one = 1, beta = p->accumulate;
    return (gf_generated_product)libxsmm_smmdispatch(
      p->n, p->m, p->k, &p->ldb, &p->lda, &p->ldc, &one, &beta, &flags, NULL);
  }
  const double one = 1, beta = p->accumulate;
  return (gf_generated_product)libxsmm_dmmdispatch(
    p->n, p->m, p->k, &p->ldb, &p->lda, &p->ldc, &one, &beta, &flags, NULL);
}

#else

bool gf_small_products_available(void) { return false; }
gf_generated_product gf_generate_product(const gf_product *p) { return (void)p, NULL; }

#endif
