/// How far the ratios of the singular values of a growing product have come down from their highest, in powers of two.
///
///     s = max over i < j, t of  log2 (σ_i/σ_j at t) − log2 (σ_i/σ_j now)
///
/// Where σ_i/σ_j was 2^s times what it is now, a rounding error of 2^−53 in a direction of then is one of 2^(s − 53) now, and
/// more where directions are not normal to each other: products whose factors are not known exactly do not determine
/// those values any better.
///
/// - Complexity: O(k²) a step, no allocation.
struct SpectralGaps: ~Copyable {
  private let count: Int
  /// Exponents in descending order [k], and the highest gap of each pair of places [k, k].
  private let sorted: AlignedBuffer<Int>
  private let highest: AlignedBuffer<Int32>
  /// s, the largest so far.
  private var shrinkage = 0
  /// Whether values may be wrong by 1e−7 or more for it: in a triangular network it was 700 times 2^(s − 53).
  var haveShrunk: Bool { shrinkage > 18 }

  init(count: Int) {
    self.count = count
    sorted = AlignedBuffer(count: count)
    highest = AlignedBuffer(count: count * count)
  }

  /// Takes the exponents of the values after a step, nearly in order.
  mutating func add(_ exponents: UnsafePointer<Int>, rank: Int) {
    for i in 0..<rank {
      var place = i
      while place > 0 && sorted.base[place - 1] < exponents[i] {
        sorted.base[place] = sorted.base[place - 1]
        place -= 1
      }
      sorted.base[place] = exponents[i]
    }
    for i in 0..<rank {
      let row = highest.base + i * count
      for j in i..<rank {
        let gap = Int32(clamping: sorted.base[i] - sorted.base[j])
        row[j] = max(row[j], gap)
        shrinkage = max(shrinkage, Int(row[j] - gap))
      }
    }
  }
}
