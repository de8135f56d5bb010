// Kernels of the recurrent cells: matrix products for small shapes, activations with exact derivatives, the
// fused elementwise work of each cell, and the norms that probes ask for.
//
// Shapes: B batch, H hidden units, G gate blocks. All arrays are row-major.
// Every kernel of kernel_list.inc exists for float (`_f32`) and double (`_f64`), each compiled for every processor
// level of processor.h; a call runs the one that the calling thread uses. Code that is generic over the element calls
// `gf_NAME(element, …)`, which costs nothing where the compiler knows the element.
#ifndef CNUMERICKERNELS_H
#define CNUMERICKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blas_environment.h"
#include "element.h"
#include "floating_point_environment.h"
#include "matrix_products.h"
#include "processor.h"

/// Rows and columns of what `gram_matrix` takes are padded to multiples of these.
#define GF_GRAM_ROWS 4
#define GF_GRAM_COLUMNS 16

#define GF_KERNEL(result, name, parameters, arguments) result gf_##name##_f32 parameters;
#define GF_REAL float
#include "kernel_list.inc"
#undef GF_REAL
#undef GF_KERNEL

#define GF_KERNEL(result, name, parameters, arguments) result gf_##name##_f64 parameters;
#define GF_REAL double
#include "kernel_list.inc"
#undef GF_REAL
#undef GF_KERNEL

#define GF_KERNEL(result, name, parameters, arguments) result gf_##name parameters;
#include "double_list.inc"
#undef GF_KERNEL

#define GF_EACH(...) __VA_ARGS__
#define GF_KERNEL(result, name, parameters, arguments)                         \
  static inline result gf_##name(gf_element element, GF_EACH parameters) {     \
    if (element == GF_FLOAT32) return gf_##name##_f32 arguments;               \
    return gf_##name##_f64 arguments;                                          \
  }
#define GF_REAL void
#include "kernel_list.inc"
#undef GF_REAL
#undef GF_KERNEL
#undef GF_EACH

#endif
