// Loops over units that are computed alike, several vectors at once: an activation is one long chain of operations,
// and of several vectors the chains overlap.
#ifndef GF_BY_VECTORS_H
#define GF_BY_VECTORS_H

#include <stdint.h>

/// Elements of a vector of the level.
#define GF_LANES ((int)(GF_VECTOR_BYTES / sizeof(GF_REAL)))

#define GF_PRAGMA(text) _Pragma(#text)

/// Does `work`, an expression of k, for each k from 0 to n - 1: four vectors at a time, a rest by two or one. The last
/// of these begins early enough to be whole; what is then computed twice is the same, as long as nothing that is read
/// is written.
#define GF_BY_VECTORS(n, work)                                                         \
  do {                                                                                 \
    const int64_t n_ = n, fours_ = n_ & -(int64_t)(4 * GF_LANES);                      \
    GF_PRAGMA(clang loop vectorize(assume_safety) interleave_count(4))                 \
    for (int64_t k = 0; k < fours_; k++) work;                                         \
    int64_t done_ = fours_;                                                            \
    GF_WHILE_LEFT(2, n_, done_, work)                                                  \
    GF_WHILE_LEFT(1, n_, done_, work)                                                  \
    GF_PRAGMA(clang loop vectorize(assume_safety))                                     \
    for (int64_t k = done_; k < n_; k++) work;                                         \
  } while (0)

// By `count` vectors, as long as n has as many and more than half of them are left.
#define GF_WHILE_LEFT(count, n, done, work)                                            \
  while (n >= count * GF_LANES && n - done > count / 2 * GF_LANES) {                   \
    const int64_t first_ = done + count * GF_LANES <= n ? done : n - count * GF_LANES; \
    GF_PRAGMA(clang loop vectorize(assume_safety) interleave_count(count))             \
    for (int64_t k = first_; k < first_ + count * GF_LANES; k++) work;                 \
    done = first_ + count * GF_LANES;                                                  \
  }

#endif
