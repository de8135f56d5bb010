// OpenBLAS with LAPACKE, as one module.
#if __has_include(<cblas.h>) && __has_include(<lapacke.h>)
#include <cblas.h>
#include <lapacke.h>
#else
#error "OpenBLAS or LAPACKE is missing: run script/bootstrap, or apt-get install libopenblas-dev liblapacke-dev"
#endif
