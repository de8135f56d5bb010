#include "CNumericKernels.h"

#include <math.h>

#include "blas.h"

#define GF_REAL float
#define GF_NAME(name) name##_f32
#define GF_GEMM cblas_sgemm
#define GF_EXP expf
#define GF_TANH tanhf
#define GF_ABS fabsf
#include "kernel_definitions.h"
