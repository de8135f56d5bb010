import LinearAlgebra
import RecurrentCells

/// Pascanu's norm-preserving regulariser Ω of a plain RNN, with its immediate gradient, over one backward pass.
///
///     r_t[b] = ‖(δ_{t+1}[b] ⊙ φ'(a_{t+1})) W_hh‖ / ‖δ_{t+1}[b]‖,    t = 0…T−1
///     Ω  = (1/B) Σ_{t,b} (r_t[b] − 1)²,       ∂Ω/∂W_hh  = (1/B) Σ 2 (r − 1) / (‖δ‖ ‖v‖) uᵀ v
///     Ω₂ = (1/B) Σ_{t,b} (r_t[b]² − 1)²,      ∂Ω₂/∂W_hh = (1/B) Σ 4 (r² − 1) / ‖δ‖² uᵀ v
///
/// with u = δ_{t+1} ⊙ φ', v = u W_hh, each sequence over its own steps; δ_{t+1} and φ' are held fixed. Steps whose δ is exactly zero have no ratio, and
/// those whose δ is below a bound may be left out.
///
/// v is what leaves the step anyway, so that the pass does no product more; the outer products of many steps are summed
/// at once.
///
/// - Note: Source: Pascanu, Mikolov & Bengio, ICML 2013 (arXiv 1211.5063), §3.3, equations 9 and 10; the squared form is
///   that of the authors' released code, which leaves out ‖δ‖² < 1e-20.
/// - Complexity: O(B·H) a step, and 2·B·H² operations a step and form.
public struct NormPreservation<Element: Scalar>: BackwardProbe, ~Copyable {
  @inlinable public static var seesInputs: Bool { false }
  /// Rows whose outer products are summed at once.
  @usableFromInline static var blockRows: Int { 1024 }

  @usableFromInline let batch, hidden, capacity: Int
  /// ‖δ‖ below which a step of a batch element is left out.
  @usableFromInline let bound: ScaledNumber
  @usableFromInline let product: MatrixProduct<Element>
  /// u, and v times the coefficient of each form [rows, H].
  @usableFromInline let u, ratioRows, squaredRows: AlignedBuffer<Element>
  @usableFromInline let ratioScales, squaredScales, lengths: AlignedBuffer<Double>
  @usableFromInline let hasRatio, hasSquared: Bool
  @usableFromInline var rows = 0
  /// ‖δ_{t+1}[b]‖ of the mantissas, and its exponent.
  @usableFromInline let norms: AlignedBuffer<Double>
  @usableFromInline let exponents: AlignedBuffer<Int>

  @usableFromInline var found: NormPreservationResult<Element>

  /// r_t[b] [T, B]; NaN where δ_{t+1}[b] is zero or below the bound, or sequence b has no such step.
  public var ratios: [Double] { found.ratios }
  /// How many there are.
  public var count: Int { found.count }
  /// Ω and Ω₂.
  public var penalty: Double { found.penalty }
  public var squaredRatioPenalty: Double { found.squaredRatioPenalty }
  /// ∂Ω/∂W_hh and ∂Ω₂/∂W_hh [H, H]; zero for a form that was not asked for.
  public var gradient: Matrix<Element> { found.gradient }
  public var squaredRatioGradient: Matrix<Element> { found.squaredRatioGradient }

  /// - Parameters:
  ///   - shape: of the pass of a plain RNN.
  ///   - forms: those whose gradients are computed.
  ///   - bound: ‖δ‖ below which a step of a batch element is left out.
  public init(
    shape: SequenceShape, forms: Set<NormPreservationPenalty.Form> = [.ratio, .squaredRatio],
    bound: Double = 0
  ) {
    (batch, hidden) = (shape.batch, shape.hiddenSize)
    self.bound = ScaledNumber(bound)
    (hasRatio, hasSquared) = (forms.contains(.ratio), forms.contains(.squaredRatio))
    capacity = max(1, min(shape.steps, Self.blockRows / batch)) * batch
    product = MatrixProduct(m: hidden, n: hidden, k: capacity, transposeA: true, accumulates: true)
    u = AlignedBuffer(uninitializedCount: capacity * hidden)
    ratioRows = AlignedBuffer(uninitializedCount: hasRatio ? capacity * hidden : 0)
    squaredRows = AlignedBuffer(uninitializedCount: hasSquared ? capacity * hidden : 0)
    ratioScales = AlignedBuffer(count: batch)
    squaredScales = AlignedBuffer(count: batch)
    lengths = AlignedBuffer(count: batch)
    norms = AlignedBuffer(count: batch)
    exponents = AlignedBuffer(count: batch)
    found = NormPreservationResult(steps: shape.steps, batch: batch, hidden: hidden)
  }

