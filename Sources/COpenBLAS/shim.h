// OpenBLAS with LAPACKE, as one module.
#if __has_include(<cblas.h>) && __has_include(<lapacke.h>)

// LAPACK's complex numbers as structs, which Swift can see; it cannot see C's own. The same bytes.
typedef struct { float real, imaginary; } complex_float;
typedef struct { double real, imaginary; } complex_double;
#define LAPACK_COMPLEX_CUSTOM
#define lapack_complex_float complex_float
#define lapack_complex_double complex_double

#include <cblas.h>
#include <lapacke.h>
#else
#error "OpenBLAS or LAPACKE is missing: run script/bootstrap, or apt-get install libopenblas-dev liblapacke-dev"
#endif
