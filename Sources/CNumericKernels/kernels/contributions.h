// What a norm of Σ_b γ_b x_bᵀ is made of: rows of one scale, their Gram matrix, and weighted sums.

static void GF_LEVEL(normalise_rows)(
  int count, int width, int stride, const GF_REAL *restrict x, GF_REAL *restrict out,
  ptrdiff_t *exponents) {
  for (int r = 0; r < count; r++, x += width, out += stride) {
    const double largest = GF_LEVEL(largest_magnitude)(width, x);
    GF_REAL factor = 1;
    if (!isfinite(largest)) {
      exponents[r] = 0;
    } else if (largest == 0) {
      exponents[r] = INT64_MIN;
    } else {
      const int exponent = gf_exponent_of(largest), limit = GF_MAX_EXPONENT - 1;
      exponents[r] = exponent < -limit ? -limit : exponent > limit ? limit : exponent;
      factor = (GF_REAL)gf_power_of_two(-exponents[r]);
    }
    for (int j = 0; j < width; j++) out[j] = factor * x[j];
  }
}

static double GF_LEVEL(norm_of_weighted_sum)(
  int count, int width, int stride, const double *weights, const GF_REAL *restrict x,
  double *restrict sums) {
  for (int j = 0; j < width; j++) sums[j] = 0;
  int r = 0;
  for (; r + 4 <= count; r += 4, x += (int64_t)4 * stride) {
    const GF_REAL *restrict x1 = x + stride, *restrict x2 = x1 + stride, *restrict x3 = x2 + stride;
    const double w0 = weights[r], w1 = weights[r + 1], w2 = weights[r + 2], w3 = weights[r + 3];
    for (int j = 0; j < width; j++)
      sums[j] += (w0 * (double)x[j] + w1 * (double)x1[j]) + (w2 * (double)x2[j] + w3 * (double)x3[j]);
  }
  for (; r < count; r++, x += stride) {
    const double w = weights[r];
    for (int j = 0; j < width; j++) sums[j] += w * (double)x[j];
  }
  gf_doubles squares[4] = {0};
  double rest = 0;
  int j = 0;
  for (; j + GF_SUMS <= width; j += GF_SUMS)
    for (int k = 0; k < 4; k++) {
      gf_doubles v = *(const gf_doubles *)(sums + j + 8 * k);
      squares[k] += v * v;
    }
  for (; j < width; j++) rest += sums[j] * sums[j];
  return __builtin_elementwise_sqrt(GF_LEVEL(total)(squares) + rest);
}

// Blocks of GF_TILE × GF_TILE products, each in GF_LANES partial sums. In float a partial sum takes at most
// GF_RUN products before it goes over to double, so that its rounding errors, spread over the lanes, stay
// far below one ulp of the result.
#define GF_LANES ((int)(GF_VECTOR_BYTES / sizeof(GF_REAL)))
#define GF_RUN 16
typedef GF_REAL GF_LEVEL(vector) __attribute__((vector_size(GF_VECTOR_BYTES), aligned(sizeof(GF_REAL)), may_alias));

