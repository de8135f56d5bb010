// Norms that are right at any magnitude, and the scale of rows.

// Sums run in 32 lanes of double: enough to keep two vector units busy, and the same order of additions at every
// level and for both element types.
#define GF_SUMS 32

static inline double GF_LEVEL(total)(const gf_doubles *sums) {
  gf_doubles s = (sums[0] + sums[2]) + (sums[1] + sums[3]);
  return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

static inline double GF_LEVEL(dot)(int64_t n, const GF_REAL *x, const GF_REAL *y) {
  gf_doubles sums[4] = {0};
  int64_t k = 0;
  for (; k + GF_SUMS <= n; k += GF_SUMS)
    for (int j = 0; j < 4; j++)
      sums[j] += GF_WIDEN(x + k + 8 * j) * GF_WIDEN(y + k + 8 * j);
  for (int j = 0; j < 3; j++, k += 8) {
    if (k + 8 > n) break;
    sums[j] += GF_WIDEN(x + k) * GF_WIDEN(y + k);
  }
  double rest = 0;
  for (; k < n; k++) rest += (double)x[k] * (double)y[k];
  return GF_LEVEL(total)(sums) + rest;
}

// For squares that leave the range: everything is scaled by the largest magnitude.
static double GF_LEVEL(scaled_norm)(int64_t n, const GF_REAL *x) {
  double largest = 0;
  for (int64_t k = 0; k < n; k++) {
    double magnitude = fabs((double)x[k]);
    if (magnitude != magnitude) return magnitude;
    largest = magnitude > largest ? magnitude : largest;
  }
  if (largest == 0 || isinf(largest)) return largest;
  const int exponent = ilogb(largest);
  // No power of two that is itself denormal, and may be flushed to zero.
  const double scale = ldexp(1, exponent < -1000 ? 1000 : exponent > 1000 ? -1000 : -exponent);
  gf_doubles sums[4] = {0};
  double rest = 0;
  int64_t k = 0;
  for (; k + GF_SUMS <= n; k += GF_SUMS)
    for (int j = 0; j < 4; j++) {
      gf_doubles scaled = GF_WIDEN(x + k + 8 * j) * scale;
      sums[j] += scaled * scaled;
    }
  for (; k < n; k++) rest += (x[k] * scale) * (x[k] * scale);
  return __builtin_elementwise_sqrt(GF_LEVEL(total)(sums) + rest) / scale;
}

// Whether no square of a sum has left the range of double: never those of float.
static inline bool GF_LEVEL(is_in_range)(double square) {
  return sizeof(GF_REAL) == sizeof(float) || (square > 1e-280 && square < 1e280);
}

static inline double GF_LEVEL(euclidean_norm)(int64_t n, const GF_REAL *x) {
  const double square = GF_LEVEL(dot)(n, x, x);
  if (GF_LEVEL(is_in_range)(square)) return __builtin_elementwise_sqrt(square);
  return GF_LEVEL(scaled_norm)(n, x);
}

static void GF_LEVEL(row_norms)(
  int count, int width, int stride, const GF_REAL *x, double *norms) {
  for (int64_t r = 0; r < count; r++) norms[r] = GF_LEVEL(euclidean_norm)(width, x + r * stride);
}

static void GF_LEVEL(three_norms)(
  int nx, const GF_REAL *x, int ny, const GF_REAL *y, int nz, const GF_REAL *z, double *norms) {
  norms[0] = GF_LEVEL(euclidean_norm)(nx, x);
  norms[1] = GF_LEVEL(euclidean_norm)(ny, y);
  norms[2] = GF_LEVEL(euclidean_norm)(nz, z);
}

static void GF_LEVEL(gate_norms)(
  int batch, int gates, int hidden, const GF_REAL *gamma, const ptrdiff_t *exponents, double *norms,
  ptrdiff_t *norm_exponents, double *scratch) {
  for (int g = 0; g < gates; g++) {
    for (int64_t b = 0; b < batch; b++)
      scratch[b] = GF_LEVEL(euclidean_norm)(hidden, gamma + (b * gates + g) * hidden);
    gf_combine(batch, scratch, exponents, &norms[g], &norm_exponents[g]);
  }
}

// Without their sign, numbers are ordered as the integers that their bits are, with NaN above infinity.
static double GF_LEVEL(largest_magnitude)(int64_t n, const GF_REAL *x) {
  GF_EIGHT_BITS largest[4] = {0};
  GF_BITS result = 0;
  int64_t k = 0;
  for (; k + GF_SUMS <= n; k += GF_SUMS)
    for (int j = 0; j < 4; j++)
      largest[j] = __builtin_elementwise_max(
        largest[j], *(const GF_EIGHT_BITS *)(x + k + 8 * j) & GF_MAGNITUDE_BITS);
  for (int j = 0; j < 3; j++, k += 8) {
    if (k + 8 > n) break;
    largest[j] = __builtin_elementwise_max(
      largest[j], *(const GF_EIGHT_BITS *)(x + k) & GF_MAGNITUDE_BITS);
  }
  for (; k < n; k++) {
    GF_BITS rest;
    memcpy(&rest, x + k, sizeof rest);
    rest &= GF_MAGNITUDE_BITS;
    result = rest > result ? rest : result;
  }
  const GF_BITS bits = __builtin_reduce_max(__builtin_elementwise_max(
    __builtin_elementwise_max(largest[0], largest[1]), __builtin_elementwise_max(largest[2], largest[3])));
  result = bits > result ? bits : result;
  GF_REAL magnitude;
  memcpy(&magnitude, &result, sizeof magnitude);
  return magnitude;
}

// Whether 2^power times some element is below the normal numbers, though the element is not 0.
static inline bool GF_LEVEL(loses)(int64_t n, const GF_REAL *x, int64_t power) {
  const double limit = gf_power_of_two(GF_MIN_EXPONENT - power);
  const GF_REAL least = limit > GF_GREATEST ? GF_GREATEST : (GF_REAL)limit;
  int found = 0;
  for (int64_t k = 0; k < n; k++) found |= (GF_ABS(x[k]) < least) & (x[k] != 0);
  return found;
}

// e with 2^e <= norm < 2^(e+1), from the square, which spares the root where no one asks for it; INT64_MIN for zero and
// for what is not a number, INT64_MAX for infinity.
static inline int64_t GF_LEVEL(norm_exponent)(int64_t n, const GF_REAL *x, double *norm) {
  const double square = GF_LEVEL(dot)(n, x, x);
  if (GF_LEVEL(is_in_range)(square)) {
    if (norm) *norm = __builtin_elementwise_sqrt(square);
    return !(square > 0) ? INT64_MIN : isinf(square) ? INT64_MAX : gf_exponent_of(square) >> 1;
  }
  const double scaled = GF_LEVEL(scaled_norm)(n, x);
  if (norm) *norm = scaled;
  return !(scaled > 0) ? INT64_MIN : isinf(scaled) ? INT64_MAX : gf_exponent_of(scaled);
}

// Moves a power of two from a row, and `other` if not null, into its exponent. If `sparing`, returns false, and does
// nothing, where an element would be lost. Rare beside the measuring, and kept out of its code.
static __attribute__((noinline)) bool GF_LEVEL(move_power)(
  int width, bool sparing, int64_t power, GF_REAL *row, GF_REAL *other, ptrdiff_t *exponent, double *norm) {
  // Only a row that shrinks can lose anything.
  if (sparing && power > 0 &&
      (GF_LEVEL(loses)(width, row, -power) || (other && GF_LEVEL(loses)(width, other, -power))))
    return false;
  // A power beyond the range of double is applied in parts.
  for (int64_t rest = -power; rest != 0;) {
    const int64_t part = rest > 1000 ? 1000 : rest < -1000 ? -1000 : rest;
    const double factor = gf_power_of_two(part);
    rest -= part;
    GF_LEVEL(scale_row)(width, factor, row);
    if (norm) *norm *= factor;
    if (other) GF_LEVEL(scale_row)(width, factor, other);
  }
  *exponent += power;
  return true;
}

static int GF_LEVEL(renormalise_rows)(
  int count, int width, int threshold, bool sparing, GF_REAL *x, GF_REAL *second, ptrdiff_t *exponents,
  double *norms, ptrdiff_t *true_exponents) {
  int kept = 0;
  for (int64_t r = 0; r < count; r++) {
    GF_REAL *row = x + r * width, *other = second ? second + r * width : NULL;
    double *norm = norms ? norms + r : NULL;
    int64_t power = GF_LEVEL(norm_exponent)(width, row, norm);
    if (other) {
      const int64_t own = GF_LEVEL(norm_exponent)(width, other, NULL);
      power = own > power ? own : power;
    }
    if (power == INT64_MIN || power == INT64_MAX) {
      exponents[r] = 0;  // nothing arrives, or nothing that has a scale
      true_exponents[r] = INT64_MIN;
      continue;
    }
    true_exponents[r] = exponents[r] + power;
    if (power <= threshold && -power <= threshold) continue;
    kept += !GF_LEVEL(move_power)(width, sparing, power, row, other, &exponents[r], norm);
  }
  return kept;
}
