// Kernels of the recurrent cells: matrix products for small shapes, activations with exact derivatives,
// and the fused elementwise work of each cell, forward and backward.
//
// Shapes: B batch, H hidden units, G gate blocks. All arrays are row-major and dense.
// Every function exists for float (`_f32`) and double (`_f64`).
#ifndef CNUMERICKERNELS_H
#define CNUMERICKERNELS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Uses one BLAS thread in this process: parallelism is over trials.
void gf_use_one_blas_thread(void);

/// The BLAS build and the processor core it chose, for manifests. Static storage.
const char *gf_blas_configuration(void);
const char *gf_blas_core(void);

/// Sets flush-to-zero and denormals-are-zero for the calling thread; returns the previous control word.
uint64_t gf_flush_denormals(void);
/// Restores a control word that `gf_flush_denormals` returned.
void gf_restore_denormals(uint64_t previous);

#define GF_REAL float
#define GF_NAME(name) name##_f32
#include "kernel_declarations.h"
#undef GF_REAL
#undef GF_NAME

#define GF_REAL double
#define GF_NAME(name) name##_f64
#include "kernel_declarations.h"
#undef GF_REAL
#undef GF_NAME

#ifdef __cplusplus
}
#endif
#endif
