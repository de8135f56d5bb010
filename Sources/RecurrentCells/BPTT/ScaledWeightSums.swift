import LinearAlgebra

/// Weight gradients summed with an exponent for each term, in double precision: for passes whose states or gradients
/// differ so much between steps that sums at one scale would lose terms that matter.
///
///     Σ_t Σ_b γ_t[b] h_{t−1}[b]ᵀ,   term by term m · 2^(e_γ + e_h)
///
/// Where the states of a linear or ReLU network grow as ρ^t, its γ_t grow as ρ^(T − t): every term is as large as any
/// other, though γ alone spans hundreds of decades.
///
/// - Complexity: as ``WeightGradientAccumulator``, in double precision, with three more passes over γ.
final class ScaledWeightSums {
  private let rows: Int
  /// Whether the hidden side has a γ and a bias of its own.
  private let apart: Bool
  private let weightIH, weightHH, biasIH, biasHH: Total
  private let gamma, scaledGamma, operand: AlignedBuffer<Double>
  private let gammaExponents, operandExponents: AlignedBuffer<Int>

  /// A sum `values · 2^exponent`; the exponent is nil as long as the sum is empty.
  private final class Total {
    let values: AlignedBuffer<Double>
    /// The columns of the operand: H, I or 1.
    let width: Int
    var exponent: Int?

    init(rows: Int, width: Int) {
      values = AlignedBuffer(count: rows * width)
      self.width = width
    }

    func reset() {
      values.zero()
      exponent = nil
    }
  }

  /// - Parameter capacity: rows of the largest segment.
  init(shape: SequenceShape, rows: Int, capacity: Int, apart: Bool) {
    self.rows = rows
    self.apart = apart
    let count = capacity
    weightIH = Total(rows: rows, width: shape.inputSize)
    weightHH = Total(rows: rows, width: shape.hiddenSize)
    biasIH = Total(rows: rows, width: 1)
    biasHH = Total(rows: apart ? rows : 0, width: 1)
    gamma = AlignedBuffer(uninitializedCount: count * rows)
    scaledGamma = AlignedBuffer(uninitializedCount: count * rows)
    operand = AlignedBuffer(uninitializedCount: count * max(1, shape.inputSize, shape.hiddenSize))
    gammaExponents = AlignedBuffer(uninitializedCount: count)
    operandExponents = AlignedBuffer(uninitializedCount: count)
  }

  func reset() {
    for total in [weightIH, weightHH, biasIH, biasHH] { total.reset() }
  }

  /// Adds the products of `count` rows γ [count, G·H], row k times 2^exponents[k], with rows of inputs, and those of the
  /// hidden side with rows of h_{t−1}; what is of that side alone is not read unless it is kept apart.
  func add<Element: Scalar>(
    count: Int, gamma: UnsafePointer<Element>, exponents: UnsafePointer<Int>, inputs: UnsafePointer<Element>,
    gammaHidden: UnsafePointer<Element>, hiddenExponents: UnsafePointer<Int>,
    previousHidden: UnsafePointer<Element>
  ) {
    load(count, gamma, exponents)
    add(count, inputs, to: weightIH)
    addBias(count, to: biasIH)
    if apart { load(count, gammaHidden, hiddenExponents) }
    add(count, previousHidden, to: weightHH)
    if apart { addBias(count, to: biasHH) }
  }

  /// The totals, in the parameters' own shapes.
  func gradients<Element: Scalar>() -> ParameterGradients<Element> {
    let bias: ScaledArray<Element> = gradient(biasIH)
    return ParameterGradients(
      weightIH: gradient(weightIH), weightHH: gradient(weightHH), biasIH: bias,
      biasHH: apart ? gradient(biasHH) : bias)
  }

  // MARK: -

  private func load<Element: Scalar>(
    _ count: Int, _ values: UnsafePointer<Element>, _ exponents: UnsafePointer<Int>
  ) {
    Element.widen(count * rows, values, into: gamma.base)
    normalise(count, rows, gamma, gammaExponents)
    for k in 0..<count where gammaExponents.base[k] > .min { gammaExponents.base[k] += exponents[k] }
  }

  private func add<Element: Scalar>(_ count: Int, _ values: UnsafePointer<Element>, to total: Total) {
    Element.widen(count * total.width, values, into: operand.base)
    normalise(count, total.width, operand, operandExponents)
    sum(count, to: total)
  }

  private func addBias(_ count: Int, to total: Total) {
    operand.base.update(repeating: 1, count: count)
    operandExponents.base.update(repeating: 0, count: count)
    sum(count, to: total)
  }

  private func sum(_ count: Int, to total: Total) {
    var top = total.exponent ?? .min
    func exponent(_ k: Int) -> Int? {
      let (a, b) = (gammaExponents.base[k], operandExponents.base[k])
      return a == .min || b == .min ? nil : a + b
    }
    for k in 0..<count { top = max(top, exponent(k) ?? .min) }
    guard top > .min else { return }
    if let old = total.exponent, old < top {
      var factor = powerOfTwo(old - top)
      Double.scaleRows(count: 1, width: total.values.count, scale: &factor, total.values.base)
    }
    total.exponent = top
    for k in 0..<count {
      let factor = exponent(k).map { powerOfTwo($0 - top) } ?? 0
      for i in k * rows..<(k + 1) * rows {
        // A row of zeros counts as nothing; 0 · NaN does not.
        scaledGamma.base[i] = factor == 0 ? 0 : gamma.base[i] * factor
      }
    }
    Double.multiply(
      transposeA: true, m: rows, n: total.width, k: count, scaledGamma.base, operand.base, accumulates: true,
      into: total.values.base)
  }

  /// Brings every row to a largest magnitude in [1, 2); `Int.min` for a row of zeros. NaN and infinity stay.
  private func normalise(
    _ count: Int, _ width: Int, _ x: borrowing AlignedBuffer<Double>,
    _ exponents: borrowing AlignedBuffer<Int>
  ) {
    for k in 0..<count {
      let row = x.base + k * width
      let largest = ScaledNumber(Double.largestMagnitude(width, row))
      exponents.base[k] = largest.isZero ? .min : largest.exponent
      guard largest.exponent != 0 else { continue }
      for i in 0..<width { row[i] = ScaledNumber(row[i]).scaled(by: -largest.exponent) }
    }
  }

  private func gradient<Element: Scalar>(_ total: Total) -> ScaledArray<Element> {
    let largest = ScaledNumber(Double.largestMagnitude(total.values.count, total.values.base))
    let values = total.values.array().map { ScaledNumber($0).scaled(by: -largest.exponent) }
    return ScaledArray(values: Element.array(values), exponent: (total.exponent ?? 0) + largest.exponent)
  }
}
