#include "floating_point_environment.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// x86-64: bits 15 (flush to zero) and 6 (denormals are zero) of MXCSR. arm64: bit 24 (FZ) of FPCR.
uint64_t gf_flush_denormals(void) {
#if defined(__x86_64__)
  unsigned previous = _mm_getcsr();
  _mm_setcsr(previous | 0x8040);
  return previous;
#elif defined(__aarch64__)
  uint64_t previous;
  __asm__ volatile("mrs %0, fpcr" : "=r"(previous));
  __asm__ volatile("msr fpcr, %0" : : "r"(previous | (UINT64_C(1) << 24)));
  return previous;
#else
  return 0;
#endif
}

void gf_restore_denormals(uint64_t previous) {
#if defined(__x86_64__)
  _mm_setcsr((unsigned)previous);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(previous));
#else
  (void)previous;
#endif
}
