// Declarations shared by both element types; included twice by CNumericKernels.h.
// No include guard: that is the point.

/// C [m,n] = op(A) op(B) + beta C. `beta` is 0 (C is overwritten, whatever it held) or 1.
void GF_NAME(gf_multiply)(
  bool transpose_a, bool transpose_b, int m, int n, int k,
  const GF_REAL *a, int lda, const GF_REAL *b, int ldb, GF_REAL beta, GF_REAL *c, int ldc);

/// Every row of `rows` [count, width] becomes `row` (+ `second`, if not null).
void GF_NAME(gf_fill_rows)(
  int count, int width, const GF_REAL *row, const GF_REAL *second, GF_REAL *rows);

/// h = tanh(a), derivative = 1 - h², the latter from exp(-2|a|), so that it keeps its digits near saturation.
void GF_NAME(gf_tanh_forward)(int n, const GF_REAL *a, GF_REAL *h, GF_REAL *derivative);
/// h = max(a, 0), derivative = 1 where a > 0 and 0 elsewhere (0 at 0, as PyTorch). NaN stays NaN.
void GF_NAME(gf_relu_forward)(int n, const GF_REAL *a, GF_REAL *h, GF_REAL *derivative);
/// s = 1 / (1 + exp(-a)), derivative = s (1 - s) = exp(-|a|) / (1 + exp(-|a|))².
void GF_NAME(gf_sigmoid_forward)(int n, const GF_REAL *a, GF_REAL *s, GF_REAL *derivative);

/// LSTM, rows i f g o of `a` [B,4H]. Writes c, h [B,H] and the six factors of the backward pass,
/// `factors` [B,6H]: q = o (1 - tanh²c), g i', c_{t-1} f', i g', tanh(c) o', f.
void GF_NAME(gf_lstm_forward)(
  int batch, int hidden, const GF_REAL *a, const GF_REAL *c_previous, GF_REAL *c, GF_REAL *h,
  GF_REAL *factors);
/// In: delta = total dL/dh_t, carry = f_{t+1} dL/dc_{t+1}. Out: kappa = total dL/dc_t, carry = f_t kappa,
/// gamma [B,4H] = dL/da_t.
void GF_NAME(gf_lstm_backward)(
  int batch, int hidden, const GF_REAL *delta, const GF_REAL *factors, GF_REAL *carry,
  GF_REAL *kappa, GF_REAL *gamma);

/// GRU, rows r z n of u = W_ih x + b_ih and v = W_hh h_{t-1} + b_hh. `factors` [B,5H]:
/// A_r = A_n v_n r', A_z = (h_{t-1} - n) z', A_n = (1 - z) n', r, z.
void GF_NAME(gf_gru_forward)(
  int batch, int hidden, const GF_REAL *u, const GF_REAL *v, const GF_REAL *h_previous, GF_REAL *h,
  GF_REAL *factors);
/// gamma_input [B,3H] = dL/du, gamma_hidden [B,3H] = dL/dv (its n block times r),
/// bypass [B,H] = delta z, the path to h_{t-1} that meets no weight.
void GF_NAME(gf_gru_backward)(
  int batch, int hidden, const GF_REAL *delta, const GF_REAL *factors, GF_REAL *gamma_input,
  GF_REAL *gamma_hidden, GF_REAL *bypass);

/// out = x y, element by element.
void GF_NAME(gf_elementwise_product)(int n, const GF_REAL *x, const GF_REAL *y, GF_REAL *out);
/// y += scale[row] x, row by row. Scales are double, so that every power of two a float can be brought back
/// from is one.
void GF_NAME(gf_add_scaled_rows)(
  int count, int width, const double *scale, const GF_REAL *x, GF_REAL *y);
/// x *= scale[row], row by row.
void GF_NAME(gf_scale_rows)(int count, int width, const double *scale, GF_REAL *x);
/// Euclidean norms of `count` rows that start `stride` apart; squares that would leave the range are scaled.
void GF_NAME(gf_row_norms)(int count, int width, int stride, const GF_REAL *x, double *norms);
/// sums[j] += sum over rows of x[row, j].
void GF_NAME(gf_add_column_sums)(int count, int width, const GF_REAL *x, GF_REAL *sums);
/// The index of the first element that is NaN or infinite, or -1.
int64_t GF_NAME(gf_first_non_finite)(int64_t n, const GF_REAL *x);
/// out = x widened to double, row by row times scale[row].
void GF_NAME(gf_widen_scaled_rows)(
  int count, int width, const double *scale, const GF_REAL *x, double *out);
/// √(Σ x²), scaled by the largest magnitude, so that no square leaves the range. Infinity and NaN stay visible.
double GF_NAME(gf_euclidean_norm)(int64_t n, const GF_REAL *x);
/// Σ x y in double.
double GF_NAME(gf_dot)(int64_t n, const GF_REAL *x, const GF_REAL *y);
/// max |x|; NaN elements are passed over.
double GF_NAME(gf_largest_magnitude)(int64_t n, const GF_REAL *x);
