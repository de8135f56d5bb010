import LinearAlgebra

/// The vector that travels back through time: δ (and, for a cell with c, the carry to c), as mantissas with
/// one power of two for each batch element.
///
///     ∂L/∂h_t[b] = delta[b] · 2^exponents[b]
///
/// Scaling by powers of two is exact, so every result is bit-identical for every rescaling threshold, and
/// identical to plain backpropagation where that stays in range.
///
/// One exponent serves a vector whose components are within the range of `Element` of each other. Whoever changes the
/// vector here says whether that was so; where a component would have been lost, nothing is changed, and
/// ``WideRecursion`` takes over.
@usableFromInline
struct BackwardVector<Element: Scalar>: ~Copyable {
  @usableFromInline let batch, width: Int
  /// How many rows travel on: the first ones. Those of sequences that began later have arrived, and are left behind.
  @usableFromInline var count: Int
  @usableFromInline let carriesCellState: Bool
  /// δ [B, H]; `next` receives δ_{t−1} and is swapped in.
  @usableFromInline var delta, next: UnsafeMutablePointer<Element>
  /// Carry to c_t [B, H]; `nextCarry` receives that to c_{t−1} and is swapped in.
  @usableFromInline var carry, nextCarry: UnsafeMutablePointer<Element>
  /// κ_t [B, H].
  @usableFromInline let kappa: AlignedBuffer<Element>
  /// One power of two for each batch element.
  @usableFromInline let exponents: AlignedBuffer<Int>
  /// The true exponent of (δ, carry) of each batch element, whatever was moved into the mantissas; `Int.min` for
  /// zero, and for what is not a number.
  @usableFromInline let trueExponents: AlignedBuffer<Int>
  /// ‖δ[b]‖ of the mantissas, where it was asked for.
  @usableFromInline let norms: AlignedBuffer<Double>
  @usableFromInline let deltas, carries: AlignedBuffer<Element>
  /// δ and the carry before an operation that may have to be taken back.
  private let saved: AlignedBuffer<Element>
  private let savedExponents: AlignedBuffer<Int>
  @usableFromInline let coefficients: AlignedBuffer<ScaledNumber>

  init(batch: Int, width: Int, carriesCellState: Bool) {
    let states = batch * width
    self.batch = batch
    count = batch
    self.width = width
    self.carriesCellState = carriesCellState
    deltas = AlignedBuffer(count: 2 * states)
    delta = deltas.base
    next = deltas.base + states
    carries = AlignedBuffer(count: carriesCellState ? 2 * states : 0)
    carry = carries.base
    nextCarry = carriesCellState ? carries.base + states : carries.base
    kappa = AlignedBuffer(count: carriesCellState ? states : 0)
    saved = AlignedBuffer(count: carriesCellState ? 2 * states : states)
    savedExponents = AlignedBuffer(count: batch)
    exponents = AlignedBuffer(count: batch)
    trueExponents = AlignedBuffer(count: batch)
    norms = AlignedBuffer(count: batch)
    coefficients = AlignedBuffer(count: batch)
  }

  /// Back to zero, for another walk.
  @inlinable
  mutating func reset() {
    count = batch
    deltas.zero()
    carries.zero()
    exponents.zero()
    trueExponents.zero()
    norms.zero()
  }

  /// δ_{t−1} takes the place of δ_t, and its carry that of the carry.
  @inlinable
  mutating func advance() {
    swap(&delta, &next)
    swap(&carry, &nextCarry)
  }

  /// Measures the vectors and, where a norm has left [2^−k, 2^k], moves its exponent out of the mantissas.
  ///
  /// - Parameter measures: whether ``norms`` are wanted; their exponents are known in any case.
  /// - Returns: whether every row could be moved; one that a component would have been lost of stays as it is.
  @inlinable
  mutating func renormalise(threshold: Int, measures: Bool) -> Bool {
    Element.renormaliseRows(
      count: count, width: width, threshold: threshold, sparing: true, delta, carriesCellState ? carry : nil,
      exponents: exponents.base, norms: measures ? norms.base : nil,
      trueExponents: trueExponents.base) == 0
  }

  /// Takes ∂L/∂c_T from outside, before anything else has arrived.
  @usableFromInline
  mutating func start(_ final: FinalCellGradient<Element>) {
    precondition(carriesCellState, "a cell without c takes no gradient of it")
    precondition(
      final.values.count == batch * width && final.exponents.count == batch,
      "\(final.values.count) gradients of final cell states for B·H = \(batch * width)")
    carry.update(from: final.values, count: batch * width)
    for b in 0..<batch {
      let isZero = Element.largestMagnitude(width, carry + b * width) == 0
      exponents.base[b] = isZero ? 0 : final.exponents[b]
    }
  }

