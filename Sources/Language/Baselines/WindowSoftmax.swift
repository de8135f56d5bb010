import Foundation

/// The arithmetic of ``WindowModel``: rows of logits, their sum as probabilities, and the step down the
/// gradient.
///
/// Row 0 is b, row 1 + (j − 1) V + x is W_j[x]. A row is padded to whole vectors; the padding of b is −∞, a
/// probability of about 0.
struct WindowSoftmax: ~Copyable {
  private typealias Lanes = SIMD8<Float>

  private let vocabulary: Int
  private let window: Int
  /// Vectors of a row, and rows.
  private let width: Int
  private let rowCount: Int
  private let rows: UnsafeMutablePointer<Lanes>
  /// Σ ‖g‖² of each row.
  private let squares: UnsafeMutablePointer<Float>
  /// The rows that a prediction read, and its probabilities.
  private let read: UnsafeMutablePointer<Int>
  private var readCount = 0
  private let probabilities: UnsafeMutablePointer<Lanes>

  /// - Parameter weights: as ``weights`` gives them; nil for zeros.
  init(vocabulary: Int, window: Int, weights: [SIMD8<Float>]? = nil) {
    (self.vocabulary, self.window) = (vocabulary, window)
    width = (vocabulary + Lanes.scalarCount - 1) / Lanes.scalarCount
    rowCount = 1 + window * vocabulary
    rows = .allocate(capacity: rowCount * width)
    squares = .allocate(capacity: rowCount)
    read = .allocate(capacity: window + 1)
    probabilities = .allocate(capacity: width)
    rows.initialize(repeating: Lanes(repeating: 0), count: rowCount * width)
    squares.initialize(repeating: 0, count: rowCount)
    read.initialize(repeating: 0, count: window + 1)
    probabilities.initialize(repeating: Lanes(repeating: 0), count: width)
    for lane in vocabulary..<width * Lanes.scalarCount { self[lane, of: rows] = -.infinity }
    if let weights {
      precondition(weights.count == rowCount * width, "weights of another model")
      for n in weights.indices { rows[n] = weights[n] }
    }
  }

  deinit {
    rows.deallocate()
    squares.deallocate()
    read.deallocate()
    probabilities.deallocate()
  }

  /// All rows.
  var weights: [SIMD8<Float>] { Array(UnsafeBufferPointer(start: rows, count: rowCount * width)) }

  /// −ln p of the token at a position, after the tokens before it that are not before `start`.
  ///
  ///     y = b + Σ_j W_j[x_{t−j}];    −ln p = max y + ln Σ_v exp(y_v − max y) − y_w
  @inline(__always)
  mutating func predict(_ tokens: UnsafeBufferPointer<Int32>, at position: Int, from start: Int) -> Float {
    readCount = 1 + min(window, position - start)
    for distance in 1..<max(1, readCount) {
      read[distance] = 1 &+ (distance &- 1) &* vocabulary &+ Int(tokens[position &- distance])
    }
    let y = probabilities
    y.update(from: rows, count: width)
    for n in 1..<readCount {
      let row = rows + read[n] &* width
      for c in 0..<width { y[c] += row[c] }
    }
    var largest = y[0]
    for c in 1..<width { largest.replace(with: y[c], where: y[c] .> largest) }
    let maximum = largest.max()
    let logit = self[Int(tokens[position]), of: y]
    var sums = Lanes(repeating: 0)
    for c in 0..<width {
      let exponential = (y[c] - maximum).exponential
      y[c] = exponential
      sums += exponential
    }
    let sum = sums.sum()
    let scale = 1 / sum
    for c in 0..<width { y[c] *= scale }
    return maximum + log(sum) - logit
  }

  /// Adagrad with one rate a row, down the gradient of −ln p of the last prediction.
  ///
  ///     g = p − e_w              for b and for each row read
  ///     s ← s + ‖g‖²             of each of these rows
  ///     row ← row − η g / √s
  ///
  /// - Note: Source: Duchi, Hazan & Singer, JMLR 12 (2011) 2121, with a sum for each row in place of each
  ///   element.
  @inline(__always)
  mutating func update(towards token: Int, rate: Float) {
    let gradient = probabilities
    self[token, of: gradient] -= 1
    var sums = Lanes(repeating: 0)
    for c in 0..<width { sums += gradient[c] * gradient[c] }
    let square = sums.sum()
    // Nothing to learn, and 0 / 0 in a row's first step.
    if square == 0 { return }
    for n in 0..<readCount {
      squares[read[n]] += square
      let step = rate / squares[read[n]].squareRoot()
      let row = rows + read[n] &* width
      for c in 0..<width { row[c] -= step * gradient[c] }
    }
  }

  /// An element of a row.
  private subscript(token: Int, of row: UnsafeMutablePointer<SIMD8<Float>>) -> Float {
    @inline(__always) get { row[token / Lanes.scalarCount][token % Lanes.scalarCount] }
    @inline(__always) nonmutating set { row[token / Lanes.scalarCount][token % Lanes.scalarCount] = newValue }
  }
}

extension SIMD8<Float> {
  /// e^x for x ≤ 0, with a relative error of about (1 + |x|) 2⁻²³; 2⁻¹⁰⁰ where it is less.
  ///
  ///     x = n ln 2 + r,  |r| ≤ (ln 2) / 2;    e^x = 2ⁿ Σ_{m=0…7} r^m / m!
  @inline(__always)
  fileprivate var exponential: Self {
    var powers = self * Float(1.442_695_04)
    powers.replace(with: -100, where: powers .< -100)
    // Adding 3·2²² rounds to a whole number, which is then in the low bits.
    let shifter = Self(repeating: 0x1.8p23)
    let shifted = powers + shifter
    let r = (powers - (shifted - shifter)) * Float(0.693_147_181)
    var series = Self(repeating: 1 / 5040)
    for coefficient: Float in [1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1, 1] {
      series = series * r + coefficient
    }
    let exponents = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &<< 23
    return unsafeBitCast(unsafeBitCast(series, to: SIMD8<Int32>.self) &+ exponents, to: Self.self)
  }
}
