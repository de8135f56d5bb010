// The kernels of one element type at every level, the table of each, and the functions that callers see. Included
// by kernels_f32.c and kernels_f64.c, which define the element type.

typedef struct {
#define GF_KERNEL(result, name, parameters, arguments) result(*name) parameters;
#include "../include/kernel_list.h"
#undef GF_KERNEL
} GF_TABLE;

// Blocks of the Gram matrix are as large as the registers of the level hold.
#define GF_LEVEL(name) baseline_##name
#if defined(__aarch64__)
#define GF_FUSES 1
#else
#define GF_FUSES 0
#endif
#define GF_VECTOR_BYTES 16
#define GF_TILE 2
#include "level.h"
#undef GF_LEVEL
#undef GF_FUSES
#undef GF_VECTOR_BYTES
#undef GF_TILE

#define GF_FUSES 1
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define GF_LEVEL(name) avx2_##name
#define GF_VECTOR_BYTES 32
#define GF_TILE 2
#include "level.h"
#undef GF_LEVEL
#undef GF_VECTOR_BYTES
#undef GF_TILE
#pragma clang attribute pop

#pragma clang attribute push( \
  __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#define GF_LEVEL(name) avx512_##name
#define GF_VECTOR_BYTES 64
#define GF_TILE 4
#include "level.h"
#undef GF_LEVEL
#undef GF_VECTOR_BYTES
#undef GF_TILE
#pragma clang attribute pop

static const GF_TABLE *const levels[] = {&baseline_table, &avx2_table, &avx512_table};
#else
static const GF_TABLE *const levels[] = {&baseline_table, &baseline_table, &baseline_table};
#endif

// From the highest level of this processor down, as gf_levels_below counts.
static const GF_TABLE *tables[3];

__attribute__((constructor)) static void order_tables(void) {
  const int highest = gf_processor_detected();
  for (int below = 0; below < 3; below++) tables[below] = levels[below < highest ? highest - below : 0];
}

#define GF_KERNEL(result, name, parameters, arguments) \
  result GF_PUBLIC(name) parameters { return tables[gf_levels_below]->name arguments; }
#include "../include/kernel_list.h"
#undef GF_KERNEL
