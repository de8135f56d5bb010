// e^x and e^x - 1 for x <= 0 in double: as exponentials_f32.h, with q of degree 10, off by 1.4e-18.
// Below x = -708, e^x is 0.

static inline gf_exponentials_f64 GF_LEVEL(exponentials)(double x) {
  const double shift = 0x1.8p52;
  double shifted = x * 0x1.71547652b82fep0 + shift;
  double n = shifted - shift;
  double r = (x - n * 0x1.62e42fefp-1) - n * 0x1.473de6af278edp-34;
  double q = 0x1.1f731ea5352cap-29;
  q = q * r + 0x1.af4e196027428p-26;
  q = q * r + 0x1.27e4db57442fbp-22;
  q = q * r + 0x1.71de021a90822p-19;
  q = q * r + 0x1.a01a01a6dcaffp-16;
  q = q * r + 0x1.a01a01abef415p-13;
  q = q * r + 0x1.6c16c16c162ccp-10;
  q = q * r + 0x1.11111111100cep-7;
  q = q * r + 0x1.5555555555556p-5;
  q = q * r + 0x1.5555555555557p-3;
  q = q * r + 0.5;
  double p = q * r * r + r;
  uint64_t bits;
  memcpy(&bits, &shifted, sizeof bits);
  bits = (bits << 52) + 0x3ff0000000000000u;
  double power;
  memcpy(&power, &bits, sizeof power);
  bool vanishes = x < -708.0;
  gf_exponentials_f64 result;
  result.e = vanishes ? 0 : power * (p + 1);
  result.e_minus_1 = vanishes ? -1 : power * p + (power - 1);
  return result;
}
