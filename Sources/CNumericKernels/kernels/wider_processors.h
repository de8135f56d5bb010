// A function of doubles alone, compiled once more for wider processors and chosen by the thread's level. For functions
// that have no counterpart in float; the others are in kernel_list.h.
#ifndef GF_WIDER_PROCESSORS_H
#define GF_WIDER_PROCESSORS_H

#include "../include/processor.h"

#if defined(__x86_64__)
/// Defines the public function `gf_name parameters`, which runs the static inline function `name`.
#define GF_FOR_EVERY_LEVEL(name, parameters, arguments)                                             \
  __attribute__((target("avx2,fma"), flatten)) static void name##_avx2 parameters { name arguments; } \
  __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"), flatten)) static void       \
    name##_avx512 parameters { name arguments; }                                                    \
  void gf_##name parameters {                                                                       \
    switch (gf_processor_used()) {                                                                  \
      case GF_PROCESSOR_AVX512: name##_avx512 arguments; return;                                    \
      case GF_PROCESSOR_AVX2: name##_avx2 arguments; return;                                        \
      case GF_PROCESSOR_BASELINE: name arguments; return;                                           \
    }                                                                                               \
  }
#else
#define GF_FOR_EVERY_LEVEL(name, parameters, arguments) \
  void gf_##name parameters { name arguments; }
#endif

#endif
