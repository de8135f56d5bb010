// Which of the compiled kernels a thread runs: chosen once for the processor, and narrowed by tests.
#ifndef GF_PROCESSOR_H
#define GF_PROCESSOR_H

#include <stdbool.h>

/// What the elementwise kernels are compiled for. A level includes those below it.
typedef enum gf_processor_level {
  /// What every processor of the architecture has: SSE2 on x86-64, NEON on arm64.
  GF_PROCESSOR_BASELINE = 0,
  /// AVX2 and FMA.
  GF_PROCESSOR_AVX2 = 1,
  /// AVX-512 F, VL, DQ, BW.
  GF_PROCESSOR_AVX512 = 2
} gf_processor_level;

/// The highest level this processor (and the operating system) supports.
gf_processor_level gf_processor_detected(void);
/// The level the calling thread uses: the highest, unless it was narrowed.
gf_processor_level gf_processor_used(void);
/// Narrows the calling thread to a level, at most the highest; returns the level used before.
gf_processor_level gf_use_processor(gf_processor_level level);

/// Whether LIBXSMM was there at build time and generates code on this processor.
bool gf_small_products_available(void);
/// Whether products prepared by the calling thread may come from LIBXSMM.
bool gf_small_products_used(void);
/// Lets or forbids the calling thread to use LIBXSMM; returns what was used before.
bool gf_use_small_products(bool use);

#endif
