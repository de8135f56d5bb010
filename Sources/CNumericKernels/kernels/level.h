// All kernels at one processor level; included by all_levels.h once for each, with GF_LEVEL naming it.
#include "exponentials_f32.h"
#include "exponentials_f64.h"

#include "activations.h"
#include "cell_steps.h"
#include "row_arithmetic.h"

#include "norms.h"

#include "contributions.h"
#include "losses.h"
#include "optimisers.h"

static const GF_TABLE GF_LEVEL(table) = {
#define GF_KERNEL(result, name, parameters, arguments) .name = GF_LEVEL(name),
#include "../include/kernel_list.h"
#undef GF_KERNEL
};
