import LinearAlgebra

/// The vector that travels back through time: δ (and, for a cell with c, the carry to c), as mantissas with
/// one power of two for each batch element.
///
///     ∂L/∂h_t[b] = delta[b] · 2^exponents[b]
///
/// Scaling by powers of two is exact, so every result is bit-identical for every rescaling threshold, and
/// identical to plain backpropagation where that stays in range.
@usableFromInline
struct BackwardVector<Element: Scalar>: ~Copyable {
  @usableFromInline let batch, width: Int
  @usableFromInline let carriesCellState: Bool
  /// δ [B, H]; `next` receives δ_{t−1} and is swapped in.
  @usableFromInline var delta, next: UnsafeMutablePointer<Element>
  /// Carry to c_{t−1} and κ_t [B, H].
  @usableFromInline let carry, kappa: AlignedBuffer<Element>
  /// One power of two for each batch element.
  @usableFromInline let exponents: AlignedBuffer<Int>
  /// The true exponent of (δ, carry) of each batch element, whatever was moved into the mantissas; `Int.min` for
  /// zero, and for what is not a number.
  @usableFromInline let trueExponents: AlignedBuffer<Int>
  /// ‖δ[b]‖ and ‖carry[b]‖ of the mantissas.
  @usableFromInline let norms, carryNorms: AlignedBuffer<Double>
  @usableFromInline let deltas: AlignedBuffer<Element>
  @usableFromInline let coefficients: AlignedBuffer<ScaledNumber>

  @inlinable
  init(batch: Int, width: Int, carriesCellState: Bool) {
    self.batch = batch
    self.width = width
    self.carriesCellState = carriesCellState
    deltas = AlignedBuffer(count: 2 * batch * width)
    delta = deltas.base
    next = deltas.base + batch * width
    carry = AlignedBuffer(count: carriesCellState ? batch * width : 0)
    kappa = AlignedBuffer(count: carriesCellState ? batch * width : 0)
    exponents = AlignedBuffer(count: batch)
    trueExponents = AlignedBuffer(count: batch)
    norms = AlignedBuffer(count: batch)
    carryNorms = AlignedBuffer(count: batch)
    coefficients = AlignedBuffer(count: batch)
  }

  /// Back to zero, for another walk.
  @usableFromInline
  mutating func reset() {
    deltas.zero()
    carry.zero()
    exponents.zero()
    trueExponents.zero()
    norms.zero()
    carryNorms.zero()
  }

  /// δ_{t−1} takes the place of δ_t.
  @inlinable
  mutating func advance() { swap(&delta, &next) }

  /// Measures the norms and, where one has left [2^−k, 2^k], moves its exponent out of the mantissas.
  @inlinable
  mutating func renormalise(threshold: Int) {
    Element.renormaliseRows(
      count: batch, width: width, threshold: threshold, delta, carriesCellState ? carry.base : nil,
      exponents: exponents.base, norms: norms.base, secondNorms: carryNorms.base,
      trueExponents: trueExponents.base)
  }

  /// Adds the immediate gradient of step t, [B, H] times 2^powers[b], bringing both to the larger one's scale.
  ///
  /// Plain addition as long as an element's exponents are 0. Otherwise, a loss that enters late in a recursion
  /// that has vanished would overflow as `immediate · 2^−e`, and one that enters an exploded recursion would
  /// drown; both are brought to the larger of the two true exponents.
  ///
  /// - Parameter powers: nil for none.
  @usableFromInline
  mutating func add(immediate: UnsafePointer<Element>, powers: UnsafePointer<Int>? = nil) {
    renormalise(threshold: .max)  // measures only
    for b in 0..<batch {
      let row = b * width
      let power = powers?[b] ?? 0
      let arriving = trueExponents.base[b]
      var scale = 1.0
      if exponents.base[b] != 0 || power != 0 {
        let largest = Element.largestMagnitude(width, immediate + row)
        if largest == 0 { continue }
        // A denormal keeps its place: 2^1074 would be out of range.
        let entering = max(-1000, ScaledNumber(largest).exponent) + power
        if arriving == .min {
          // Zero, or no number: it takes any scale.
          exponents.base[b] = power == 0 ? 0 : entering
        } else {
          shift(b, by: exponents.base[b] - max(arriving, entering))
        }
        scale = powerOfTwo(power - exponents.base[b])
      }
      Element.addScaledRows(count: 1, width: width, scale: &scale, immediate + row, into: delta + row)
    }
  }

  /// Clips δ; returns the coefficient of each batch element, or nil if nothing was clipped, and the number of
  /// norms that exceeded the threshold.
  @usableFromInline
  mutating func clip(_ rule: StepClip, threshold: Int) -> (
    coefficients: UnsafePointer<ScaledNumber>?, engaged: Int
  ) {
    var engaged = 0
    switch rule {
    case .none:
      return (nil, 0)
    case .batch(let limit):
      let norm = batchNorm()
      guard norm > ScaledNumber(limit) else { return (nil, 0) }
      engaged = 1
      for b in 0..<batch { coefficients.base[b] = ScaledNumber(limit) / norm }
    case .example(let limit):
      for b in 0..<batch {
        let norm = ScaledNumber(norms.base[b], exponent: exponents.base[b])
        let exceeds = norm > ScaledNumber(limit)
        coefficients.base[b] = exceeds ? ScaledNumber(limit) / norm : ScaledNumber(1)
        if exceeds { engaged += 1 }
      }
      if engaged == 0 { return (nil, 0) }
    }
    for b in 0..<batch {
      let coefficient = coefficients.base[b]
      guard coefficient != ScaledNumber(1) else { continue }
      var factor = coefficient.mantissa
      if carriesCellState && carryNorms.base[b] > 0 {
        // δ and the carry share an exponent; δ alone shrinks, to nothing where the carry dwarfs it.
        factor *= powerOfTwo(coefficient.exponent)
      } else if !coefficient.isZero {
        exponents.base[b] += coefficient.exponent
      }
      Element.scaleRows(count: 1, width: width, scale: &factor, delta + b * width)
    }
    renormalise(threshold: threshold)
    return (UnsafePointer(coefficients.base), engaged)
  }

  /// ‖δ‖ over the whole batch.
  private func batchNorm() -> ScaledNumber {
    var sum = ScaledNumber.zero
    for b in 0..<batch {
      let norm = ScaledNumber(norms.base[b], exponent: exponents.base[b])
      sum = sum + norm * norm
    }
    return sum.squareRoot()
  }

  /// Multiplies the mantissas of element `b` by 2^power and takes it out of its exponent.
  private mutating func shift(_ b: Int, by power: Int) {
    if power == 0 { return }
    // A power beyond the range of double is applied in parts; what is further below leaves nothing anyway.
    var rest = max(-3000, min(3000, power))
    while rest != 0 {
      let part = max(-1000, min(1000, rest))
      rest -= part
      var factor = powerOfTwo(part)
      Element.scaleRows(count: 1, width: width, scale: &factor, delta + b * width)
      if carriesCellState {
        Element.scaleRows(count: 1, width: width, scale: &factor, carry.base + b * width)
      }
    }
    exponents.base[b] -= power
  }
}
