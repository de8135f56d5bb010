import LinearAlgebra
import RecurrentCells

/// Records log10 of the norm of what each step contributes to the parameter gradients.
///
///     ∂L/∂W_hh |_t = Σ_b γ_t[b] h_{t−1}[b]ᵀ,   ∂L/∂W_ih |_t = Σ_b γ_t[b] x_t[b]ᵀ,   ∂L/∂b |_t = Σ_b γ_t[b]
///
/// b runs over the sequences that have the step. No G·H × H matrix is formed where the Gram matrices of the batch are smaller:
///
///     ‖Σ_b γ_b h_bᵀ‖_F² = Σ_{b,b'} (γ_b · γ_b') (h_b · h_b')
///
/// Every row γ_b, h_b, x_b is first brought to a magnitude near 1 and its power of two kept aside, so that rows of
/// any scale meet exactly. The sum cancels where batch elements oppose each other: where it comes out below a
/// fraction of its diagonal Σ_b ‖γ_b‖² ‖h_b‖², the matrix is formed after all, in double precision.
///
/// - Complexity: O(B²·(G·H + H + I)/2) a step, or O(B·G·H·(H + I)) where that is less.
public struct WeightContributionNorms<Element: Scalar>: BackwardProbe, ~Copyable {
  /// By step; complete after ``finish()``.
  @usableFromInline var hiddenWeights, inputWeights, inputBiases, hiddenBiases: NormSeries
  @usableFromInline var gamma, hiddenStates, inputs: ContributionRows<Element>
  @usableFromInline let weights, sums, wideGamma, wideStates, product: AlignedBuffer<Double>
  /// The share of the diagonal below which a sum is not trusted.
  @usableFromInline let leastTrustedShare: Double
  @usableFromInline let apart: Bool

  public init(shape: SequenceShape, gateCount: Int, keepsCurrentsApart: Bool) {
    let (batch, rows) = (shape.batch, gateCount * shape.hiddenSize)
    let widest = max(shape.hiddenSize, shape.inputSize)
    apart = keepsCurrentsApart
    let steps = 1..<shape.steps + 1
    hiddenWeights = NormSeries(rows: steps)
    inputWeights = NormSeries(rows: steps)
    inputBiases = NormSeries(rows: steps)
    hiddenBiases = NormSeries(rows: keepsCurrentsApart ? steps : 0..<0)
    // Half a multiplication for each pair of rows and column, against one for each row and entry of the matrices.
    let columns = shape.hiddenSize + shape.inputSize
    let usesGram = batch * (rows + columns) <= 4 * rows * columns
    // One sequence needs none of it: its norms are products.
    let several = batch > 1 ? 1 : 0
    let kept = several * batch
    gamma = ContributionRows(batch: kept, width: rows, hasGram: usesGram)
    hiddenStates = ContributionRows(batch: kept, width: shape.hiddenSize, hasGram: usesGram)
    inputs = ContributionRows(batch: kept, width: shape.inputSize, hasGram: usesGram)
    // Entries of a Gram matrix are right to about one ulp ε of the diagonal, the sum to ε over its share.
    leastTrustedShare = 4 * Double(Element.ulpOfOne).squareRoot().squareRoot()
    weights = AlignedBuffer(count: kept)
    sums = AlignedBuffer(count: max(3, rows))
    wideGamma = AlignedBuffer(uninitializedCount: kept * rows)
    wideStates = AlignedBuffer(uninitializedCount: kept * widest)
    product = AlignedBuffer(uninitializedCount: several * rows * widest)
  }

  /// log10 of the norm of step t's contribution to ∂L/∂W_hh, t = 0…T; NaN at 0, which is no step.
  public var weightHH: [Double] { hiddenWeights.logarithms }
  /// The same of ∂L/∂W_ih.
  public var weightIH: [Double] { inputWeights.logarithms }
  /// The same of ∂L/∂b_ih.
  public var biasIH: [Double] { inputBiases.logarithms }
  /// The same of ∂L/∂b_hh.
  public var biasHH: [Double] { apart ? hiddenBiases.logarithms : biasIH }

  @inlinable
  public mutating func step(_ step: GradientStep<Element>) {
    let tape = step.tape
    let t = tape.time
    if tape.batch == 1 { return single(step) }
    load(step.preactivation, tape.batch)
    inputBiases.set(t, to: biasNorm())
    inputs.load(tape.input, tape.batch)
    inputWeights.set(t, to: norm(with: inputs))
    if apart {
      load(step.recurrentPreactivation, tape.batch)
      hiddenBiases.set(t, to: biasNorm())
    }
    hiddenStates.load(tape.previousHidden, tape.batch)
    hiddenWeights.set(t, to: norm(with: hiddenStates))
  }

