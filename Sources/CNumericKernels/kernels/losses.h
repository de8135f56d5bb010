// The elementwise part of losses, in double.

// The gradient of a row whose class has all but a share of the probability that may be below the range: the shares of
// the others among themselves, times 2^n, which is returned.
//
//   p_k = exp(y_k - y_class) = 2^n f exp(y_k - next),   next = max over the others,   2^n f = exp(next - y_class)
static ptrdiff_t GF_LEVEL(tiny_softmax_gradient)(int width, double weight, ptrdiff_t own, GF_REAL *y) {
  double next = -INFINITY;
  for (int k = 0; k < width; k++) next = k != own && y[k] > next ? (double)y[k] : next;
  const double gap = next - (double)y[own];
  // Exponents of sums over millions of steps have to fit into an integer: beyond, it counts as zero.
  const bool is_zero = !(gap > -0x1p39);
  const double n = is_zero ? 0 : floor(gap * 0x1.71547652b82fep0);
  const double f = is_zero ? 0 : weight * exp((gap - n * 0x1.62e42fee00000p-1) - n * 0x1.a39ef35793c76p-33);
  double sum = 0;
  for (int k = 0; k < width; k++) {
    if (k == own) continue;
    const double share = GF_LEVEL(exponentials_f64)((double)y[k] - next).e;
    sum += share;
    y[k] = (GF_REAL)(f * share);
  }
  y[own] = (GF_REAL)(-f * sum);
  return (ptrdiff_t)n;
}

// -log softmax(y)[class] = log Σ exp(y_k - largest) - (y_class - largest). The other classes' share is summed apart:
// 1 - p of a confident prediction keeps its digits.
static double GF_LEVEL(softmax_cross_entropy)(
  int count, int width, double weight, const ptrdiff_t *classes, GF_REAL *y, ptrdiff_t *exponents,
  double *scratch) {
  // The gradient of a row is as large as its entry at the class; what is 2^-40 of that must be in range too.
  const double least = GF_LEAST_NORMAL * 0x1p40;
  double loss = 0;
  for (int r = 0; r < count; r++, y += width) {
    const ptrdiff_t own = classes[r];
    double largest = -INFINITY, others = 0;
    for (int k = 0; k < width; k++) largest = y[k] > largest ? (double)y[k] : largest;
    for (int k = 0; k < width; k++) scratch[k] = GF_LEVEL(exponentials_f64)((double)y[k] - largest).e;
    const double mine = scratch[own], own_logit = y[own];
    scratch[own] = 0;
    for (int k = 0; k < width; k++) {
#pragma clang fp reassociate(on)
      others += scratch[k];
    }
    const double sum = mine + others;
    loss += weight * (mine == 1 ? log1p(others) : log(sum) + largest - own_logit);
    if (exponents) exponents[r] = 0;
    if (exponents && width > 1 && weight * others / sum < least) {
      exponents[r] = GF_LEVEL(tiny_softmax_gradient)(width, weight, own, y);
      continue;
    }
    for (int k = 0; k < width; k++) y[k] = (GF_REAL)(weight * scratch[k] / sum);
    y[own] = (GF_REAL)(weight * -others / sum);
  }
  return loss;
}

static double GF_LEVEL(mean_squared_error)(int n, const GF_REAL *target, GF_REAL *y) {
  double loss = 0;
  const double scale = 2.0 / n;
  for (int k = 0; k < n; k++) {
    const double error = (double)y[k] - (double)target[k];
    loss += error * error / n;
    y[k] = (GF_REAL)(scale * error);
  }
  return loss;
}
