// Elementwise arithmetic by rows. Scales are powers of two in double: a float is brought back from further than
// its own range reaches. Where the power is a normal float too, the product in float is the same number.

static inline bool GF_LEVEL(fits)(double scale) {
  return fabs(scale) >= GF_LEAST_NORMAL && fabs(scale) <= GF_GREATEST;
}

static void GF_LEVEL(fill_rows)(
  int count, int width, const GF_REAL *row, const GF_REAL *second, GF_REAL *rows) {
  if (count == 0) return;
  for (int j = 0; j < width; j++) rows[j] = second ? row[j] + second[j] : row[j];
  for (int64_t r = 1; r < count; r++) memcpy(rows + r * width, rows, (size_t)width * sizeof *rows);
}

static void GF_LEVEL(transpose)(int rows, int columns, const GF_REAL *x, GF_REAL *out) {
  // In blocks that fit the first-level cache, whichever way they are read.
  const int block = 32;
  for (int i0 = 0; i0 < rows; i0 += block)
    for (int j0 = 0; j0 < columns; j0 += block)
      for (int j = j0; j < j0 + block && j < columns; j++)
        for (int i = i0; i < i0 + block && i < rows; i++)
          out[(int64_t)j * rows + i] = x[(int64_t)i * columns + j];
}

static void GF_LEVEL(elementwise_product)(
  int n, const GF_REAL *restrict x, const GF_REAL *restrict y, GF_REAL *restrict out) {
  for (int k = 0; k < n; k++) out[k] = x[k] * y[k];
}

static void GF_LEVEL(add_scaled_rows)(
  int count, int width, const double *scale, const GF_REAL *restrict x, GF_REAL *restrict y) {
  for (int r = 0; r < count; r++, x += width, y += width) {
    const double s = scale[r];
    if (GF_LEVEL(fits)(s)) {
      // No fused multiply-add here: the sum is rounded as that of two numbers, whatever the power.
      const GF_REAL factor = (GF_REAL)s;
      for (int j = 0; j < width; j++) {
        GF_REAL scaled = factor * x[j];
        y[j] = y[j] + scaled;
      }
    } else {
      for (int j = 0; j < width; j++) {
        GF_REAL scaled = (GF_REAL)(s * (double)x[j]);
        y[j] = y[j] + scaled;
      }
    }
  }
}

static inline void GF_LEVEL(scale_row)(int width, double s, GF_REAL *x) {
  if (s == 1) return;
  if (GF_LEVEL(fits)(s)) {
    const GF_REAL factor = (GF_REAL)s;
    for (int j = 0; j < width; j++) x[j] *= factor;
  } else {
    for (int j = 0; j < width; j++) x[j] = (GF_REAL)(s * (double)x[j]);
  }
}

static void GF_LEVEL(scale_rows)(int count, int width, const double *scale, GF_REAL *x) {
  for (int64_t r = 0; r < count; r++) GF_LEVEL(scale_row)(width, scale[r], x + r * width);
}

static void GF_LEVEL(widen_scaled_rows)(
  int count, int width, int stride, const double *scale, const GF_REAL *restrict x,
  double *restrict out) {
  for (int r = 0; r < count; r++, x += stride, out += width) {
    const double s = scale[r];
    for (int j = 0; j < width; j++) out[j] = s * (double)x[j];
  }
}

static void GF_LEVEL(add_column_sums)(
  int count, int width, const GF_REAL *restrict x, GF_REAL *restrict sums) {
  int r = 0;
  for (; r + 4 <= count; r += 4, x += (int64_t)4 * width) {
    const GF_REAL *restrict x1 = x + width, *restrict x2 = x1 + width, *restrict x3 = x2 + width;
    for (int j = 0; j < width; j++) sums[j] += (x[j] + x1[j]) + (x2[j] + x3[j]);
  }
  for (; r < count; r++, x += width)
    for (int j = 0; j < width; j++) sums[j] += x[j];
}

static int64_t GF_LEVEL(first_non_finite)(int64_t n, const GF_REAL *x) {
  // x - x is 0 for a finite x and NaN otherwise; a block is searched only when it has one.
  const int64_t block = 256;
  for (int64_t start = 0; start < n; start += block) {
    const int64_t end = start + block < n ? start + block : n;
    int found = 0;
    for (int64_t k = start; k < end; k++) found |= (x[k] - x[k]) != 0;
    if (found)
      for (int64_t k = start; k < end; k++)
        if ((x[k] - x[k]) != 0) return k;
  }
  return -1;
}
