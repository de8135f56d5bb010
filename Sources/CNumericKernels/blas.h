// CBLAS, or a message that says how to get it.
#if __has_include(<cblas.h>)
#include <cblas.h>
#else
#error "OpenBLAS is missing: run script/bootstrap, or apt-get install libopenblas-dev liblapacke-dev"
#endif
