// e^x and e^x - 1 for x <= 0 in double: as exponentials_f32.h, with q of degree 9, off by 1.1e-16, a seventh of
// an ulp of the result.

static inline gf_exponentials_f64 GF_LEVEL(exponentials_f64)(double x) {
  x = x < -800.0 ? -800.0 : x;
  const double shift = 0x1.8p52;
  double shifted = x * 0x1.71547652b82fep0 + shift;
  double n = shifted - shift;
  double r = (x - n * 0x1.62e42fefp-1) - n * 0x1.473de6af278edp-34;
  double q = 0x1.af38d53857513p-26;
  q = q * r + 0x1.2891a8c1d838dp-22;
  q = q * r + 0x1.71de0d9c145d0p-19;
  q = q * r + 0x1.a019b8ef67c6cp-16;
  q = q * r + 0x1.a01a01a7c8d47p-13;
  q = q * r + 0x1.6c16c17893833p-10;
  q = q * r + 0x1.11111111109adp-7;
  q = q * r + 0x1.5555555553d4fp-5;
  q = q * r + 0x1.5555555555556p-3;
  q = q * r + 0x1.0000000000001p-1;
  double p = q * r * r + r;
  uint64_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits << 52) + 0x4ff0000000000000u;
  double power;
  memcpy(&power, &bits, sizeof power);
  power *= 0x1p-256;
  gf_exponentials_f64 result;
  result.e = power * (p + 1);
  result.e_minus_1 = power * p + (power - 1);
  return result;
}
