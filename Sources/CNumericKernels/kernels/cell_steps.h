// What stands between the matrix products of one step: LSTM and GRU, each forward followed by its backward.
// One pass over the elements each; the streams it reads and writes never overlap. Factors lie one after the other
// for the whole batch, [factor, B, H]: long streams, which are fetched ahead when the tape comes from memory.

// One row, in a function of its own so that its pointers stay in registers; the factors of a unit lie F apart.
static __attribute__((noinline)) void GF_LEVEL(lstm_forward_row)(
  int64_t H, int64_t F, const GF_REAL *a, const GF_REAL *before, GF_REAL *c, GF_REAL *h, GF_REAL *out) {
#pragma clang loop vectorize(assume_safety)
  for (int64_t k = 0; k < H; k++) {
    GF_REAL unused;
    GF_LEVEL(activation) i = GF_LEVEL(sigmoid)(a[k], &unused);
    GF_LEVEL(activation) f = GF_LEVEL(sigmoid)(a[H + k], &unused);
    GF_LEVEL(activation) g = GF_LEVEL(tanh)(a[2 * H + k]);
    GF_LEVEL(activation) o = GF_LEVEL(sigmoid)(a[3 * H + k], &unused);
    GF_REAL cell = f.value * before[k] + i.value * g.value;
    GF_LEVEL(activation) squashed = GF_LEVEL(tanh)(cell);
    c[k] = cell;
    h[k] = o.value * squashed.value;
    out[k] = o.value * squashed.derivative;
    out[F + k] = g.value * i.derivative;
    out[2 * F + k] = before[k] * f.derivative;
    out[3 * F + k] = i.value * g.derivative;
    out[4 * F + k] = squashed.value * o.derivative;
    out[5 * F + k] = f.value;
  }
}

static void GF_LEVEL(lstm_forward)(
  int batch, int hidden, const GF_REAL *a, const GF_REAL *c_previous, GF_REAL *c, GF_REAL *h,
  GF_REAL *factors) {
  const int64_t H = hidden, F = batch * H;
  for (int64_t b = 0; b < batch; b++)
    GF_LEVEL(lstm_forward_row)(
      H, F, a + b * 4 * H, c_previous + b * H, c + b * H, h + b * H, factors + b * H);
}

// In the forward pass this was: c_t = f c_{t-1} + i g, h_t = o tanh(c_t).
static void GF_LEVEL(lstm_backward)(
  int batch, int hidden, const GF_REAL *delta, const GF_REAL *factors, const GF_REAL *carry,
  GF_REAL *next_carry, GF_REAL *kappa, GF_REAL *gamma) {
  const int64_t H = hidden, F = batch * H;
  for (int64_t b = 0; b < batch; b++) {
    const GF_REAL *db = delta + b * H;
    const GF_REAL *q = factors + b * H;
    const GF_REAL *cb = carry + b * H;
    GF_REAL *nb = next_carry + b * H;
    GF_REAL *kb = kappa + b * H;
    GF_REAL *gb = gamma + b * 4 * H;
#pragma clang loop vectorize(assume_safety)
    for (int64_t k = 0; k < H; k++) {
      GF_REAL total = db[k] * q[k] + cb[k];
      kb[k] = total;
      gb[k] = total * q[F + k];
      gb[H + k] = total * q[2 * F + k];
      gb[2 * H + k] = total * q[3 * F + k];
      gb[3 * H + k] = db[k] * q[4 * F + k];
      nb[k] = total * q[5 * F + k];
    }
  }
}

// The backward step read the other way: what went in comes out.
static void GF_LEVEL(lstm_tangent)(
  int batch, int hidden, const GF_REAL *da, const GF_REAL *factors, GF_REAL *dc, GF_REAL *dh) {
  const int64_t H = hidden, F = batch * H;
  for (int64_t b = 0; b < batch; b++) {
    const GF_REAL *ab = da + b * 4 * H;
    const GF_REAL *q = factors + b * H;
    GF_REAL *cb = dc + b * H;
    GF_REAL *hb = dh + b * H;
#pragma clang loop vectorize(assume_safety)
    for (int64_t k = 0; k < H; k++) {
      GF_REAL cell = cb[k] * q[5 * F + k] + ab[k] * q[F + k] + ab[H + k] * q[2 * F + k]
        + ab[2 * H + k] * q[3 * F + k];
      cb[k] = cell;
      hb[k] = cell * q[k] + ab[3 * H + k] * q[4 * F + k];
    }
  }
}

