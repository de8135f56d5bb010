// Definitions shared by both element types; included once for each by kernels_f32.c and kernels_f64.c,
// which define GF_REAL, GF_NAME, GF_GEMM, GF_EXP, GF_TANH and GF_ABS.

void GF_NAME(gf_multiply)(
  bool transpose_a, bool transpose_b, int m, int n, int k,
  const GF_REAL *a, int lda, const GF_REAL *b, int ldb, GF_REAL beta, GF_REAL *c, int ldc) {
  GF_GEMM(
    CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans,
    transpose_b ? CblasTrans : CblasNoTrans, m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
}

void GF_NAME(gf_fill_rows)(
  int count, int width, const GF_REAL *row, const GF_REAL *second, GF_REAL *rows) {
  for (int r = 0; r < count; r++) {
    GF_REAL *out = rows + (int64_t)r * width;
    for (int j = 0; j < width; j++) out[j] = second ? row[j] + second[j] : row[j];
  }
}

// Below 1/2 in magnitude tanh comes from the library, which is exact near 0, and 1 - h² loses nothing;
// above, both come from e = exp(-2|a|) without cancellation.
static inline GF_REAL GF_NAME(tanh_with_derivative)(GF_REAL a, GF_REAL *derivative) {
  GF_REAL magnitude = GF_ABS(a);
  if (magnitude < (GF_REAL)0.5) {
    GF_REAL h = GF_TANH(a);
    *derivative = (1 - h) * (1 + h);
    return h;
  }
  GF_REAL e = GF_EXP(-2 * magnitude);
  GF_REAL p = 1 / (1 + e);
  GF_REAL h = (1 - e) * p;
  *derivative = 4 * e * p * p;
  return a < 0 ? -h : h;
}

static inline GF_REAL GF_NAME(sigmoid_with_derivative)(GF_REAL a, GF_REAL *derivative) {
  GF_REAL e = GF_EXP(-GF_ABS(a));
  GF_REAL p = 1 / (1 + e);
  *derivative = e * p * p;
  return a < 0 ? e * p : p;
}

void GF_NAME(gf_tanh_forward)(int n, const GF_REAL *a, GF_REAL *h, GF_REAL *derivative) {
  for (int k = 0; k < n; k++) h[k] = GF_NAME(tanh_with_derivative)(a[k], &derivative[k]);
}

void GF_NAME(gf_relu_forward)(int n, const GF_REAL *a, GF_REAL *h, GF_REAL *derivative) {
  for (int k = 0; k < n; k++) {
    h[k] = a[k] <= 0 ? 0 : a[k];
    derivative[k] = a[k] > 0 ? 1 : 0;
  }
}

void GF_NAME(gf_sigmoid_forward)(int n, const GF_REAL *a, GF_REAL *s, GF_REAL *derivative) {
  for (int k = 0; k < n; k++) s[k] = GF_NAME(sigmoid_with_derivative)(a[k], &derivative[k]);
}

void GF_NAME(gf_lstm_forward)(
  int batch, int hidden, const GF_REAL *a, const GF_REAL *c_previous, GF_REAL *c, GF_REAL *h,
  GF_REAL *factors) {
  for (int b = 0; b < batch; b++) {
    const GF_REAL *ab = a + (int64_t)b * 4 * hidden;
    const GF_REAL *before = c_previous + (int64_t)b * hidden;
    GF_REAL *cb = c + (int64_t)b * hidden;
    GF_REAL *hb = h + (int64_t)b * hidden;
    GF_REAL *out = factors + (int64_t)b * 6 * hidden;
    for (int k = 0; k < hidden; k++) {
      GF_REAL di, df, dg, d_o, dc;
      GF_REAL i = GF_NAME(sigmoid_with_derivative)(ab[k], &di);
      GF_REAL f = GF_NAME(sigmoid_with_derivative)(ab[hidden + k], &df);
      GF_REAL g = GF_NAME(tanh_with_derivative)(ab[2 * hidden + k], &dg);
      GF_REAL o = GF_NAME(sigmoid_with_derivative)(ab[3 * hidden + k], &d_o);
      GF_REAL cell = f * before[k] + i * g;
      GF_REAL squashed = GF_NAME(tanh_with_derivative)(cell, &dc);
      cb[k] = cell;
      hb[k] = o * squashed;
      out[k] = o * dc;
      out[hidden + k] = g * di;
      out[2 * hidden + k] = before[k] * df;
      out[3 * hidden + k] = i * dg;
      out[4 * hidden + k] = squashed * d_o;
      out[5 * hidden + k] = f;
    }
  }
}

// In the forward pass this was: c_t = f c_{t-1} + i g, h_t = o tanh(c_t).
void GF_NAME(gf_lstm_backward)(
  int batch, int hidden, const GF_REAL *delta, const GF_REAL *factors, GF_REAL *carry,
  GF_REAL *kappa, GF_REAL *gamma) {
  for (int b = 0; b < batch; b++) {
    const GF_REAL *db = delta + (int64_t)b * hidden;
    const GF_REAL *q = factors + (int64_t)b * 6 * hidden;
    GF_REAL *cb = carry + (int64_t)b * hidden;
    GF_REAL *kb = kappa + (int64_t)b * hidden;
    GF_REAL *gb = gamma + (int64_t)b * 4 * hidden;
    for (int k = 0; k < hidden; k++) {
      GF_REAL total = db[k] * q[k] + cb[k];
      kb[k] = total;
      gb[k] = total * q[hidden + k];
      gb[hidden + k] = total * q[2 * hidden + k];
      gb[2 * hidden + k] = total * q[3 * hidden + k];
      gb[3 * hidden + k] = db[k] * q[4 * hidden + k];
      cb[k] = total * q[5 * hidden + k];
    }
  }
}

void GF_NAME(gf_gru_forward)(
  int batch, int hidden, const GF_REAL *u, const GF_REAL *v, const GF_REAL *h_previous, GF_REAL *h,
  GF_REAL *factors) {
  for (int b = 0; b < batch; b++) {
    const GF_REAL *ub = u + (int64_t)b * 3 * hidden;
    const GF_REAL *vb = v + (int64_t)b * 3 * hidden;
    const GF_REAL *before = h_previous + (int64_t)b * hidden;
    GF_REAL *hb = h + (int64_t)b * hidden;
    GF_REAL *out = factors + (int64_t)b * 5 * hidden;
    for (int k = 0; k < hidden; k++) {
      GF_REAL dr, dz, dn, unused;
      GF_REAL a_z = ub[hidden + k] + vb[hidden + k];
      GF_REAL v_n = vb[2 * hidden + k];
      GF_REAL r = GF_NAME(sigmoid_with_derivative)(ub[k] + vb[k], &dr);
      GF_REAL z = GF_NAME(sigmoid_with_derivative)(a_z, &dz);
      GF_REAL n = GF_NAME(tanh_with_derivative)(ub[2 * hidden + k] + r * v_n, &dn);
      // 1 - z = sigmoid(-a_z), which keeps its digits where z is near 1.
      GF_REAL one_minus_z = GF_NAME(sigmoid_with_derivative)(-a_z, &unused);
      hb[k] = one_minus_z * n + z * before[k];
      GF_REAL through_n = one_minus_z * dn;
      out[k] = through_n * v_n * dr;
      out[hidden + k] = (before[k] - n) * dz;
      out[2 * hidden + k] = through_n;
      out[3 * hidden + k] = r;
      out[4 * hidden + k] = z;
    }
  }
}

// In the forward pass this was: n = tanh(u_n + r v_n), h_t = (1 - z) n + z h_{t-1}.
void GF_NAME(gf_gru_backward)(
  int batch, int hidden, const GF_REAL *delta, const GF_REAL *factors, GF_REAL *gamma_input,
  GF_REAL *gamma_hidden, GF_REAL *bypass) {
  for (int b = 0; b < batch; b++) {
    const GF_REAL *db = delta + (int64_t)b * hidden;
    const GF_REAL *q = factors + (int64_t)b * 5 * hidden;
    GF_REAL *gi = gamma_input + (int64_t)b * 3 * hidden;
    GF_REAL *gh = gamma_hidden + (int64_t)b * 3 * hidden;
    GF_REAL *pb = bypass + (int64_t)b * hidden;
    for (int k = 0; k < hidden; k++) {
      GF_REAL r = db[k] * q[k];
      GF_REAL z = db[k] * q[hidden + k];
      GF_REAL n = db[k] * q[2 * hidden + k];
      gi[k] = r;
      gi[hidden + k] = z;
      gi[2 * hidden + k] = n;
      gh[k] = r;
      gh[hidden + k] = z;
      gh[2 * hidden + k] = n * q[3 * hidden + k];
      pb[k] = db[k] * q[4 * hidden + k];
    }
  }
}

void GF_NAME(gf_elementwise_product)(int n, const GF_REAL *x, const GF_REAL *y, GF_REAL *out) {
  for (int k = 0; k < n; k++) out[k] = x[k] * y[k];
}

void GF_NAME(gf_add_scaled_rows)(
  int count, int width, const double *scale, const GF_REAL *x, GF_REAL *y) {
  for (int r = 0; r < count; r++) {
    const double s = scale[r];
    for (int j = 0; j < width; j++) {
      int64_t k = (int64_t)r * width + j;
      y[k] += s == 1 ? x[k] : (GF_REAL)(s * (double)x[k]);
    }
  }
}

void GF_NAME(gf_scale_rows)(int count, int width, const double *scale, GF_REAL *x) {
  for (int r = 0; r < count; r++) {
    const double s = scale[r];
    if (s == 1) continue;
    for (int j = 0; j < width; j++) {
      int64_t k = (int64_t)r * width + j;
      x[k] = (GF_REAL)(s * (double)x[k]);
    }
  }
}

void GF_NAME(gf_row_norms)(int count, int width, int stride, const GF_REAL *x, double *norms) {
  for (int r = 0; r < count; r++) {
    const GF_REAL *row = x + (int64_t)r * stride;
    double square = GF_NAME(gf_dot)(width, row, row);
    // Squares of float never leave the range of double; those of double may.
    norms[r] = square > 1e-280 && square < 1e280 ? sqrt(square) : GF_NAME(gf_euclidean_norm)(width, row);
  }
}

void GF_NAME(gf_add_column_sums)(int count, int width, const GF_REAL *x, GF_REAL *sums) {
  for (int r = 0; r < count; r++)
    for (int j = 0; j < width; j++) sums[j] += x[(int64_t)r * width + j];
}

int64_t GF_NAME(gf_first_non_finite)(int64_t n, const GF_REAL *x) {
  // x - x is 0 for a finite x and NaN otherwise; a block is searched only when its sum shows one.
  const int64_t block = 256;
  for (int64_t start = 0; start < n; start += block) {
    int64_t end = start + block < n ? start + block : n;
    int found = 0;
    for (int64_t k = start; k < end; k++) found |= (x[k] - x[k]) != 0;
    if (found)
      for (int64_t k = start; k < end; k++)
        if ((x[k] - x[k]) != 0) return k;
  }
  return -1;
}

void GF_NAME(gf_widen_scaled_rows)(
  int count, int width, const double *scale, const GF_REAL *x, double *out) {
  for (int r = 0; r < count; r++) {
    double s = scale[r];
    for (int j = 0; j < width; j++)
      out[(int64_t)r * width + j] = s * (double)x[(int64_t)r * width + j];
  }
}

double GF_NAME(gf_euclidean_norm)(int64_t n, const GF_REAL *x) {
  double largest = 0;
  for (int64_t k = 0; k < n; k++) {
    double magnitude = fabs((double)x[k]);
    if (magnitude != magnitude) return magnitude;
    largest = magnitude > largest ? magnitude : largest;
  }
  if (largest == 0 || isinf(largest)) return largest;
  int exponent = ilogb(largest);
  double scale = ldexp(1, exponent < -1000 ? 1000 : -exponent), sum = 0;
  for (int64_t k = 0; k < n; k++) sum += (x[k] * scale) * (x[k] * scale);
  return sqrt(sum) / scale;
}

double GF_NAME(gf_dot)(int64_t n, const GF_REAL *x, const GF_REAL *y) {
  double sums[8] = {0}, rest = 0;
  int64_t k = 0;
  for (; k + 8 <= n; k += 8)
    for (int j = 0; j < 8; j++) sums[j] += (double)x[k + j] * (double)y[k + j];
  for (; k < n; k++) rest += (double)x[k] * (double)y[k];
  return ((sums[0] + sums[4]) + (sums[2] + sums[6]))
    + ((sums[1] + sums[5]) + (sums[3] + sums[7])) + rest;
}

double GF_NAME(gf_largest_magnitude)(int64_t n, const GF_REAL *x) {
  GF_REAL largest[8] = {0};
  int64_t k = 0;
  for (; k + 8 <= n; k += 8)
    for (int j = 0; j < 8; j++) {
      GF_REAL magnitude = GF_ABS(x[k + j]);
      largest[j] = magnitude > largest[j] ? magnitude : largest[j];
    }
  for (; k < n; k++) {
    GF_REAL magnitude = GF_ABS(x[k]);
    largest[0] = magnitude > largest[0] ? magnitude : largest[0];
  }
  GF_REAL result = 0;
  for (int j = 0; j < 8; j++) result = largest[j] > result ? largest[j] : result;
  return result;
}
