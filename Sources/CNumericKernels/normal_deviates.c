#include "normal_deviates.h"

#include <math.h>

#include "kernels/logarithm.h"
#include "kernels/wider_processors.h"

// With r the distance of v from the nearest quarter, |r| <= 1/8: sin 2πr = r S(r²), off by 2e-17, and
// cos 2πr = 1 + r² C(r²), off by 8e-18; the quarter tells which is which, and the signs.
static inline void normal_deviates(int64_t pairs, double scale, double *values) {
  for (int64_t k = 0; k < pairs; k++) {
    const double u = values[2 * k], v = values[2 * k + 1];
    const gf_logarithm natural = gf_natural_logarithm(1 - u);
    const double e = (double)natural.exponent;
    const double logarithm = e * 0x1.62e42fefa3800p-1 + (e * 0x1.ef35793c76730p-45 + natural.of_mantissa);
    const double radius = scale * __builtin_elementwise_sqrt(-2 * logarithm);

    const double shift = 0x1.8p52, shifted = 4 * v + shift;
    uint64_t quarter;
    memcpy(&quarter, &shifted, sizeof quarter);
    const double r = v - 0.25 * (shifted - shift), z = r * r;
    double s = 0x1.e3f17958f5e16p+1;
    s = s * z - 0x1.e3006c12599fcp+3;
    s = s * z + 0x1.50782fd4537f6p+5;
    s = s * z - 0x1.32d2cce2e0532p+6;
    s = s * z + 0x1.466bc677587b0p+6;
    s = s * z - 0x1.4abbce625be41p+5;
    s = s * z + 0x1.921fb54442d18p+2;
    const double sine = r * s;
    double c = -0x1.b2f25067b3215p+0;
    c = c * z + 0x1.f9ce1ff2879e9p+2;
    c = c * z - 0x1.a6d1eeeff4eb7p+4;
    c = c * z + 0x1.e1f50686849d0p+5;
    c = c * z - 0x1.55d3c7e3cb225p+6;
    c = c * z + 0x1.03c1f081b5ac0p+6;
    c = c * z - 0x1.3bd3cc9be45dep+4;
    const double cosine = 1 + z * c;
    // Quarters 0…3 turn (cos, sin) into (c, s), (-s, c), (-c, -s), (s, -c).
    const double first = quarter & 1 ? sine : cosine, second = quarter & 1 ? cosine : sine;
    values[2 * k] = radius * ((quarter + 1) & 2 ? -first : first);
    values[2 * k + 1] = radius * (quarter & 2 ? -second : second);
  }
}

GF_FOR_EVERY_LEVEL(normal_deviates, (int64_t pairs, double scale, double *values), (pairs, scale, values))