// In the backward pass this was: kappa_t = delta_t q_t + f_{t+1} kappa_{t+1}, gamma = kappa times a factor of its gate.
static double GF_LEVEL(lstm_gradient_covariance)(
  int n, double p, const GF_REAL *factors_t, const GF_REAL *carry_t, const GF_REAL *factors_u,
  const GF_REAL *carry_u, const GF_REAL *later, GF_REAL *cross, GF_REAL *kappas) {
  const int64_t N = n;
  const GF_REAL covariance = (GF_REAL)p;
  double sum = 0;
#pragma clang loop vectorize(assume_safety)
  for (int64_t k = 0; k < N; k++) {
#pragma clang fp reassociate(on)
    GF_REAL delta_kappa = covariance * factors_u[k] + carry_u[k] * cross[k];
    GF_REAL kappa_kappa = factors_t[k] * delta_kappa + carry_t[k] * later[k];
    GF_REAL gates = factors_t[N + k] * factors_u[N + k] + factors_t[2 * N + k] * factors_u[2 * N + k] +
      factors_t[3 * N + k] * factors_u[3 * N + k];
    cross[k] = delta_kappa;
    kappas[k] = kappa_kappa;
    sum += (double)gates * (double)kappa_kappa;
  }
  return sum;
}

// One row, as of the LSTM.
static __attribute__((noinline)) void GF_LEVEL(gru_forward_row)(
  int64_t H, int64_t F, const GF_REAL *u, const GF_REAL *v, const GF_REAL *before, GF_REAL *h, GF_REAL *out) {
#pragma clang loop vectorize(assume_safety)
  for (int64_t k = 0; k < H; k++) {
    GF_REAL unused, one_minus_z;
    GF_REAL v_n = v[2 * H + k];
    GF_LEVEL(activation) r = GF_LEVEL(sigmoid)(u[k] + v[k], &unused);
    // 1 - z = sigmoid(-a_z), which keeps its digits where z is near 1.
    GF_LEVEL(activation) z = GF_LEVEL(sigmoid)(u[H + k] + v[H + k], &one_minus_z);
    GF_LEVEL(activation) n = GF_LEVEL(tanh)(u[2 * H + k] + r.value * v_n);
    h[k] = one_minus_z * n.value + z.value * before[k];
    GF_REAL through_n = one_minus_z * n.derivative;
    // h - n. Of a saturated n = s (1 - m) with s = ±1 and m = n'/2, m is below the digits of n: (h - s) + s m.
    GF_REAL s = GF_COPYSIGN(1, n.value), distance = before[k] - s;
    GF_REAL apart =
      n.derivative < GF_SATURATED ? distance + s * (GF_REAL)0.5 * n.derivative : before[k] - n.value;
    // Where both are too near to s, it is left to be computed otherwise, and the underflow of A_z says so.
    apart = n.derivative < 2 * GF_NEAR_ONE && GF_ABS(distance) < GF_NEAR_ONE ? GF_LEAST_NORMAL : apart;
    out[k] = through_n * v_n * r.derivative;
    out[F + k] = apart * z.derivative;
    out[2 * F + k] = through_n;
    out[3 * F + k] = r.value;
    out[4 * F + k] = z.value;
  }
}

static void GF_LEVEL(gru_forward)(
  int batch, int hidden, const GF_REAL *u, const GF_REAL *v, const GF_REAL *h_previous, GF_REAL *h,
  GF_REAL *factors) {
  const int64_t H = hidden, F = batch * H;
  for (int64_t b = 0; b < batch; b++)
    GF_LEVEL(gru_forward_row)(
      H, F, u + b * 3 * H, v + b * 3 * H, h_previous + b * H, h + b * H, factors + b * H);
}

