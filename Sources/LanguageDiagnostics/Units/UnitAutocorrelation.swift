import LinearAlgebra

/// Accumulates the autocorrelation of each unit over its series.
///
///     r(k) = Σ_{t > k} (x_t − x̄)(x_{t−k} − x̄) / Σ_t (x_t − x̄)²,    k = 1, 2, 4, …, 512
///
/// with the mean over the whole series. The rows of all units come in time order, in chunks of any length;
/// how they are cut makes no difference to any bit.
///
/// - Complexity: 20·n·U operations; 2,000·U numbers of memory.
/// - Note: Source: Box, Jenkins & Reinsel, "Time series analysis", section 2.1.5.
public struct UnitAutocorrelation: ~Copyable {
  /// The lags, 1, 2, 4, …, 512.
  public static let lags = (0...9).map { 1 << $0 }
  /// So few rows that the rounding errors of equal products, which have one sign, stay below 1e-6.
  private static let rowsInSinglePrecision = 16

  /// U.
  public let units: Int
  /// Rows that have been added.
  public var count: Int { pieces.count }

  private var pieces: RowPieces
  /// Σ y, Σ y² [U] of the centred values y.
  private let sums: AlignedBuffer<Double>, squares: AlignedBuffer<Double>
  /// Σ y_t y_{t−k} and the sum of the first k values, [lags, U].
  private let products: AlignedBuffer<Double>, heads: AlignedBuffer<Double>
  /// The products of the last few rows, in single precision.
  private let rowProducts: AlignedBuffer<Float>

  /// - Parameter units: U ≥ 1.
  public init(units: Int) {
    self.units = units
    pieces = RowPieces(units: units, historyRows: Self.lags.last!)
    sums = AlignedBuffer(count: units)
    squares = AlignedBuffer(count: units)
    products = AlignedBuffer(count: Self.lags.count * units)
    heads = AlignedBuffer(count: Self.lags.count * units)
    rowProducts = AlignedBuffer(count: Self.lags.count * units)
  }

  /// Adds the rows [rows, U] that follow on those before.
  ///
  /// - Throws: for a value that is no number; none of the rows has been added then.
  public mutating func add(_ chunk: UnsafeBufferPointer<Float>) throws(UnitSeriesError) {
    var rows = try pieces.checked(chunk)
    while let piece = pieces.next(&rows) { add(piece) }
  }

  /// Adds the rows of an array.
  public mutating func add(_ chunk: [Float]) throws(UnitSeriesError) {
    try chunk.withUnsafeBufferPointer { (rows) throws(UnitSeriesError) in try add(rows) }
  }

  private func add(_ piece: RowPiece) {
    for r in 0..<piece.count {
      let row = piece.rows + r * units
      for (k, lag) in Self.lags.enumerated() {
        // Before the first row of all there are zeros.
        multiplyAdd(row, row - lag * units, into: rowProducts.base + k * units)
      }
      if (r + 1) % Self.rowsInSinglePrecision == 0 || r + 1 == piece.count { widenProducts() }
      for u in 0..<units {
        let y = Double(row[u])
        sums.base[u] += y
        squares.base[u] += y * y
      }
      if let k = Self.lags.firstIndex(of: piece.first + r + 1) {
        (heads.base + k * units).update(from: sums.base, count: units)
      }
    }
  }

  /// Adds the products to those in double precision.
  private func widenProducts() {
    for k in 0..<Self.lags.count * units { products.base[k] += Double(rowProducts.base[k]) }
    rowProducts.zero()
  }

  private func multiplyAdd(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, into sum: UnsafeMutablePointer<Float>
  ) {
    for u in 0..<units { sum[u] += x[u] * y[u] }
  }

  /// The autocorrelations; ends the series.
  public mutating func table() -> AutocorrelationTable {
    // The rows up to the last one, for the sums of the last k values: where they are depends on what is left.
    var end = pieces.lastRow
    if let piece = pieces.rest() {
      add(piece)
      end = pieces.lastRow
    }
    let n = Double(count)
    let lags = Self.lags.filter { $0 < count }
    var values = [Double](repeating: 0, count: lags.count * units)
    var tail = [Double](repeating: 0, count: units)
    var taken = 0
    for (k, lag) in lags.enumerated() {
      while taken < lag {
        for u in 0..<units { tail[u] += Double(end[u - taken * units]) }
        taken += 1
      }
      for u in 0..<units {
        let (sum, mean) = (sums.base[u], sums.base[u] / n)
        let spread = squares.base[u] - sum * mean
        guard spread > 0 else { continue }
        // Σ (y_t − m)(y_{t−k} − m) over the n − k pairs.
        let ends = 2 * sum - heads.base[k * units + u] - tail[u]
        let covariance = products.base[k * units + u] - mean * ends + (n - Double(lag)) * mean * mean
        values[u * lags.count + k] = covariance / spread
      }
    }
    let varies = (0..<units).map { squares.base[$0] - sums.base[$0] * sums.base[$0] / n > 0 }
    return AutocorrelationTable(lags: lags, units: units, values: values, varies: varies)
  }
}
