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
  private let usesGramForHidden, usesGramForInputs: Bool

  public init(shape: SequenceShape, gateCount: Int) {
    let (batch, rows) = (shape.batch, gateCount * shape.hiddenSize)
    let widest = max(shape.hiddenSize, shape.inputSize)
    weightHH = Array(repeating: -.infinity, count: shape.steps)
    weightIH = weightHH
    biasIH = weightHH
    biasHH = weightHH
    gamma = AlignedBuffer(count: batch * rows)
    states = AlignedBuffer(count: batch * widest)
    gram = AlignedBuffer(count: batch * batch)
    otherGram = AlignedBuffer(count: batch * batch)
    product = AlignedBuffer(count: rows * widest)
    sums = AlignedBuffer(count: rows)
    scales = AlignedBuffer(count: batch)
    stateScales = AlignedBuffer(count: batch)
    usesGramForHidden = batch * (rows + shape.hiddenSize) <= rows * shape.hiddenSize || batch == 1
    usesGramForInputs = batch * (rows + shape.inputSize) <= rows * shape.inputSize || batch == 1
  }

  public mutating func arrive(_ arrival: GradientArrival<Element>) {}

  public mutating func step(_ step: GradientStep<Element>) {
    let row = step.time - 1
    let rows = step.gateCount * step.hiddenSize
    var exponent = load(step.preactivation, step: step, width: rows)
    var gramIsFresh = false
    weightIH[row] = contribution(
      step.input, batch: step.batch, rows: rows, width: step.inputSize, exponent: exponent,
      usesGram: usesGramForInputs, gramIsFresh: &gramIsFresh)
    biasIH[row] = bias(batch: step.batch, rows: rows, exponent: exponent)
    if step.recurrentPreactivation == step.preactivation {
      biasHH[row] = biasIH[row]
    } else {
      exponent = load(step.recurrentPreactivation, step: step, width: rows)
      gramIsFresh = false
      biasHH[row] = bias(batch: step.batch, rows: rows, exponent: exponent)
    }
    weightHH[row] = contribution(
      step.previousHidden, batch: step.batch, rows: rows, width: step.hiddenSize,
      exponent: exponent, usesGram: usesGramForHidden, gramIsFresh: &gramIsFresh)
  }

  /// Widens γ to double with its batch elements brought to the exponent of the largest entry, which is returned:
  /// factors near saturation make γ far smaller than the backward vector it comes from.
  private func load(_ values: UnsafePointer<Element>, step: GradientStep<Element>, width: Int) -> Int {
    var largest = Int.min
    for b in 0..<step.batch {
      let magnitude = Element.largestMagnitude(width, values + b * width)
      if magnitude > 0, magnitude.isFinite {
        largest = max(largest, step.exponents[b] + Int(magnitude.exponent))
      }
    }
    if largest == .min { largest = 0 }
    for b in 0..<step.batch {
      // Two elements that are further apart than double reaches: the smaller one counts as nothing.
      scales.base[b] = powerOfTwo(min(1023, step.exponents[b] - largest))
    }
    Element.widenScaledRows(
      count: step.batch, width: width, scale: scales.base, values, into: gamma.base)
    return largest
  }

  private func contribution(
    _ values: UnsafePointer<Element>, batch: Int, rows: Int, width: Int, exponent: Int,
    usesGram: Bool, gramIsFresh: inout Bool
  ) -> Double {
    // States may be as large as the range allows: without their common exponent the squares would leave it.
    let largest = Element.largestMagnitude(batch * width, values)
    if largest == 0 { return -.infinity }
    let stateExponent = largest.isFinite ? Int(largest.exponent) : 0
    for b in 0..<batch { stateScales.base[b] = powerOfTwo(max(-1022, min(1022, -stateExponent))) }
    Element.widenScaledRows(
      count: batch, width: width, scale: stateScales.base, values, into: states.base)
    let exponent = exponent + max(-1022, min(1022, stateExponent))
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
      if batch == 1 || square >= 1e-4 * bound * bound || !square.isFinite {
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

  private func bias(batch: Int, rows: Int, exponent: Int) -> Double {
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