// Beside the forward step: what h_t lacks to +-1, from the same of h_{t-1}, and A_z where that left 0. With s = +-1 the sign
// of h_t and l the lack of a number of that sign, 1 - s h_t = z l(h_{t-1}) + (1 - z) l(n); of the other sign it is 2 - l.
static __attribute__((noinline)) void GF_LEVEL(gru_lack_row)(
  int64_t H, const GF_REAL *u, const GF_REAL *v, const GF_REAL *before, const GF_REAL *h,
  const GF_REAL *lack_before, GF_REAL *lack, GF_REAL *a_z) {
#pragma clang loop vectorize(assume_safety)
  for (int64_t k = 0; k < H; k++) {
    GF_REAL unused, one_minus_z;
    GF_LEVEL(activation) r = GF_LEVEL(sigmoid)(u[k] + v[k], &unused);
    GF_LEVEL(activation) z = GF_LEVEL(sigmoid)(u[H + k] + v[H + k], &one_minus_z);
    GF_LEVEL(activation) n = GF_LEVEL(tanh)(u[2 * H + k] + r.value * v[2 * H + k]);
    // 1 - |n| = (1 - n^2) / (1 + |n|)
    GF_REAL lack_n = n.derivative / (1 + GF_ABS(n.value)), last = lack_before[k];
    GF_REAL sign_h = GF_COPYSIGN(1, h[k]), sign_before = GF_COPYSIGN(1, before[k]);
    GF_REAL sign_n = GF_COPYSIGN(1, n.value);
    lack[k] = z.value * (sign_before == sign_h ? last : 2 - last)
      + one_minus_z * (sign_n == sign_h ? lack_n : 2 - lack_n);
    GF_REAL apart = sign_before == sign_n ? sign_n * (lack_n - last) : before[k] - n.value;
    a_z[k] = a_z[k] == 0 ? apart * z.derivative : a_z[k];
  }
}

static void GF_LEVEL(gru_lack)(
  int batch, int hidden, const GF_REAL *u, const GF_REAL *v, const GF_REAL *h_previous, const GF_REAL *h,
  const GF_REAL *lack_previous, GF_REAL *lack, GF_REAL *factors) {
  const int64_t H = hidden, F = batch * H;
  for (int64_t b = 0; b < batch; b++)
    GF_LEVEL(gru_lack_row)(
      H, u + b * 3 * H, v + b * 3 * H, h_previous + b * H, h + b * H, lack_previous + b * H, lack + b * H,
      factors + F + b * H);
}

// In the forward pass this was: n = tanh(u_n + r v_n), h_t = (1 - z) n + z h_{t-1}.
static void GF_LEVEL(gru_backward)(
  int batch, int hidden, const GF_REAL *delta, const GF_REAL *factors, GF_REAL *gamma_input,
  GF_REAL *gamma_hidden, GF_REAL *bypass) {
  const int64_t H = hidden, F = batch * H;
  for (int64_t b = 0; b < batch; b++) {
    const GF_REAL *db = delta + b * H;
    const GF_REAL *q = factors + b * H;
    GF_REAL *gi = gamma_input + b * 3 * H;
    GF_REAL *gh = gamma_hidden + b * 3 * H;
    GF_REAL *pb = bypass + b * H;
#pragma clang loop vectorize(assume_safety)
    for (int64_t k = 0; k < H; k++) {
      GF_REAL r = db[k] * q[k];
      GF_REAL z = db[k] * q[F + k];
      GF_REAL n = db[k] * q[2 * F + k];
      gi[k] = r;
      gi[H + k] = z;
      gi[2 * H + k] = n;
      gh[k] = r;
      gh[H + k] = z;
      gh[2 * H + k] = n * q[3 * F + k];
      pb[k] = db[k] * q[4 * F + k];
    }
  }
}

static void GF_LEVEL(gru_tangent)(
  int batch, int hidden, const GF_REAL *dv, const GF_REAL *factors, const GF_REAL *dh_previous,
  GF_REAL *dh) {
  const int64_t H = hidden, F = batch * H;
  for (int64_t b = 0; b < batch; b++) {
    const GF_REAL *vb = dv + b * 3 * H;
    const GF_REAL *q = factors + b * H;
    const GF_REAL *before = dh_previous + b * H;
    GF_REAL *hb = dh + b * H;
#pragma clang loop vectorize(assume_safety)
    for (int64_t k = 0; k < H; k++)
      hb[k] = vb[k] * q[k] + vb[H + k] * q[F + k] + vb[2 * H + k] * q[2 * F + k] * q[3 * F + k]
        + before[k] * q[4 * F + k];
  }
}
