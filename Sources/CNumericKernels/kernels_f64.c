#include "CNumericKernels.h"

#include <math.h>

#include "blas.h"

#define GF_REAL double
#define GF_NAME(name) name##_f64
#define GF_GEMM cblas_dgemm
#define GF_EXP exp
#define GF_TANH tanh
#define GF_ABS fabs
#include "kernel_definitions.h"
