// Every kernel that exists for both element types and all processor levels:
//   GF_KERNEL(result, name, (parameters), (arguments))
// No include guard: the file is included once for each thing that is made of the list.

/// Every row of `rows` [count, width] becomes `row` (+ `second`, if not null).
GF_KERNEL(
  void, fill_rows,
  (int count, int width, const GF_REAL *row, const GF_REAL *second, GF_REAL *rows),
  (count, width, row, second, rows))

/// h = tanh(a), derivative = 1 - h², both from exp(-2|a|), so that the latter keeps its digits near saturation.
GF_KERNEL(
  void, tanh_forward, (int n, const GF_REAL *a, GF_REAL *h, GF_REAL *derivative),
  (n, a, h, derivative))
/// h = max(a, 0), derivative = 1 where a > 0 and 0 elsewhere (0 at 0, as PyTorch). NaN stays NaN.
GF_KERNEL(
  void, relu_forward, (int n, const GF_REAL *a, GF_REAL *h, GF_REAL *derivative),
  (n, a, h, derivative))
/// s = 1 / (1 + exp(-a)), derivative = s (1 - s) = exp(-|a|) / (1 + exp(-|a|))².
GF_KERNEL(
  void, sigmoid_forward, (int n, const GF_REAL *a, GF_REAL *s, GF_REAL *derivative),
  (n, a, s, derivative))

/// LSTM, rows i f g o of `a` [B,4H]. Writes c, h [B,H] and the six factors of the backward pass,
/// `factors` [6,B,H]: q = o (1 - tanh²c), g i', c_{t-1} f', i g', tanh(c) o', f.
GF_KERNEL(
  void, lstm_forward,
  (int batch, int hidden, const GF_REAL *a, const GF_REAL *c_previous, GF_REAL *c, GF_REAL *h,
   GF_REAL *factors),
  (batch, hidden, a, c_previous, c, h, factors))
/// In: delta = total dL/dh_t, carry = f_{t+1} dL/dc_{t+1}. Out: kappa = total dL/dc_t, next_carry = f_t kappa (may be
/// `carry`), gamma [B,4H] = dL/da_t.
GF_KERNEL(
  void, lstm_backward,
  (int batch, int hidden, const GF_REAL *delta, const GF_REAL *factors, const GF_REAL *carry,
   GF_REAL *next_carry, GF_REAL *kappa, GF_REAL *gamma),
  (batch, hidden, delta, factors, carry, next_carry, kappa, gamma))

/// Covariances over n sites of an LSTM's gradients at two steps t and u >= t, delta Gaussian with E[delta_t delta_u] = p.
/// `factors` [6,n] are those of `lstm_forward`; `carry` is the factor f of the step after t and u.
/// In: cross = E[delta_t kappa_{u+1}], later = E[kappa_{t+1} kappa_u]. Out: cross = E[delta_t kappa_u],
/// kappas = E[kappa_t kappa_u] (may be `later`). Returns the sum over sites of E[gamma_t gamma_u] of gates i, f and g.
GF_KERNEL(
  double, lstm_gradient_covariance,
  (int n, double p, const GF_REAL *factors_t, const GF_REAL *carry_t, const GF_REAL *factors_u,
   const GF_REAL *carry_u, const GF_REAL *later, GF_REAL *cross, GF_REAL *kappas),
  (n, p, factors_t, carry_t, factors_u, carry_u, later, cross, kappas))

/// GRU, rows r z n of u = W_ih x + b_ih and v = W_hh h_{t-1} + b_hh. `factors` [5,B,H]:
/// A_r = A_n v_n r', A_z = (h_{t-1} - n) z', A_n = (1 - z) n', r, z. Where h_{t-1} and n are so near to the same of +-1 that
/// their difference has no digits, A_z is below the normal numbers, with an underflow.
GF_KERNEL(
  void, gru_forward,
  (int batch, int hidden, const GF_REAL *u, const GF_REAL *v, const GF_REAL *h_previous, GF_REAL *h,
   GF_REAL *factors),
  (batch, hidden, u, v, h_previous, h, factors))
/// After it: lack [B,H] = 1 - |h_t| from lack_previous = 1 - |h_{t-1}|, with digits where h_t is +-1, and A_z where it is 0.
GF_KERNEL(
  void, gru_lack,
  (int batch, int hidden, const GF_REAL *u, const GF_REAL *v, const GF_REAL *h_previous, const GF_REAL *h,
   const GF_REAL *lack_previous, GF_REAL *lack, GF_REAL *factors),
  (batch, hidden, u, v, h_previous, h, lack_previous, lack, factors))
