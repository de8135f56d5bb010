// tanh, sigmoid and ReLU with their derivatives.

typedef struct {
  GF_REAL value, derivative;
} GF_LEVEL(activation);

// 1 / (1 + e). In float to within half an ulp: the division's own rounding and that of 1 + e are taken out again, for
// which a fused multiply-add is needed. In double a plain quotient, one ulp less exact and a sixth faster.
static inline GF_REAL GF_LEVEL(reciprocal_of_1_plus)(GF_REAL e) {
  const GF_REAL d = 1 + e, p = 1 / d;
#if GF_FUSES && GF_IS_FLOAT
  const GF_REAL lost = e - (d - 1);
  return p + p * ((1 - d * p) - lost * p);
#else
  return p;
#endif
}

// With e = exp(-2|a|): tanh|a| = (1 - e) / (1 + e), tanh' = 4 e / (1 + e)². Neither cancels anywhere.
static inline GF_LEVEL(activation) GF_LEVEL(tanh)(GF_REAL a) {
  GF_EXPONENTIALS x = GF_EXPONENTIALS_OF(-2 * GF_ABS(a));
  GF_REAL p = GF_LEVEL(reciprocal_of_1_plus)(x.e);
  GF_LEVEL(activation) result = {GF_COPYSIGN(x.e_minus_1 * p, a), 4 * x.e * p * p};
  return result;
}

// With e = exp(-|a|): sigmoid|a| = 1 / (1 + e), sigmoid(-|a|) = e / (1 + e), sigmoid' = e / (1 + e)².
static inline GF_LEVEL(activation) GF_LEVEL(sigmoid)(GF_REAL a, GF_REAL *of_minus_a) {
  GF_REAL e = GF_EXPONENTIALS_OF(-GF_ABS(a)).e;
  GF_REAL large = GF_LEVEL(reciprocal_of_1_plus)(e);
  GF_REAL small = e * large;
  *of_minus_a = a < 0 ? large : small;
  GF_LEVEL(activation) result = {a < 0 ? small : large, small * large};
  return result;
}

static void GF_LEVEL(tanh_forward)(
  int n, const GF_REAL *restrict a, GF_REAL *restrict h, GF_REAL *restrict derivative) {
  for (int k = 0; k < n; k++) {
    GF_LEVEL(activation) x = GF_LEVEL(tanh)(a[k]);
    h[k] = x.value;
    derivative[k] = x.derivative;
  }
}

static void GF_LEVEL(relu_forward)(
  int n, const GF_REAL *restrict a, GF_REAL *restrict h, GF_REAL *restrict derivative) {
  for (int k = 0; k < n; k++) {
    h[k] = a[k] <= 0 ? 0 : a[k];
    derivative[k] = a[k] > 0 ? 1 : 0;
  }
}

static void GF_LEVEL(sigmoid_forward)(
  int n, const GF_REAL *restrict a, GF_REAL *restrict s, GF_REAL *restrict derivative) {
  for (int k = 0; k < n; k++) {
    GF_REAL of_minus_a;
    GF_LEVEL(activation) x = GF_LEVEL(sigmoid)(a[k], &of_minus_a);
    s[k] = x.value;
    derivative[k] = x.derivative;
  }
}
