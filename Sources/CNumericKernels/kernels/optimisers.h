// Steps of the optimisers. A gradient is `scale` times what the array holds; each step returns the sum of squares of
// the change of w, in double.

static inline double GF_LEVEL(sum_of_squares)(double sum, GF_REAL change) {
  return sum + (double)change * (double)change;
}

static double GF_LEVEL(sgd_step)(
  int64_t n, double rate, double scale, const GF_REAL *restrict g, GF_REAL *restrict w) {
  const double factor = rate * scale;
  double sum = 0;
  for (int64_t k = 0; k < n; k++) {
#pragma clang fp reassociate(on)
    const GF_REAL change = (GF_REAL)(factor * (double)g[k]);
    w[k] -= change;
    sum = GF_LEVEL(sum_of_squares)(sum, change);
  }
  return sum;
}

static double GF_LEVEL(momentum_step)(
  int64_t n, double rate, double scale, double momentum, const GF_REAL *restrict g,
  GF_REAL *restrict v, GF_REAL *restrict w) {
  const GF_REAL mu = (GF_REAL)momentum, eta = (GF_REAL)rate;
  double sum = 0;
  for (int64_t k = 0; k < n; k++) {
#pragma clang fp reassociate(on)
    v[k] = mu * v[k] + (GF_REAL)(scale * (double)g[k]);
    const GF_REAL change = eta * v[k];
    w[k] -= change;
    sum = GF_LEVEL(sum_of_squares)(sum, change);
  }
  return sum;
}

static double GF_LEVEL(rmsprop_step)(
  int64_t n, double rate, double scale, double decay, double epsilon, const GF_REAL *restrict g,
  GF_REAL *restrict s, GF_REAL *restrict w) {
  const GF_REAL alpha = (GF_REAL)decay, beta = (GF_REAL)(1 - decay), eta = (GF_REAL)rate, small = (GF_REAL)epsilon;
  double sum = 0;
  for (int64_t k = 0; k < n; k++) {
#pragma clang fp reassociate(on)
    const GF_REAL gradient = (GF_REAL)(scale * (double)g[k]);
    s[k] = alpha * s[k] + beta * gradient * gradient;
    const GF_REAL change = eta * gradient / (__builtin_elementwise_sqrt(s[k]) + small);
    w[k] -= change;
    sum = GF_LEVEL(sum_of_squares)(sum, change);
  }
  return sum;
}

static double GF_LEVEL(adam_step)(
  int64_t n, double rate, double scale, double decay1, double decay2, double correction1,
  double correction2, double epsilon, const GF_REAL *restrict g, GF_REAL *restrict m,
  GF_REAL *restrict v, GF_REAL *restrict w) {
  const GF_REAL b1 = (GF_REAL)decay1, c1 = (GF_REAL)(1 - decay1), b2 = (GF_REAL)decay2,
                c2 = (GF_REAL)(1 - decay2), eta = (GF_REAL)(rate / correction1),
                root = (GF_REAL)(1 / __builtin_elementwise_sqrt(correction2)), small = (GF_REAL)epsilon;
  double sum = 0;
  for (int64_t k = 0; k < n; k++) {
#pragma clang fp reassociate(on)
    const GF_REAL gradient = (GF_REAL)(scale * (double)g[k]);
    m[k] = b1 * m[k] + c1 * gradient;
    v[k] = b2 * v[k] + c2 * gradient * gradient;
    const GF_REAL change = eta * m[k] / (__builtin_elementwise_sqrt(v[k]) * root + small);
    w[k] -= change;
    sum = GF_LEVEL(sum_of_squares)(sum, change);
  }
  return sum;
}