/// gamma_input [B,3H] = dL/du, gamma_hidden [B,3H] = dL/dv (its n block times r),
/// bypass [B,H] = delta z, the path to h_{t-1} that meets no weight.
GF_KERNEL(
  void, gru_backward,
  (int batch, int hidden, const GF_REAL *delta, const GF_REAL *factors, GF_REAL *gamma_input,
   GF_REAL *gamma_hidden, GF_REAL *bypass),
  (batch, hidden, delta, factors, gamma_input, gamma_hidden, bypass))

/// The derivative of an LSTM step along tangent vectors: from da [B,4H] = dh_{t-1} W_hhᵀ and dc = dc_{t-1} [B,H],
/// dc becomes dc_t and dh [B,H] dh_t. `factors` as lstm_forward writes them.
GF_KERNEL(
  void, lstm_tangent,
  (int batch, int hidden, const GF_REAL *da, const GF_REAL *factors, GF_REAL *dc, GF_REAL *dh),
  (batch, hidden, da, factors, dc, dh))
/// The same of a GRU: from dv [B,3H] = dh_{t-1} W_hhᵀ and dh_previous [B,H].
GF_KERNEL(
  void, gru_tangent,
  (int batch, int hidden, const GF_REAL *dv, const GF_REAL *factors, const GF_REAL *dh_previous,
   GF_REAL *dh),
  (batch, hidden, dv, factors, dh_previous, dh))

/// out [columns, rows] = x [rows, columns] transposed.
GF_KERNEL(
  void, transpose, (int rows, int columns, const GF_REAL *x, GF_REAL *out), (rows, columns, x, out))

/// out = x y, element by element.
GF_KERNEL(
  void, elementwise_product, (int n, const GF_REAL *x, const GF_REAL *y, GF_REAL *out),
  (n, x, y, out))

/// y += scale[row] x, row by row. Scales are double, so that every power of two a float can be brought back
/// from is one.
GF_KERNEL(
  void, add_scaled_rows, (int count, int width, const double *scale, const GF_REAL *x, GF_REAL *y),
  (count, width, scale, x, y))
/// x *= scale[row], row by row.
GF_KERNEL(
  void, scale_rows, (int count, int width, const double *scale, GF_REAL *x),
  (count, width, scale, x))
/// out = x widened to double, row by row times scale[row]; rows of x start `stride` apart.
GF_KERNEL(
  void, widen_scaled_rows,
  (int count, int width, int stride, const double *scale, const GF_REAL *x, double *out),
  (count, width, stride, scale, x, out))

/// Measures the rows of x [count, width], and of `second` if not null, which shares their exponents; where the
/// larger of a row's norms has left [2^-threshold, 2^threshold], moves its power of two from the elements into
/// exponents[row]. `true_exponents` become those of norm · 2^exponent, INT64_MIN for a row of zeros. If `sparing`, a
/// row that would lose an element below the range is left as it is; returns how many there are. `norms`, those of x, may
/// be null.
GF_KERNEL(
  int, renormalise_rows,
  (int count, int width, int threshold, bool sparing, GF_REAL *x, GF_REAL *second, ptrdiff_t *exponents,
   double *norms, ptrdiff_t *true_exponents),
  (count, width, threshold, sparing, x, second, exponents, norms, true_exponents))

/// Euclidean norms of `count` rows that start `stride` apart; squares that would leave the range are scaled.
GF_KERNEL(
  void, row_norms, (int count, int width, int stride, const GF_REAL *x, double *norms),
  (count, width, stride, x, norms))
/// Norms of three vectors, which one call measures as fast as one alone.
GF_KERNEL(
  void, three_norms,
  (int nx, const GF_REAL *x, int ny, const GF_REAL *y, int nz, const GF_REAL *z, double *norms),
  (nx, x, ny, y, nz, z, norms))
/// Norms over the batch of each gate block of gamma [B, G·H], whose rows have exponents: norms[g] 2^norm_exponents[g].
/// `scratch` holds B norms.
GF_KERNEL(
  void, gate_norms,
  (int batch, int gates, int hidden, const GF_REAL *gamma, const ptrdiff_t *exponents, double *norms,
   ptrdiff_t *norm_exponents, double *scratch),
  (batch, gates, hidden, gamma, exponents, norms, norm_exponents, scratch))
/// √(Σ x²), scaled by the largest magnitude, so that no square leaves the range. Infinity and NaN stay visible.
GF_KERNEL(double, euclidean_norm, (int64_t n, const GF_REAL *x), (n, x))
/// Σ x y in double.
GF_KERNEL(double, dot, (int64_t n, const GF_REAL *x, const GF_REAL *y), (n, x, y))
/// max |x|; NaN if there is one.
GF_KERNEL(double, largest_magnitude, (int64_t n, const GF_REAL *x), (n, x))
/// The index of the first element that is NaN or infinite, or -1.
GF_KERNEL(int64_t, first_non_finite, (int64_t n, const GF_REAL *x), (n, x))

