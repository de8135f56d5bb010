// The elementwise part of losses, in double.

// -log softmax(y)[class] = log Σ exp(y_k - largest) - (y_class - largest). The other classes' share is summed apart:
// 1 - p of a confident prediction keeps its digits.
static double GF_LEVEL(softmax_cross_entropy)(
  int count, int width, double weight, const ptrdiff_t *classes, GF_REAL *y, double *scratch) {
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
