// e^x and e^x - 1 for x <= 0 in float, from one polynomial.
//
//   x = n ln 2 + r, |r| <= ln 2 / 2;  p = e^r - 1 = r + r² q(r);  e^x = 2^n (1 + p),  e^x - 1 = 2^n p + (2^n - 1)
//
// q is the Chebyshev interpolant of degree 5 on the interval, off by 1.4e-9. 2^n is made 2^64 times too large and then
// brought down: below the range it becomes 0 by an underflow, which the processor notes, and whoever needs the lost
// factor computes it apart.
// Straight-line code without a branch: loops over it vectorise.

static inline gf_exponentials_f32 GF_LEVEL(exponentials_f32)(float x) {
  x = x < -120.0f ? -120.0f : x;
  const float shift = 0x1.8p23f;  // adding it rounds to an integer, which then stands in the low bits
  float shifted = x * 0x1.715476p0f + shift;
  float n = shifted - shift;
  float r = (x - n * 0x1.62e4p-1f) - n * 0x1.7f7d1cp-20f;
  float q = 0x1.a12528p-13f;
  q = q * r + 0x1.6d4362p-10f;
  q = q * r + 0x1.1110ep-7f;
  q = q * r + 0x1.5554e8p-5f;
  q = q * r + 0x1.555556p-3f;
  q = q * r + 0.5f;
  float p = q * r * r + r;
  uint32_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits << 23) + 0x5f800000u;
  float power;
  memcpy(&power, &bits, sizeof power);
  power *= 0x1p-64f;
  gf_exponentials_f32 result;
  result.e = power * (p + 1);
  result.e_minus_1 = power * p + (power - 1);
  return result;
}
