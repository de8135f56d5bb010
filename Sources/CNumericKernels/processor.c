#include "processor.h"

#include "kernels/levels_below.h"

gf_processor_level gf_processor_detected(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
      && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw"))
    return GF_PROCESSOR_AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return GF_PROCESSOR_AVX2;
#endif
  return GF_PROCESSOR_BASELINE;
}

_Thread_local unsigned char gf_levels_below;
static _Thread_local bool without_small_products;

gf_processor_level gf_processor_used(void) {
  return (gf_processor_level)(gf_processor_detected() - gf_levels_below);
}

gf_processor_level gf_use_processor(gf_processor_level level) {
  const gf_processor_level before = gf_processor_used(), highest = gf_processor_detected();
  gf_levels_below = (unsigned char)(level > highest ? 0 : highest - level);
  return before;
}

bool gf_small_products_used(void) { return !without_small_products && gf_small_products_available(); }

bool gf_use_small_products(bool use) {
  const bool before = gf_small_products_used();
  without_small_products = !use;
  return before;
}
