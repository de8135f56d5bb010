import LinearAlgebra
import RecurrentCells

/// Records log10 of the norm of what each step contributes to the parameter gradients.
///
///     ∂L/∂W_hh |_t = Σ_b γ_t[b] h_{t−1}[b]ᵀ,   ∂L/∂W_ih |_t = Σ_b γ_t[b] x_t[b]ᵀ,   ∂L/∂b |_t = Σ_b γ_t[b]
///
/// No G·H × H matrix is formed where the Gram matrices of the batch are smaller:
///
///     ‖Σ_b γ_b h_bᵀ‖_F² = Σ_{b,b'} (γ_b · γ_b') (h_b · h_b')
///
/// That sum cancels where batch elements oppose each other, and then squares its relative error. When it comes
/// out below 10⁻⁴ of its bound (Σ_b ‖γ_b‖ ‖h_b‖)², the matrix is formed after all. Everything here is in double
/// precision, with the batch elements brought to one exponent.
///
/// - Complexity: O(B²·(G·H + H + I)) a step, or O(B·G·H·(H + I)) where that is less.
public struct WeightContributionNorms<Element: Scalar>: BackwardProbe, ~Copyable {
  /// log10 of the norm of step t's contribution; index t − 1, t = 1…T.
  public private(set) var weightHH, weightIH, biasIH, biasHH: [Double]

  private let gamma, states, gram, otherGram, product, sums, scales, stateScales: AlignedBuffer<Double>
  private let rowExponents, stateExponents: AlignedBuffer<Int>
  private let usesGramForHidden, usesGramForInputs: Bool
  /// The exponent of `gamma`, and whether `gram` is its Gram matrix.
  private var exponent = 0
  private var gramIsFresh = false

  public init(shape: SequenceShape, gateCount: Int) {
    let (batch, rows) = (shape.batch, gateCount * shape.hiddenSize)
    let widest = max(shape.hiddenSize, shape.inputSize)
    weightHH = Array(repeating: -.infinity, count: shape.steps)
    weightIH = weightHH
    biasIH = weightHH
    biasHH = weightHH
    gamma = AlignedBuffer(count: batch * rows)
    states = AlignedBuffer(count: batch * widest)
    let hidden = batch * (rows + shape.hiddenSize) <= rows * shape.hiddenSize || batch == 1
    let inputs = batch * (rows + shape.inputSize) <= rows * shape.inputSize || batch == 1
    gram = AlignedBuffer(count: hidden || inputs ? batch * batch : 0)
    otherGram = AlignedBuffer(count: hidden || inputs ? batch * batch : 0)
    product = AlignedBuffer(count: rows * widest)
    sums = AlignedBuffer(count: rows)
    scales = AlignedBuffer(count: batch)
    stateScales = AlignedBuffer(count: batch)
    rowExponents = AlignedBuffer(count: batch)
    stateExponents = AlignedBuffer(count: batch)
    usesGramForHidden = hidden
    usesGramForInputs = inputs
  }

  public mutating func arrive(_ arrival: GradientArrival<Element>) {}

  public mutating func step(_ step: GradientStep<Element>) {
    let row = step.time - 1
    let rows = step.gateCount * step.hiddenSize
    load(step.preactivation, step: step, width: rows)
    weightIH[row] = contribution(
      of: step.preactivation, with: step.input, width: step.inputSize, step: step,
      usesGram: usesGramForInputs)
    biasIH[row] = bias(batch: step.batch, rows: rows)
    if step.recurrentPreactivation == step.preactivation {
      biasHH[row] = biasIH[row]
    } else {
      load(step.recurrentPreactivation, step: step, width: rows)
      biasHH[row] = bias(batch: step.batch, rows: rows)
    }
    weightHH[row] = contribution(
      of: step.recurrentPreactivation, with: step.previousHidden, width: step.hiddenSize,
      step: step, usesGram: usesGramForHidden)
  }

  /// Widens γ to double with its batch elements brought to the exponent of the largest entry: factors near
  /// saturation make γ far smaller than the backward vector it comes from.
  private mutating func load(
    _ values: UnsafePointer<Element>, step: GradientStep<Element>, width: Int
  ) {
    var largest = Int.min
    for b in 0..<step.batch {
      let magnitude = Element.largestMagnitude(width, values + b * width)
      let isNumber = magnitude > 0 && magnitude.isFinite
      rowExponents.base[b] = isNumber ? step.exponents[b] + Int(magnitude.exponent) : .min
      largest = max(largest, rowExponents.base[b])
    }
    exponent = largest == .min ? 0 : largest
    for b in 0..<step.batch {
      // Where two elements are further apart than double reaches, the smaller one counts as nothing.
      let isZero = rowExponents.base[b] == .min
      scales.base[b] = isZero ? 0 : powerOfTwo(min(1023, step.exponents[b] - exponent))
    }
    Element.widenScaledRows(
      count: step.batch, width: width, scale: scales.base, values, into: gamma.base)
    gramIsFresh = false
  }