  /// Adds the immediate gradient of step t to the first `rows` rows, [rows, H] times 2^powers[b], bringing both to the
  /// larger one's scale.
  ///
  /// Plain addition as long as an element's exponents are 0. Otherwise, a loss that enters late in a recursion
  /// that has vanished would overflow as `immediate · 2^−e`, and one that enters an exploded recursion would
  /// drown; both are brought to the larger of the two true exponents.
  ///
  /// - Returns: whether no component was lost that the sum would have shown; otherwise the vector is as it was.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  @usableFromInline
  mutating func add(
    immediate: UnsafePointer<Element>, powers: UnsafePointer<Int>, rows: Int
  ) -> Bool {
    var isScaled = false
    for b in 0..<rows where exponents.base[b] != 0 || powers[b] != 0 { isScaled = true }
    guard isScaled else {
      RangeExceptions.forget()
      var one = 1.0
      Element.addScaledRows(count: 1, width: rows * width, scale: &one, immediate, into: delta)
      return true
    }
    _ = renormalise(threshold: .max, measures: false)  // true exponents only
    save()
    RangeExceptions.forget()
    for b in 0..<rows {
      let row = b * width
      let power = powers[b]
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
    if !RangeExceptions.happened || isFull { return true }
    restore()
    return false
  }

  /// Clips δ; returns the coefficient of each batch element, or nil if nothing was clipped, the number of
  /// norms that exceeded the threshold, and whether no component was lost; otherwise the vector is as it was.
  @usableFromInline
  mutating func clip(_ rule: StepClip, threshold: Int) -> StepClipping {
    let clipping = coefficients(of: rule, norms: norms.base, exponents: exponents.base)
    guard let factors = clipping.coefficients else { return clipping }
    save()
    RangeExceptions.forget()
    for b in 0..<count {
      let coefficient = factors[b]
      guard coefficient != ScaledNumber(1) else { continue }
      var factor = coefficient.mantissa
      if carriesCellState && Element.largestMagnitude(width, carry + b * width) > 0 {
        // δ and the carry share an exponent; δ alone shrinks, to nothing where the carry dwarfs it.
        factor *= powerOfTwo(coefficient.exponent)
        if factor == 0 {
          restore()
          return clipping.lossy
        }
      } else if !coefficient.isZero {
        exponents.base[b] += coefficient.exponent
      }
      Element.scaleRows(count: 1, width: width, scale: &factor, delta + b * width)
    }
    let kept = renormalise(threshold: threshold, measures: true)
    if !kept || RangeExceptions.happened {
      restore()
      return clipping.lossy
    }
    return clipping
  }

  /// What a rule multiplies each δ[b] by, given their norms.
  @usableFromInline
  func coefficients(
    of rule: StepClip, norms: UnsafePointer<Double>, exponents: UnsafePointer<Int>
  ) -> StepClipping {
    var engaged = 0
    switch rule {
    case .none:
      return StepClipping()
    case .batch(let limit):
      var sum = ScaledNumber.zero
      for b in 0..<count {
        let norm = ScaledNumber(norms[b], exponent: exponents[b])
        sum = sum + norm * norm
      }
      let norm = sum.squareRoot()
      guard norm > ScaledNumber(limit) else { return StepClipping() }
      engaged = 1
      for b in 0..<count { coefficients.base[b] = ScaledNumber(limit) / norm }
    case .example(let limit):
      for b in 0..<count {
        let norm = ScaledNumber(norms[b], exponent: exponents[b])
        let exceeds = norm > ScaledNumber(limit)
        coefficients.base[b] = exceeds ? ScaledNumber(limit) / norm : ScaledNumber(1)
        if exceeds { engaged += 1 }
      }
      if engaged == 0 { return StepClipping() }
    }
    return StepClipping(coefficients: coefficients.base, engaged: engaged)
  }

  /// Whether every component of δ and the carry is of ordinary size, so that what was lost beside it was nothing:
  /// above 2^−60, where whatever falls below the range of `Element` is 2^−60 of it at most.
  private var isFull: Bool {
    let states = count * width
    return Self.leastMagnitude(states, delta) > 0x1p-60
      && (!carriesCellState || Self.leastMagnitude(states, carry) > 0x1p-60)
  }

  /// Whether the vector that leaves a step, and every gate's γ of it, are of ordinary size; see ``isFull``.
  ///
  /// - Parameters:
  ///   - gamma: γ [B, G·H].
  ///   - gammaHidden: that of the other side, or the same.
  @usableFromInline
  func leavesInFull(
    _ gamma: UnsafePointer<Element>, _ gammaHidden: UnsafePointer<Element>, gates: Int
  ) -> Bool {
    let states = count * width
    guard Self.leastMagnitude(states, next) > 0x1p-60,
      !carriesCellState || Self.leastMagnitude(states, nextCarry) > 0x1p-60
    else { return false }
    for block in 0..<count * gates {
      let largest = Element.largestMagnitude(width, gamma + block * width)
      let hidden =
        gamma == gammaHidden ? largest : Element.largestMagnitude(width, gammaHidden + block * width)
      if !(min(largest, hidden) > 0x1p-60) { return false }
    }
    return true
  }

  private static func leastMagnitude(_ count: Int, _ x: UnsafePointer<Element>) -> Element {
    var least = Element.infinity
    // NaN is not above any bound, and must not be passed over.
    for k in 0..<count where !(x[k].magnitude >= least) { least = x[k].magnitude }
    return least
  }

  private func save() {
    let states = count * width
    saved.base.update(from: delta, count: states)
    if carriesCellState { (saved.base + states).update(from: carry, count: states) }
    savedExponents.base.update(from: exponents.base, count: count)
  }

  private func restore() {
    let states = count * width
    delta.update(from: saved.base, count: states)
    if carriesCellState { carry.update(from: saved.base + states, count: states) }
    exponents.base.update(from: savedExponents.base, count: count)
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
        Element.scaleRows(count: 1, width: width, scale: &factor, carry + b * width)
      }
    }
    exponents.base[b] -= power
  }
}

/// What a step clip did.
@usableFromInline
struct StepClipping {
  /// By batch element; nil if nothing was clipped.
  @usableFromInline var coefficients: UnsafePointer<ScaledNumber>?
  /// How many norms exceeded the threshold.
  @usableFromInline var engaged = 0
  /// Whether every component could be kept.
  @usableFromInline var isExact = true

  var lossy: StepClipping {
    StepClipping(coefficients: coefficients, engaged: engaged, isExact: false)
  }
}