/// sums[j] += sum over rows of x[row, j].
GF_KERNEL(
  void, add_column_sums, (int count, int width, const GF_REAL *x, GF_REAL *sums),
  (count, width, x, sums))
/// √(Σ_j (Σ_row weights[row] x[row, j])²), rows `stride` apart; `sums` [width] is scratch.
GF_KERNEL(
  double, norm_of_weighted_sum,
  (int count, int width, int stride, const double *weights, const GF_REAL *x, double *sums),
  (count, width, stride, weights, x, sums))

/// out[row] = x[row] 2^-exponents[row] with its largest magnitude in [1, 2); rows of `out` start `stride` apart,
/// their padding is left alone. The exponent of a row of zeros is INT64_MIN, that of one with NaN or infinity 0.
GF_KERNEL(
  void, normalise_rows,
  (int count, int width, int stride, const GF_REAL *x, GF_REAL *out, ptrdiff_t *exponents),
  (count, width, stride, x, out, exponents))
/// The lower triangle of X Xᵀ [count, count], X in rows `stride` apart. `count` and `stride` are multiples of
/// GF_GRAM_ROWS and GF_GRAM_COLUMNS, padded with zeros.
GF_KERNEL(
  void, gram_matrix, (int count, int stride, const GF_REAL *x, double *gram),
  (count, stride, x, gram))
/// Weights of the terms of Σ_b γ_b x_bᵀ: weights[b] = 2^(first[b] + second[b] - E), E the largest exponent, which is
/// returned (0 if every term is zero). `second` may be null; INT64_MIN marks a row of zeros.
GF_KERNEL(
  int64_t, contribution_weights,
  (int count, const ptrdiff_t *first, const ptrdiff_t *second, double *weights),
  (count, first, second, weights))
/// ‖Σ_b weights[b] γ_b x_bᵀ‖² from the lower triangles of both Gram matrices, rows `stride` apart; *diagonal is
/// Σ_b weights[b]² ‖γ_b‖² ‖x_b‖².
GF_KERNEL(
  double, weighted_gram_sum,
  (int count, int stride, const double *weights, const double *gram, const double *other,
   double *diagonal),
  (count, stride, weights, gram, other, diagonal))

/// Σ_row weight · (-log softmax(y[row])[classes[row]]) of y [count, width], which becomes
/// weight (softmax(y) - one-hot(class)). `scratch` holds `width` numbers. If `exponents` is not null, row r of the
/// gradient is y[r] 2^exponents[r]: 0 but for a class that is right beyond the range, whose gradient is tiny and not zero.
GF_KERNEL(
  double, softmax_cross_entropy,
  (int count, int width, double weight, const ptrdiff_t *classes, GF_REAL *y, ptrdiff_t *exponents,
   double *scratch),
  (count, width, weight, classes, y, exponents, scratch))
/// Mean of (y - target)²; y becomes its gradient 2 (y - target) / n.
GF_KERNEL(double, mean_squared_error, (int n, const GF_REAL *target, GF_REAL *y), (n, target, y))

/// w -= rate · scale · g. Like the steps below, returns the sum of squares of the change of w.
GF_KERNEL(
  double, sgd_step, (int64_t n, double rate, double scale, const GF_REAL *g, GF_REAL *w),
  (n, rate, scale, g, w))
/// v = momentum · v + scale · g, w -= rate · v.
GF_KERNEL(
  double, momentum_step,
  (int64_t n, double rate, double scale, double momentum, const GF_REAL *g, GF_REAL *v, GF_REAL *w),
  (n, rate, scale, momentum, g, v, w))
/// s = decay · s + (1 - decay) (scale · g)², w -= rate · scale · g / (√s + epsilon).
GF_KERNEL(
  double, rmsprop_step,
  (int64_t n, double rate, double scale, double decay, double epsilon, const GF_REAL *g, GF_REAL *s,
   GF_REAL *w),
  (n, rate, scale, decay, epsilon, g, s, w))
/// m = decay1 · m + (1 - decay1) scale · g, v = decay2 · v + (1 - decay2) (scale · g)²,
/// w -= rate / correction1 · m / (√(v / correction2) + epsilon).
GF_KERNEL(
  double, adam_step,
  (int64_t n, double rate, double scale, double decay1, double decay2, double correction1,
   double correction2, double epsilon, const GF_REAL *g, GF_REAL *m, GF_REAL *v, GF_REAL *w),
  (n, rate, scale, decay1, decay2, correction1, correction2, epsilon, g, m, v, w))