  private mutating func contribution(
    of source: UnsafePointer<Element>, with values: UnsafePointer<Element>, width: Int,
    step: GradientStep<Element>, usesGram: Bool
  ) -> Double {
    let (batch, rows) = (step.batch, step.gateCount * step.hiddenSize)
    // States may be as large as the range allows: without their exponent the squares would leave it.
    var largestState = Int.min
    var largestProduct = Int.min
    for b in 0..<batch where rowExponents.base[b] != .min {
      let magnitude = Element.largestMagnitude(width, values + b * width)
      stateExponents.base[b] = magnitude > 0 ? Int(magnitude.exponent) : .min
      guard magnitude > 0 else { continue }
      largestState = max(largestState, stateExponents.base[b])
      largestProduct = max(largestProduct, rowExponents.base[b] + stateExponents.base[b])
    }
    if largestProduct == .min { return -.infinity }  // every product is exactly zero
    if exponent + largestState - largestProduct <= 300 {
      for b in 0..<batch { stateScales.base[b] = powerOfTwo(max(-1022, min(1022, -largestState))) }
      Element.widenScaledRows(
        count: batch, width: width, scale: stateScales.base, values, into: states.base)
      return norm(
        batch: batch, rows: rows, width: width,
        exponent: exponent + max(-1022, min(1022, largestState)), usesGram: usesGram)
    }
    // The largest γ met states of zeros, and what counts would drown beside it: each row of the states gets its own
    // exponent, and γ is brought to the largest product.
    for b in 0..<batch {
      let counts = rowExponents.base[b] != .min && stateExponents.base[b] != .min
      let own = counts ? stateExponents.base[b] : 0
      stateScales.base[b] = counts ? powerOfTwo(-own) : 0
      scales.base[b] =
        counts ? powerOfTwo(min(1023, step.exponents[b] + own - largestProduct)) : 0
    }
    Element.widenScaledRows(count: batch, width: rows, scale: scales.base, source, into: gamma.base)
    Element.widenScaledRows(
      count: batch, width: width, scale: stateScales.base, values, into: states.base)
    gramIsFresh = false
    let result = norm(
      batch: batch, rows: rows, width: width, exponent: largestProduct, usesGram: usesGram)
    load(source, step: step, width: rows)
    return result
  }

  /// ‖Σ_b γ_b x_bᵀ‖ of what is in `gamma` and `states`.
  private mutating func norm(
    batch: Int, rows: Int, width: Int, exponent: Int, usesGram: Bool
  ) -> Double {
    if usesGram {
      if !gramIsFresh {
        Self.gram(of: gamma.base, count: batch, width: rows, into: gram.base)
        gramIsFresh = true
      }
      Self.gram(of: states.base, count: batch, width: width, into: otherGram.base)
      var square = 0.0
      for k in 0..<batch * batch { square += gram.base[k] * otherGram.base[k] }
      var bound = 0.0
      for b in 0..<batch {
        bound += (gram.base[b * batch + b] * otherGram.base[b * batch + b]).squareRoot()
      }
      if square > 0, batch == 1 || square >= 1e-4 * bound * bound || !square.isFinite {
        return ScaledNumber(squareRootOf: max(0, square), exponent: exponent).log10
      }
    }
    Double.multiply(
      transposeA: true, transposeB: false, m: rows, n: width, k: batch, gamma.base, lda: rows,
      states.base, ldb: width, beta: 0, product.base, ldc: width)
    var norm = 0.0
    Double.rowNorms(count: 1, width: rows * width, stride: 0, product.base, into: &norm)
    return ScaledNumber(norm, exponent: exponent).log10
  }

  private func bias(batch: Int, rows: Int) -> Double {
    sums.base.update(repeating: 0, count: rows)
    Double.addColumnSums(count: batch, width: rows, gamma.base, into: sums.base)
    var norm = 0.0
    Double.rowNorms(count: 1, width: rows, stride: 0, sums.base, into: &norm)
    return ScaledNumber(norm, exponent: exponent).log10
  }

  /// X Xᵀ of `count` rows.
  private static func gram(
    of x: UnsafePointer<Double>, count: Int, width: Int, into result: UnsafeMutablePointer<Double>
  ) {
    Double.multiply(
      transposeA: false, transposeB: true, m: count, n: count, k: width, x, lda: width, x,
      ldb: width, beta: 0, result, ldc: count)
  }
}
