// The kernels of doubles alone.
#include "kernels/kernel_headers.h"

#define GF_LIST "../include/double_list.inc"
#define GF_TEXTS "of_doubles.inc"
#define GF_TABLE gf_table_doubles
#define GF_PUBLIC(name) gf_##name
#include "kernels/all_levels.inc"
