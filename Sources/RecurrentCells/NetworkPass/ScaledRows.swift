import LinearAlgebra

/// Gradients row by row, each with a power of two of its own: what layers hand down, and what networks hand on.
///
///     row r = values[r, ·] · 2^exponents[r]
public struct ScaledRows<Element: Scalar>: Sendable, Equatable {
  /// Numbers of a row.
  public let width: Int
  /// Mantissas [rows, width].
  public internal(set) var values: [Element]
  /// Powers of two [rows].
  public internal(set) var exponents: [Int]

  /// - Parameter exponents: nil where all are 0.
  /// - Precondition: whole rows, and as many exponents.
  public init(width: Int, values: [Element], exponents: [Int]? = nil) {
    precondition(width > 0 && values.count % width == 0, "\(values.count) numbers for rows of \(width)")
    let rows = values.count / width
    precondition((exponents?.count ?? rows) == rows, "\(exponents?.count ?? 0) exponents for \(rows) rows")
    self.width = width
    self.values = values
    self.exponents = exponents ?? Array(repeating: 0, count: rows)
  }

  /// ‖row r‖.
  public func norm(row r: Int) -> ScaledNumber {
    ScaledNumber(Element.euclideanNorm(Array(values[r * width..<(r + 1) * width])), exponent: exponents[r])
  }

  /// Makes row r zero.
  mutating func clear(row r: Int) {
    for k in r * width..<(r + 1) * width { values[k] = 0 }
    exponents[r] = 0
  }

  /// Whether every number of row r is 0.
  public func isZero(row r: Int) -> Bool {
    !values[r * width..<(r + 1) * width].contains { $0 != 0 }
  }

  /// What a layer's way back left.
  package init(_ gradients: InputGradients<Element>) {
    self.init(width: gradients.inputSize, values: gradients.values, exponents: gradients.exponents)
  }

  /// The sum of both directions of a layer, in the order of the forward one.
  @usableFromInline
  init(_ forward: InputGradients<Element>, _ reverse: InputGradients<Element>, _ mirror: MirroredRows) {
    self.init(forward)
    let (width, count) = (width, exponents.count)
    add(
      ScaledRows(
        width: width,
        values: [Element](writing: count * width) {
          copyRows(
            count, width: width, from: reverse.values, stride: width, order: mirror.order, to: $0,
            stride: width)
        }, exponents: mirror.order.map { [exponents = reverse.exponents] in exponents[$0] }))
  }

  /// Adds other rows to those from `first` on, each pair at the scale of the larger one.
  @usableFromInline
  mutating func add(_ other: ScaledRows, at first: Int = 0) {
    let width = width
    for k in other.exponents.indices {
      let (row, from) = (first + k, k * width)
      other.values.withUnsafeBufferPointer { theirs in
        values.withUnsafeMutableBufferPointer { mine in
          guard let theirs = theirs.baseAddress, let mine = mine.baseAddress else { return }
          var scale = 1.0
          if exponents[row] != other.exponents[k] {
            // A row of zeros may have any exponent beside the other: 0 · 2^1023 is 0, 0 · ∞ is not.
            let own = Self.top(mine + row * width, width, exponents[row])
            let entering = Self.top(theirs + from, width, other.exponents[k])
            let target = max(own, entering)
            if target == .min { return }
            var shift = powerOfTwo(min(1023, exponents[row] - target))
            Element.scaleRows(count: 1, width: width, scale: &shift, mine + row * width)
            scale = powerOfTwo(min(1023, other.exponents[k] - target))
            exponents[row] = target
          }
          Element.addScaledRows(
            count: 1, width: width, scale: &scale, theirs + from, into: mine + row * width)
        }
      }
    }
  }

  /// The power of two of the largest number of a row; `Int.min` for zeros.
  private static func top(_ row: UnsafePointer<Element>, _ width: Int, _ exponent: Int) -> Int {
    let largest = Element.largestMagnitude(width, row)
    return largest == 0 ? .min : ScaledNumber(largest).exponent + exponent
  }

  /// Every number times that of a mask.
  @usableFromInline
  mutating func multiply(by mask: DropoutMask<Element>) {
    let values = values
    self.values = [Element](writing: values.count) {
      Element.elementwiseProduct(values.count, values, mask.values, into: $0)
    }
  }

  /// The rows of a layer with one direction as what comes from above it.
  @usableFromInline
  var upstream: UpstreamGradient<Element> { UpstreamGradient(values: values, exponents: exponents) }

  /// The columns of a direction, in its own time.
  ///
  /// - Parameters:
  ///   - mirror: of the reverse direction.
  ///   - placement: the own steps whose rows are not all zero.
  @usableFromInline
  func upstream(
    of direction: Direction, hiddenSize: Int, _ mirror: MirroredRows, placement: LossPlacement = .everyStep
  ) -> UpstreamGradient<Element> {
    let own = columns(of: direction, hiddenSize: hiddenSize, mirror)
    return UpstreamGradient(values: own.values, exponents: own.exponents, placement: placement)
  }

  /// The columns of a direction, in its own time.
  @usableFromInline
  func columns(of direction: Direction, hiddenSize: Int, _ mirror: MirroredRows) -> ScaledRows {
    let order = direction == .reverse ? mirror.order : nil
    return ScaledRows(
      width: hiddenSize,
      values: values.withUnsafeBufferPointer { rows in
        [Element](writing: exponents.count * hiddenSize) { target in
          guard let base = rows.baseAddress else { return }
          copyRows(
            exponents.count, width: hiddenSize, from: base + direction.index * hiddenSize, stride: width,
            order: order, to: target, stride: hiddenSize)
        }
      }, exponents: order.map { $0.map { exponents[$0] } } ?? exponents)
  }

  /// Σ of the rows by token id [count, width]: the gradient of an embedding. Rows of ids that none has are exactly 0.
  ///
  /// - Complexity: O(rows · width).
  public func sums(byToken ids: [Int], count: Int) -> ScaledArray<Element> {
    var sums = [Element](repeating: 0, count: count * width)
    let target = commonExponent
    values.withUnsafeBufferPointer { rows in
      sums.withUnsafeMutableBufferPointer { sums in
        guard let rows = rows.baseAddress, let sums = sums.baseAddress else { return }
        for (row, id) in ids.enumerated() {
          var scale = powerOfTwo(min(1023, exponents[row] - target))
          Element.addScaledRows(
            count: 1, width: width, scale: &scale, rows + row * width, into: sums + id * width)
        }
      }
    }
    return ScaledArray(values: sums, exponent: target)
  }

  /// The exponent that all have, or that of the largest number.
  private var commonExponent: Int {
    guard let first = exponents.first else { return 0 }
    if exponents.allSatisfy({ $0 == first }) { return first }
    let tops = values.withUnsafeBufferPointer { values in
      exponents.indices.map { row in
        values.baseAddress.map { Self.top($0 + row * width, width, exponents[row]) } ?? .min
      }
    }
    let top = tops.max() ?? .min
    return top == .min ? 0 : top
  }
}