  /// Back to the state before a pass, for another one of the same shape on the same memory.
  public mutating func reset() {
    rows = 0
    found = NormPreservationResult(steps: found.ratios.count / batch, batch: batch, hidden: hidden)
  }

  @inlinable
  public mutating func arrive(_ arrival: GradientArrival<Element>) {
    norms.base.update(from: arrival.totalNorms, count: arrival.batch)
    exponents.base.update(from: arrival.total.exponents, count: arrival.batch)
  }

  @inlinable
  public mutating func step(_ step: GradientStep<Element>) {
    let own = step.tape.batch
    if let coefficients = step.clipCoefficients {
      // The recursion continues with the clipped δ.
      for b in 0..<own {
        let norm = ScaledNumber(norms.base[b], exponent: exponents.base[b]) * coefficients[b]
        (norms.base[b], exponents.base[b]) = (norm.mantissa, norm.exponent)
      }
    }
    let (count, first) = (own * hidden, (step.tape.time - 1) * batch)
    let (gamma, v) = (step.recurrentPreactivation, step.leaving)
    Element.rowNorms(count: own, width: hidden, stride: hidden, v.values, into: lengths.base)
    for b in 0..<own {
      // ‖δ‖ in units of v's exponent; ratios of a step whose vectors have exponents apart are within the range too.
      let norm = norms.base[b] * powerOfTwo(exponents.base[b] - v.exponents[b])
      let length = lengths.base[b]
      var (one, two) = (0.0, 0.0)
      if norm > 0, !(ScaledNumber(norm, exponent: v.exponents[b]) < bound) {
        let ratio = length / norm
        found.ratios[first + b] = ratio
        found.count += 1
        found.penalty += (ratio - 1) * (ratio - 1) / Double(batch)
        found.squaredRatioPenalty += (ratio * ratio - 1) * (ratio * ratio - 1) / Double(batch)
        // Of a saturated step the product of both norms may be below the range: u is divided by one, v by the other.
        one = length > 0 ? 2 * (ratio - 1) / length / Double(batch) : 0
        two = 4 * (ratio * ratio - 1) / norm / Double(batch)
      }
      ratioScales.base[b] = one
      squaredScales.base[b] = two
      lengths.base[b] =
        norm > 0 ? powerOfTwo(gamma.exponents[b] - v.exponents[b]) / norm : 0
    }
    let row = rows * hidden
    (u.base + row).update(from: gamma.values, count: count)
    Element.scaleRows(count: own, width: hidden, scale: lengths.base, u.base + row)
    if hasRatio {
      (ratioRows.base + row).update(from: v.values, count: count)
      Element.scaleRows(count: own, width: hidden, scale: ratioScales.base, ratioRows.base + row)
    }
    if hasSquared {
      (squaredRows.base + row).update(from: v.values, count: count)
      Element.scaleRows(count: own, width: hidden, scale: squaredScales.base, squaredRows.base + row)
    }
    rows += own
    // The next step may have B rows.
    if rows + batch > capacity { sumBlock() }
  }

  @inlinable
  public mutating func finish() {
    if rows > 0 { sumBlock() }
  }

  /// Adds the outer products of the rows so far.
  @inlinable
  mutating func sumBlock() {
    let size = hidden
    func add(_ v: UnsafePointer<Element>, to sum: inout Matrix<Element>) {
      if rows == capacity {
        product(u.base, v, into: &sum.values)
      } else {
        Element.multiply(
          transposeA: true, m: size, n: size, k: rows, u.base, v, accumulates: true, into: &sum.values)
      }
    }
    if hasRatio { add(ratioRows.base, to: &found.gradient) }
    if hasSquared { add(squaredRows.base, to: &found.squaredRatioGradient) }
    rows = 0
  }
}

/// What a walk has found so far.
@usableFromInline
struct NormPreservationResult<Element: Scalar> {
  @usableFromInline var ratios: [Double]
  @usableFromInline var count = 0
  @usableFromInline var penalty = 0.0, squaredRatioPenalty = 0.0
  @usableFromInline var gradient, squaredRatioGradient: Matrix<Element>

  init(steps: Int, batch: Int, hidden: Int) {
    ratios = Array(repeating: .nan, count: steps * batch)
    gradient = Matrix(rows: hidden, columns: hidden)
    squaredRatioGradient = gradient
  }
}