  public mutating func finish() {
    hiddenWeights.takeLogarithms()
    inputWeights.takeLogarithms()
    inputBiases.takeLogarithms()
    hiddenBiases.takeLogarithms()
  }

  /// One sequence: ‖γ xᵀ‖ = ‖γ‖ ‖x‖.
  @inlinable
  mutating func single(_ step: GradientStep<Element>) {
    let (tape, t, exponent) = (step.tape, step.tape.time, step.preactivation.exponents[0])
    let n = sums.base  // room for three
    Element.threeNorms(
      gamma.width, step.preactivation.values, inputs.width, tape.input, hiddenStates.width,
      tape.previousHidden, into: n)
    inputBiases.set(t, to: (n[0], exponent))
    inputWeights.set(t, to: product(n[0], n[1], exponent))
    var (hidden, hiddenExponent) = (n[0], exponent)
    if apart {
      let other = step.recurrentPreactivation
      hiddenExponent = other.exponents[0]
      Element.rowNorms(count: 1, width: other.width, stride: 0, other.values, into: &hidden)
      hiddenBiases.set(t, to: (hidden, hiddenExponent))
    }
    hiddenWeights.set(t, to: product(hidden, n[2], hiddenExponent))
  }

  /// a · b · 2^exponent, where a · b may leave the range of a double.
  @inlinable
  func product(_ a: Double, _ b: Double, _ exponent: Int) -> (Double, Int) {
    let plain = a * b
    if plain > 0x1p-1000, plain < 0x1p1000 { return (plain, exponent) }
    let scaled = ScaledNumber(a) * ScaledNumber(b)
    return (scaled.mantissa, exponent + scaled.exponent)
  }

  /// γ, with the exponents of its true size.
  @inlinable
  mutating func load(_ rows: GradientRows<Element>, _ batch: Int) {
    gamma.load(rows.values, batch)
    for b in 0..<gamma.batch where gamma.exponents.base[b] != .min {
      gamma.exponents.base[b] += rows.exponents[b]
    }
  }

  /// ‖Σ_b γ_b‖.
  @inlinable
  func biasNorm() -> (Double, Int) {
    let exponent = Element.contributionWeights(
      gamma.batch, gamma.exponents.base, nil, into: weights.base)
    let norm = Element.normOfWeightedSum(
      count: gamma.batch, width: gamma.width, stride: gamma.stride, weights: weights.base,
      gamma.rows.base, scratch: sums.base)
    return (norm, exponent)
  }

  /// ‖Σ_b γ_b x_bᵀ‖.
  @inlinable
  func norm(with states: borrowing ContributionRows<Element>) -> (Double, Int) {
    let exponent = Element.contributionWeights(
      gamma.batch, gamma.exponents.base, states.exponents.base, into: weights.base)
    if states.gram.count > 0 {
      var diagonal = 0.0
      let square = Element.weightedGramSum(
        gamma.batch, stride: gamma.paddedBatch, weights: weights.base, gamma.gram.base, states.gram.base,
        diagonal: &diagonal)
      // A sum that is no number is returned as such.
      if !(square < leastTrustedShare * diagonal) {
        return (square.squareRoot(), exponent)
      }
    }
    return (explicitNorm(states), exponent)
  }

  /// The same by forming the matrix.
  @usableFromInline
  func explicitNorm(_ states: borrowing ContributionRows<Element>) -> Double {
    let (batch, rows, width) = (gamma.batch, gamma.width, states.width)
    Element.widenScaledRows(
      count: batch, width: rows, stride: gamma.stride, scale: weights.base, gamma.rows.base,
      into: wideGamma.base)
    weights.base.update(repeating: 1, count: batch)
    Element.widenScaledRows(
      count: batch, width: width, stride: states.stride, scale: weights.base, states.rows.base,
      into: wideStates.base)
    Double.multiply(
      transposeA: true, m: rows, n: width, k: batch, wideGamma.base, wideStates.base, into: product.base)
    var norm = 0.0
    Double.rowNorms(count: 1, width: rows * width, stride: 0, product.base, into: &norm)
    return norm
  }
}
