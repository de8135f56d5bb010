import LinearAlgebra

/// Sums of ln R_jj over steps, all and by block.
struct LyapunovSums: ~Copyable {
  private let count, steps, transient, blockLength, blocks: Int
  private let sums, blockSums: AlignedBuffer<Double>
  /// The first direction that has died in the transient.
  private var dead: Int

  init(count: Int, steps: Int, transient: Int) {
    (self.count, self.steps, self.transient) = (count, steps - transient, transient)
    // Some twenty blocks, each long enough to forget the one before.
    blockLength = max(5, (steps - transient + 19) / 20)
    blocks = (steps - transient) / blockLength
    dead = count
    sums = AlignedBuffer(count: count)
    blockSums = AlignedBuffer(count: max(1, blocks) * count)
  }

  /// Takes in what a step t has left in the frame.
  mutating func add(_ frame: borrowing OrthonormalFrame, step t: Int) {
    guard t > transient else {
      for j in 0..<dead where frame.logDiagonal(j) == -.infinity {
        dead = j
        break
      }
      return
    }
    let block = (t - transient - 1) / blockLength
    for j in 0..<count {
      let growth = frame.logDiagonal(j)
      sums.base[j] += growth
      if block < blocks { blockSums.base[block * count + j] += growth }
    }
  }

  /// Nats a step; an exponent of −∞ is followed by such.
  var exponents: [Double] {
    var exponents = sums.array().map { $0 / Double(steps) }
    let singular = min(dead, exponents.firstIndex(of: -.infinity) ?? count)
    for j in singular..<count { exponents[j] = -.infinity }
    return exponents
  }

  /// The spectrum, with other exponents in the place of its own where some are not known.
  func spectrum(_ exponents: [Double]) -> LyapunovSpectrum {
    let errors = (0..<count).map { j -> Double in
      guard blocks >= 2, exponents[j].isFinite else { return .nan }
      let means = (0..<blocks).map { blockSums.base[$0 * count + j] / Double(blockLength) }
      return (means.moments.variance / Double(blocks)).squareRoot()
    }
    return LyapunovSpectrum(
      exponents: exponents, standardErrors: errors, steps: steps, transient: transient)
  }
}
