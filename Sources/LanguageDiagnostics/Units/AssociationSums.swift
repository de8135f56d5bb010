import LinearAlgebra

/// Σ x, Σ x² of each unit, and Σ xφ of each unit with each column: a feature moved by a shift.
///
/// A matrix product in single precision adds up a piece,
///
///     Σ xφ = Σ (x − x̄)φ + x̄ Σ φ
///
/// with the piece's own mean x̄ and the second term in double precision. Where a unit and a feature stay the
/// same for long, equal numbers would otherwise be added, whose rounding errors have one sign.
struct AssociationSums: ~Copyable {
  /// Columns, shift by shift; U.
  private let columns: Int, units: Int
  private let unitSums: AlignedBuffer<Double>, unitSquares: AlignedBuffer<Double>
  /// Σ xφ [columns, U].
  private let products: AlignedBuffer<Double>
  /// Of a piece: the columns [columns, rows], its products [columns, U], the sums and means of the units.
  private let panel: AlignedBuffer<Float>, pieceProducts: AlignedBuffer<Float>
  private let pieceSums: AlignedBuffer<Double>, means: AlignedBuffer<Float>

  init(columns: Int, units: Int, pieceRows: Int) {
    self.columns = columns
    self.units = units
    unitSums = AlignedBuffer(count: units)
    unitSquares = AlignedBuffer(count: units)
    products = AlignedBuffer(count: columns * units)
    pieceSums = AlignedBuffer(count: units)
    means = AlignedBuffer(count: units)
    panel = AlignedBuffer(uninitializedCount: columns * pieceRows)
    pieceProducts = AlignedBuffer(uninitializedCount: columns * units)
  }

  /// Adds a piece, whose rows lose their mean on the way; `shifts` are those of the columns after the first
  /// F, which are not shifted.
  mutating func add(_ piece: RowPiece, _ features: borrowing StandardisedFeatures, _ shifts: [Int]) {
    addMoments(piece)
    if columns == 0 { return }
    subtractMeans(piece)
    let perShift = features.names.count
    for (s, shift) in ([0] + shifts).enumerated() {
      features.fill(
        panel.base + s * perShift * piece.count, from: piece.first, count: piece.count, shift: shift)
    }
    // Code of its own for the shape would be the slower one: the operands are larger than the caches.
    let product = MatrixProduct<Float>(
      m: columns, n: units, k: piece.count, accumulates: false, generates: false)
    product(panel.base, piece.rows, into: pieceProducts.base)
    for column in 0..<columns {
      let sum = UnsafeBufferPointer(start: panel.base + column * piece.count, count: piece.count).wideSum
      let (totals, parts) = (products.base + column * units, pieceProducts.base + column * units)
      for u in 0..<units { totals[u] += Double(parts[u]) + Double(means.base[u]) * sum }
    }
  }

  private func addMoments(_ piece: RowPiece) {
    let (sums, squares) = (pieceSums.base, unitSquares.base)
    pieceSums.zero()
    for r in 0..<piece.count {
      let row = piece.rows + r * units
      for u in 0..<units {
        let x = Double(row[u])
        sums[u] += x
        squares[u] += x * x
      }
    }
    for u in 0..<units { unitSums.base[u] += sums[u] }
  }

  /// Takes the piece's mean of each unit, in single precision, off its rows.
  private func subtractMeans(_ piece: RowPiece) {
    for u in 0..<units { means.base[u] = Float(pieceSums.base[u] / Double(piece.count)) }
    for r in 0..<piece.count {
      let row = piece.rows + r * units
      for u in 0..<units { row[u] -= means.base[u] }
    }
  }

  /// r of each column and unit [columns, U]; 0 for a unit that does not vary.
  ///
  /// - Parameter count: n.
  func correlations(_ features: borrowing StandardisedFeatures, count: Int) -> [Double] {
    let n = Double(count)
    let perShift = features.names.count
    // n Σx² − (Σx)²: of a unit that is constant both terms are exactly 0.
    let spreads = (0..<units).map { n * unitSquares.base[$0] - unitSums.base[$0] * unitSums.base[$0] }
    return (0..<columns * units).map { k in
      let (f, u) = (k / units % perShift, k % units)
      guard spreads[u] > 0 else { return 0 }
      let spread = n * features.squares[f] - features.sums[f] * features.sums[f]
      let r =
        (n * products.base[k] - unitSums.base[u] * features.sums[f]) / (spreads[u] * spread).squareRoot()
      return max(-1, min(1, r))
    }
  }
}

extension UnsafeBufferPointer<Float> {
  /// The sum in double precision.
  fileprivate var wideSum: Double {
    // Eight sums beside each other, which the processor adds up at once.
    var sums = SIMD8<Double>()
    var k = 0
    while k + 8 <= count {
      sums += SIMD8<Double>(UnsafeRawPointer(baseAddress! + k).loadUnaligned(as: SIMD8<Float>.self))
      k += 8
    }
    return self[k...].reduce(sums.sum()) { $0 + Double($1) }
  }
}
