import LinearAlgebra

/// The vector that travels back through time: δ (and, for a cell with c, the carry to c), as mantissas with
/// one power of two for each batch element.
///
///     ∂L/∂h_t[b] = delta[b] · 2^exponents[b]
///
/// Scaling by powers of two is exact, so every result is bit-identical for every rescaling threshold, and
/// identical to plain backpropagation where that stays in range.
struct BackwardVector<Element: Scalar>: ~Copyable {
  let batch, width: Int
  let carriesCellState: Bool
  /// δ [B, H]; `next` receives δ_{t−1} and is swapped in.
  var delta, next: AlignedBuffer<Element>
  /// Carry to c_{t−1} and κ_t [B, H].
  let carry, kappa: AlignedBuffer<Element>
  /// One power of two for each batch element.
  let exponents: AlignedBuffer<Int>
  /// ‖δ[b]‖ and ‖carry[b]‖ of the mantissas.
  let norms, carryNorms: AlignedBuffer<Double>
  private let coefficients: AlignedBuffer<ScaledNumber>

  init(batch: Int, width: Int, carriesCellState: Bool) {
    self.batch = batch
    self.width = width
    self.carriesCellState = carriesCellState
    delta = AlignedBuffer(count: batch * width)
    next = AlignedBuffer(count: batch * width)
    carry = AlignedBuffer(count: batch * width)
    kappa = AlignedBuffer(count: batch * width)
    exponents = AlignedBuffer(count: batch)
    norms = AlignedBuffer(count: batch)
    carryNorms = AlignedBuffer(count: batch)
    coefficients = AlignedBuffer(count: batch)
  }

  /// δ_{t−1} takes the place of δ_t.
  mutating func advance() { swap(&delta, &next) }

  /// Adds the immediate gradient of step t, [B, H] unscaled, bringing both to the larger one's scale.
  ///
  /// Plain addition as long as an element's exponent is 0. Otherwise, a loss that enters late in a recursion
  /// that has vanished would overflow as `immediate · 2^−e`, and one that enters an exploded recursion would
  /// drown; both are brought to the larger of the two true exponents.
  mutating func add(immediate: UnsafePointer<Element>) {
    measure()
    for b in 0..<batch {
      let row = b * width
      var scale = 1.0
      // Nothing has arrived: there is no scale to respect.
      if canonicalExponent(b) == nil { exponents.base[b] = 0 }
      if exponents.base[b] != 0, let arriving = canonicalExponent(b) {
        let largest = Element.largestMagnitude(width, immediate + row)
        if largest == 0 { continue }
        let target = max(arriving, ScaledNumber(largest).exponent)
        shift(b, by: exponents.base[b] - target)
        scale = powerOfTwo(-target)
      }
      Element.addScaledRows(
        count: 1, width: width, scale: &scale, immediate + row, into: delta.base + row)
    }
  }

  /// Measures the norms and, where one has left [2^−k, 2^k], moves its exponent out of the mantissas.
  mutating func renormalise(threshold: Int) {
    measure()
    for b in 0..<batch {
      guard let canonical = canonicalExponent(b) else {
        exponents.base[b] = 0  // exactly zero: no scale to remember
        continue
      }
      let drift = canonical - exponents.base[b]
      if drift.magnitude > threshold { shift(b, by: -drift) }
    }
  }

  /// Clips δ; returns the coefficient of each batch element, or nil if nothing was clipped, and the number of
  /// norms that exceeded the threshold.
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
      Element.scaleRows(count: 1, width: width, scale: &factor, delta.base + b * width)
    }
    renormalise(threshold: threshold)
    return (UnsafePointer(coefficients.base), engaged)
  }

  /// ‖δ‖ over the whole batch.
  func batchNorm() -> ScaledNumber {
    var sum = ScaledNumber.zero
    for b in 0..<batch {
      let norm = ScaledNumber(norms.base[b], exponent: exponents.base[b])
      sum = sum + norm * norm
    }
    return sum.squareRoot()
  }

  /// The true exponent of (δ, carry) of one batch element, whatever was moved into the mantissas; nil for 0.
  func canonicalExponent(_ b: Int) -> Int? {
    let norm = carriesCellState ? max(norms.base[b], carryNorms.base[b]) : norms.base[b]
    if norm == 0 || !norm.isFinite { return nil }
    return ScaledNumber(norm, exponent: exponents.base[b]).exponent
  }

  private mutating func measure() {
    Element.rowNorms(count: batch, width: width, stride: width, delta.base, into: norms.base)
    if carriesCellState {
      Element.rowNorms(count: batch, width: width, stride: width, carry.base, into: carryNorms.base)
    }
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
      Element.scaleRows(count: 1, width: width, scale: &factor, delta.base + b * width)
      norms.base[b] *= factor
      if carriesCellState {
        Element.scaleRows(count: 1, width: width, scale: &factor, carry.base + b * width)
        carryNorms.base[b] *= factor
      }
    }
    exponents.base[b] -= power
  }
}
