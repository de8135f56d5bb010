#include "blas_environment.h"

#include "blas.h"

void gf_use_one_blas_thread(void) { openblas_set_num_threads(1); }
const char *gf_blas_configuration(void) { return openblas_get_config(); }
const char *gf_blas_core(void) { return openblas_get_corename(); }
