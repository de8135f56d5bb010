/// A matrix that rows of any range are multiplied by, no term of a sum leaving the range of `Double`.
///
///     y = x W
///
/// x and W are cut into bands of similar magnitude, whose products are plain ones: x into bands of 256 powers of two,
/// W into bands of 600, which is one band for all but the strangest weights. The bands' products meet component by
/// component, each with its exponent.
///
/// - Complexity: 2·count·rows·columns operations for each pair of bands; no allocation after the first product.
public final class WideMatrix {
  public let rows, columns: Int
  private let bands: [(exponent: Int, values: [Double])]
  private let count: Int
  /// One band of x, and its product.
  private let band, product: AlignedBuffer<Double>
  private let tops, limits: AlignedBuffer<Int>

  private static let rowBand = 256
  private static let matrixBand = 600

  /// - Parameter count: rows of x.
  public init(_ values: [Double], rows: Int, columns: Int, count: Int) {
    precondition(values.count == rows * columns, "\(values.count) numbers for \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    self.count = count
    var bands: [(exponent: Int, values: [Double])] = []
    var limit = Int.max
    while let top = values.lazy.compactMap({ Self.exponent(of: $0, within: limit) }).max() {
      let scale = ScaledNumber(1, exponent: -top)
      bands.append(
        (
          exponent: top,
          values: values.map { value in
            guard let e = Self.exponent(of: value, within: limit), e > top - Self.matrixBand else { return 0 }
            return (ScaledNumber(value) * scale).double
          }
        ))
      limit = top - Self.matrixBand
    }
    self.bands = bands
    band = AlignedBuffer(count: count * rows)
    product = AlignedBuffer(count: count * columns)
    tops = AlignedBuffer(count: count)
    limits = AlignedBuffer(count: count)
  }

  /// nil for zero and for what belongs to an earlier band. What is not finite belongs to the first one.
  private static func exponent(of value: Double, within limit: Int) -> Int? {
    if value == 0 { return nil }
    let e = value.isFinite ? ScaledNumber(value).exponent : 2000
    return e <= limit ? e : nil
  }

  /// y [count, columns] = x [count, rows] W, or y += x W.
  ///
  /// - Parameter first: how many rows of x are multiplied; nil: all.
  /// - Precondition: x has as many rows as was said when the matrix was made.
  public func multiply(_ x: WideRowsView, first: Int? = nil, into y: borrowing WideRows, accumulates: Bool) {
    precondition(x.width == rows && y.width == columns && y.count == self.count, "shapes do not fit")
    let count = first ?? self.count
    precondition((0...self.count).contains(count), "\(count) of \(self.count) rows")
    if !accumulates { y.zero(rows: count) }
    for b in 0..<count { limits.base[b] = .max }
    while takeBand(of: x, count) {
      for part in bands {
        part.values.withUnsafeBufferPointer {
          Double.multiply(m: count, n: columns, k: rows, band.base, $0.baseAddress!, into: product.base)
        }
        for b in 0..<count where tops.base[b] > .min {
          for k in 0..<columns {
            let term = ScaledNumber(product.base[b * columns + k], exponent: tops.base[b] + part.exponent)
            if !term.isZero { y[b, k] = y[b, k] + term }
          }
        }
      }
    }
  }

  /// The next band of every row that has one; false where none has.
  private func takeBand(of x: WideRowsView, _ count: Int) -> Bool {
    var isAny = false
    let (mantissas, exponents) = (x.mantissas, x.exponents)
    for b in 0..<count {
      let limit = limits.base[b]
      var top = Int.min
      for k in b * rows..<(b + 1) * rows where mantissas[k] != 0 && exponents[k] <= limit {
        top = max(top, exponents[k])
      }
      tops.base[b] = top
      let floor = top == .min ? Int.max : top - Self.rowBand
      for k in b * rows..<(b + 1) * rows {
        let belongs = mantissas[k] != 0 && exponents[k] <= limit && exponents[k] > floor
        band.base[k] = belongs ? mantissas[k] * powerOfTwo(exponents[k] - top) : 0
      }
      if top > .min {
        limits.base[b] = floor
        isAny = true
      }
    }
    return isAny
  }
}
