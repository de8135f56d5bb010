// How this thread treats denormal numbers.
#ifndef GF_FLOATING_POINT_ENVIRONMENT_H
#define GF_FLOATING_POINT_ENVIRONMENT_H

#include <stdbool.h>
#include <stdint.h>

/// Sets flush-to-zero and denormals-are-zero for the calling thread; returns the previous control word.
uint64_t gf_flush_denormals(void);
/// Restores a control word that `gf_flush_denormals` returned.
void gf_restore_denormals(uint64_t previous);

/// Whether a result since ``gf_forget_range_exceptions()`` was beyond the range on this thread: below it, and so flushed
/// to 0, or above it, and so infinite. The processor notes it in a sticky bit, which costs the arithmetic nothing;
/// always false on a processor that is not known here, where denormal numbers are not flushed either.
static inline bool gf_left_the_range(void) {
#if defined(__x86_64__)
  unsigned status;
  __asm__ volatile("stmxcsr %0" : "=m"(status) : : "memory");
  return (status & 0x18) != 0;
#elif defined(__aarch64__)
  uint64_t status;
  __asm__ volatile("mrs %0, fpsr" : "=r"(status) : : "memory");
  return (status & 0xc) != 0;
#else
  return false;
#endif
}

/// Clears the bits that `gf_left_the_range` reads; cheap where they are clear already.
static inline void gf_forget_range_exceptions(void) {
  if (!gf_left_the_range()) return;
#if defined(__x86_64__)
  unsigned status;
  __asm__ volatile("stmxcsr %0" : "=m"(status) : : "memory");
  status &= ~0x18u;
  __asm__ volatile("ldmxcsr %0" : : "m"(status) : "memory");
#elif defined(__aarch64__)
  uint64_t status;
  __asm__ volatile("mrs %0, fpsr" : "=r"(status) : : "memory");
  status &= ~UINT64_C(0xc);
  __asm__ volatile("msr fpsr, %0" : : "r"(status) : "memory");
#endif
}

#endif
