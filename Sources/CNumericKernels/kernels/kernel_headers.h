// What the texts of the kernels use, without a list of theirs defined.
#include <float.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "CNumericKernels.h"
#include "by_vectors.h"
#include "combined_norms.h"
#include "eight_lanes.h"
#include "exponentials.h"
#include "levels_below.h"
#include "logarithm.h"
#include "powers_of_two.h"
