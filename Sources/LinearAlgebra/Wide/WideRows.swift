/// Rows of numbers with an exponent each [count, width]: what a vector is kept in whose components lie further apart
/// than the range of floating-point numbers.
public struct WideRows: ~Copyable {
  public let count, width: Int
  /// In [1, 2) with a sign, or 0; see ``ScaledNumber``.
  @usableFromInline let mantissas: AlignedBuffer<Double>
  @usableFromInline let exponents: AlignedBuffer<Int>

  /// Zeros.
  public init(count: Int, width: Int) {
    self.count = count
    self.width = width
    mantissas = AlignedBuffer(count: count * width)
    exponents = AlignedBuffer(count: count * width)
  }

  /// Component `column` of row `row`.
  @inlinable
  public subscript(row: Int, column: Int) -> ScaledNumber {
    get {
      let k = row * width + column
      return ScaledNumber(mantissa: mantissas.base[k], power: exponents.base[k])
    }
    nonmutating set {
      let k = row * width + column
      mantissas.base[k] = newValue.mantissa
      exponents.base[k] = newValue.exponent
    }
  }

  /// The rows as they are now; valid as long as the owner lives, and changing with it.
  public var view: WideRowsView {
    WideRowsView(width: width, mantissas: mantissas.base, exponents: exponents.base)
  }

  /// The first rows, or all, back to zero.
  public func zero(rows: Int? = nil) {
    let elements = (rows ?? count) * width
    mantissas.base.update(repeating: 0, count: elements)
    exponents.base.update(repeating: 0, count: elements)
  }

  /// Takes the first rows, or all, of plain numbers, row b times 2^powers[b].
  public func load<Element: Scalar>(
    _ rows: UnsafePointer<Element>, powers: UnsafePointer<Int>, first: Int? = nil
  ) {
    let count = first ?? self.count
    Element.widen(count * width, rows, into: mantissas.base)
    for b in 0..<count {
      for k in b * width..<(b + 1) * width {
        let number = ScaledNumber(mantissas.base[k], exponent: powers[b])
        mantissas.base[k] = number.mantissa
        exponents.base[k] = number.exponent
      }
    }
  }

  /// Adds the first rows, or all, of others.
  public func add(_ other: borrowing WideRows, first: Int? = nil) {
    for b in 0..<(first ?? count) {
      for k in 0..<width { self[b, k] += other[b, k] }
    }
  }

  /// Multiplies row b.
  public func scale(row b: Int, by factor: ScaledNumber) {
    for k in 0..<width { self[b, k] = self[b, k] * factor }
  }

  /// The largest and the least exponent of the components of row b that are not zero; `Int.min` and `Int.max` for a row
  /// of zeros.
  public func exponentRange(row b: Int) -> (top: Int, least: Int) {
    var (top, least) = (Int.min, Int.max)
    for k in b * width..<(b + 1) * width where mantissas.base[k] != 0 {
      top = max(top, exponents.base[k])
      least = min(least, exponents.base[k])
    }
    return (top, least)
  }

  /// The first rows, or all, as plain numbers with one exponent each, the largest component near 1; a component below the range beside
  /// it becomes 0. Norms of whole rows lose nothing by that.
  ///
  /// - Parameter norms: of the plain numbers; nil if they are not asked for.
  public func store<Element: Scalar>(
    into rows: UnsafeMutablePointer<Element>, exponents powers: UnsafeMutablePointer<Int>,
    norms: UnsafeMutablePointer<Double>? = nil, first: Int? = nil
  ) {
    let count = first ?? self.count
    for b in 0..<count {
      let top = exponentRange(row: b).top
      powers[b] = top == .min ? 0 : top
    }
    // Both precisions by name: a generic conversion is looked up for every component.
    if Element.self == Float.self {
      narrow(count, powers) {
        UnsafeMutableRawPointer(rows).assumingMemoryBound(to: Float.self)[$0] = Float($1)
      }
    } else {
      narrow(count, powers) { UnsafeMutableRawPointer(rows).assumingMemoryBound(to: Double.self)[$0] = $1 }
    }
    if let norms { Element.rowNorms(count: count, width: width, stride: width, rows, into: norms) }
  }

  @inline(__always)
  private func narrow(_ count: Int, _ powers: UnsafePointer<Int>, _ put: (Int, Double) -> Void) {
    for b in 0..<count {
      for k in b * width..<(b + 1) * width {
        let shift = exponents.base[k] - powers[b]
        let factor = shift >= -1022 ? powerOfTwo(min(shift, 1023)) : 0
        put(k, mantissas.base[k] == 0 ? 0 : mantissas.base[k] * factor)
      }
    }
  }
}

/// Borrowed rows of numbers with an exponent each.
public struct WideRowsView {
  @usableFromInline let width: Int
  @usableFromInline let mantissas: UnsafePointer<Double>
  @usableFromInline let exponents: UnsafePointer<Int>

  /// Component `column` of row `row`.
  @inlinable
  public subscript(row: Int, column: Int) -> ScaledNumber {
    let k = row * width + column
    return ScaledNumber(mantissa: mantissas[k], power: exponents[k])
  }

  /// ‖row b‖ of the columns, right at any distance of its components.
  public func norm(row b: Int, columns: Range<Int>) -> ScaledNumber {
    var sum = ScaledNumber.zero
    for k in columns {
      let size = self[b, k].magnitude
      sum = sum + size * size
    }
    return sum.squareRoot()
  }
}
