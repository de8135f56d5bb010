// The BLAS this process runs on.
#ifndef GF_BLAS_ENVIRONMENT_H
#define GF_BLAS_ENVIRONMENT_H

/// Uses one BLAS thread in this process: parallelism is over trials.
void gf_use_one_blas_thread(void);

/// The BLAS build and the processor core it chose, for manifests. Static storage.
const char *gf_blas_configuration(void);
const char *gf_blas_core(void);

#endif