// Adds up the lanes of 16 vectors: sums[p] = Σ lanes of v[p].
static inline void GF_LEVEL(add_lanes)(const GF_LEVEL(vector) *v, int count, double *sums) {
#if GF_VECTOR_BYTES == 64
  if (count == 16) {
    // Each step halves the vectors: parts of neighbours are brought side by side and added, by the shuffles that
    // the processor has as one instruction, and the sums come out in order.
    GF_LEVEL(vector) w[16];
#define GF_PAIR(a, b, step) \
  (__builtin_shufflevector(a, b, GF_FIRST_##step) + __builtin_shufflevector(a, b, GF_SECOND_##step))
#if GF_IS_FLOAT
#define GF_FIRST_1 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29
#define GF_SECOND_1 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31
#define GF_FIRST_2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define GF_SECOND_2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define GF_FIRST_3 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27
#define GF_SECOND_3 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31
    for (int p = 0; p < 8; p++) w[p] = GF_PAIR(v[2 * p], v[2 * p + 1], 1);
    for (int p = 0; p < 4; p++) w[p] = GF_PAIR(w[2 * p], w[2 * p + 1], 2);
    for (int p = 0; p < 2; p++) w[p] = GF_PAIR(w[2 * p], w[2 * p + 1], 3);
    w[0] = GF_PAIR(w[0], w[1], 3);
    for (int p = 0; p < 16; p++) sums[p] += (double)w[0][p];
#else
#define GF_FIRST_1 0, 8, 2, 10, 4, 12, 6, 14
#define GF_SECOND_1 1, 9, 3, 11, 5, 13, 7, 15
#define GF_FIRST_2 0, 1, 4, 5, 8, 9, 12, 13
#define GF_SECOND_2 2, 3, 6, 7, 10, 11, 14, 15
    for (int p = 0; p < 8; p++) w[p] = GF_PAIR(v[2 * p], v[2 * p + 1], 1);
    for (int p = 0; p < 4; p++) w[p] = GF_PAIR(w[2 * p], w[2 * p + 1], 2);
    for (int p = 0; p < 2; p++) w[p] = GF_PAIR(w[2 * p], w[2 * p + 1], 2);
    for (int p = 0; p < 16; p++) sums[p] += w[p / 8][p % 8];
#endif
#undef GF_PAIR
#undef GF_FIRST_1
#undef GF_SECOND_1
#undef GF_FIRST_2
#undef GF_SECOND_2
#undef GF_FIRST_3
#undef GF_SECOND_3
    return;
  }
#endif
  for (int p = 0; p < count; p++)
    for (int lane = 0; lane < GF_LANES; lane++) sums[p] += (double)v[p][lane];
}

static void GF_LEVEL(gram_matrix)(int count, int stride, const GF_REAL *x, double *gram) {
  for (int64_t row = 0; row < count; row += GF_TILE)
    for (int64_t column = 0; column <= row; column += GF_TILE) {
      const GF_REAL *a = x + row * stride, *b = x + column * stride;
      double sums[GF_TILE * GF_TILE] = {0};
      for (int start = 0; start < stride; start += GF_RUN * GF_LANES) {
        const int end = start + GF_RUN * GF_LANES < stride ? start + GF_RUN * GF_LANES : stride;
        GF_LEVEL(vector) parts[GF_TILE * GF_TILE] = {0};
        for (int j = start; j < end; j += GF_LANES) {
          GF_LEVEL(vector) left[GF_TILE], right[GF_TILE];
          for (int p = 0; p < GF_TILE; p++) {
            left[p] = *(const GF_LEVEL(vector) *)(a + (int64_t)p * stride + j);
            right[p] = *(const GF_LEVEL(vector) *)(b + (int64_t)p * stride + j);
          }
          for (int p = 0; p < GF_TILE; p++)
            for (int q = 0; q < GF_TILE; q++) parts[p * GF_TILE + q] += left[p] * right[q];
        }
        GF_LEVEL(add_lanes)(parts, GF_TILE * GF_TILE, sums);
      }
      for (int p = 0; p < GF_TILE; p++)
        for (int q = 0; q < GF_TILE; q++)
          gram[(row + p) * count + column + q] = sums[p * GF_TILE + q];
    }
}

static int64_t GF_LEVEL(contribution_weights)(
  int count, const ptrdiff_t *first, const ptrdiff_t *second, double *weights) {
  // Not in vectors: the exponents have just been written one by one, and would have to be waited for.
  int64_t largest = INT64_MIN;
#pragma clang loop vectorize(disable)
  for (int b = 0; b < count; b++) {
    const bool counts = first[b] != INT64_MIN && (!second || second[b] != INT64_MIN);
    const int64_t exponent = counts ? first[b] + (second ? second[b] : 0) : INT64_MIN;
    largest = exponent > largest ? exponent : largest;
  }
#pragma clang loop vectorize(disable)
  for (int b = 0; b < count; b++) {
    const bool counts = first[b] != INT64_MIN && (!second || second[b] != INT64_MIN);
    weights[b] = counts ? gf_power_of_two(first[b] + (second ? second[b] : 0) - largest) : 0;
  }
  return largest == INT64_MIN ? 0 : largest;
}

static double GF_LEVEL(weighted_gram_sum)(
  int count, int stride, const double *weights, const double *gram, const double *other,
  double *diagonal) {
  double pairs = 0, own = 0;
  for (int64_t b = 0; b < count; b++) {
    const double *row = gram + b * stride, *other_row = other + b * stride;
    double sum = 0;
    for (int64_t c = 0; c < b; c++) {
#pragma clang fp reassociate(on)
      sum += weights[c] * (row[c] * other_row[c]);
    }
    pairs += weights[b] * sum;
    own += weights[b] * weights[b] * (row[b] * other_row[b]);
  }
  *diagonal = own;
  return own + 2 * pairs;
}
