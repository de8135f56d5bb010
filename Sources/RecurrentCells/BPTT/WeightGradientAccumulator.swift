import LinearAlgebra

/// Sums the weight gradients of all steps, a segment at a time, in scaled form.
///
///     ∂L/∂W_hh = Σ_t γ_tᵀ h_{t−1}
///
/// γ_t of a segment are kept with their exponents, brought to the largest one, and multiplied at once; the
/// running totals carry an exponent of their own and are aligned before each addition. Totals stand transposed,
/// as ``RecurrentProducts`` makes them.
///
/// Rows far below the largest γ count as nothing, which is right as long as the states they meet are not far above
/// those of the largest. Whether it was right is known in the end (``isCertain(largestOperand:)``); if not, the walk is
/// repeated with ``ScaledWeightSums``.
@usableFromInline
struct WeightGradientAccumulator<Element: Scalar>: ~Copyable {
  @usableFromInline let shape: SequenceShape
  @usableFromInline let rows: Int
  @usableFromInline let apart: Bool
  /// γ of a segment [rows, G·H], in the place of its currents, and that of the other side where it is another.
  @usableFromInline let inputSide: UnsafeMutablePointer<Element>
  @usableFromInline let hiddenSide: AlignedBuffer<Element>
  @usableFromInline let scales: AlignedBuffer<Double>
  /// By row: the exponents that γ of both sides is stored with, and that of its true size.
  @usableFromInline let storedExponents, storedHiddenExponents, trueExponents: AlignedBuffer<Int>
  @usableFromInline let weightIH, weightHH, biasIH, biasHH: AlignedBuffer<Element>
  @usableFromInline var exponent: Int?
  /// Whether something that was not 0 may have counted as nothing.
  @usableFromInline var mayHaveLost = false
  /// Rows of the largest segment.
  private let capacity: Int
  /// In place of these totals, if they have been found wanting.
  private var scaled: ScaledWeightSums?
  @usableFromInline var usesScaled = false

  /// - Parameter gamma: memory for the rows of the largest segment.
  @usableFromInline
  init(
    shape: SequenceShape, rows: Int, capacity: Int, apart: Bool, gamma: UnsafeMutablePointer<Element>
  ) {
    self.shape = shape
    self.rows = rows
    self.apart = apart
    self.capacity = capacity
    let count = capacity
    inputSide = gamma
    hiddenSide = AlignedBuffer(uninitializedCount: apart ? count * rows : 0)
    scales = AlignedBuffer(uninitializedCount: count)
    storedExponents = AlignedBuffer(uninitializedCount: count)
    storedHiddenExponents = AlignedBuffer(uninitializedCount: count)
    trueExponents = AlignedBuffer(uninitializedCount: count)
    weightIH = AlignedBuffer(count: rows * shape.inputSize)
    weightHH = AlignedBuffer(count: rows * shape.hiddenSize)
    biasIH = AlignedBuffer(count: rows)
    biasHH = AlignedBuffer(count: apart ? rows : 0)
  }

  /// Back to zero, for another walk.
  @inlinable
  mutating func reset() {
    weightIH.zero()
    weightHH.zero()
    biasIH.zero()
    biasHH.zero()
    exponent = nil
    mayHaveLost = false
    usesScaled = false
  }

  /// Sums with an exponent for each term from here on.
  @usableFromInline
  mutating func useScaledSums() {
    usesScaled = true
    if let scaled {
      scaled.reset()
    } else {
      scaled = ScaledWeightSums(shape: shape, rows: rows, capacity: capacity, apart: apart)
    }
  }

  /// Where the cell writes γ of a step whose rows begin with `row` of the segment [B, G·H].
  @inlinable
  func gamma(_ row: Int) -> UnsafeMutablePointer<Element> { inputSide + row * rows }

  /// The same for ∂L/∂(W_hh h_{t−1} + b_hh).
  @inlinable
  func gammaHidden(_ row: Int) -> UnsafeMutablePointer<Element> {
    (apart ? hiddenSide.base : inputSide) + row * rows
  }

  /// Remembers the scales of a step's `batch` rows, from `first` of the segment on; `trueExponents` are those of its δ, or
  /// nil where γ is stored at its true size.
  @inlinable
  func note(
    _ first: Int, batch: Int, gamma: UnsafePointer<Int>, gammaHidden: UnsafePointer<Int>,
    trueExponents sizes: UnsafePointer<Int>?
  ) {
    for b in 0..<batch {
      storedExponents.base[first + b] = gamma[b]
      storedHiddenExponents.base[first + b] = gammaHidden[b]
      trueExponents.base[first + b] = sizes?[b] ?? max(gamma[b], gammaHidden[b])
    }
  }

  /// Adds a segment of `count` rows, with the h_{t−1} and x_t of its steps [count, ·].
  ///
  /// - Parameter tokens: the columns of the ones, where the rows of x are one-hot: then γ_t is added to a column of
  ///   ∂L/∂W_ih, and sums at one scale do not look at `inputs`.
  @inlinable
  mutating func accumulate(
    count: Int, previousHidden: UnsafePointer<Element>, inputs: UnsafePointer<Element>,
    tokens: UnsafePointer<Int32>?,
    products: borrowing RecurrentProducts<Element>
  ) {
    let hidden = apart ? hiddenSide.base : inputSide
    if usesScaled { return addToScaled(count, previousHidden: previousHidden, inputs: inputs) }
    var own = commonExponent(count)
    if own == .min {
      // Every γ is exactly zero, or one is not a number: then the totals are none either.
      guard Element.firstNonFinite(count * rows, inputSide) != nil else { return }
      own = exponent ?? 0
    }
    let target = max(exponent ?? own, own)
    RangeExceptions.forget()
    if let exponent, exponent < target { rescaleTotals(by: exponent - target) }
    exponent = target
    scale(count, by: storedExponents.base, to: target, inputSide)
    if apart { scale(count, by: storedHiddenExponents.base, to: target, hiddenSide.base) }
    products.addWeightHH(previousHidden, hidden, count: count, into: weightHH.base)
    if let tokens {
      Element.scatterAddRows(count: count, width: rows, places: tokens, inputSide, into: weightIH.base)
    } else {
      products.addWeightIH(inputs, inputSide, count: count, into: weightIH.base)
    }
    Element.addColumnSums(count: count, width: rows, inputSide, into: biasIH.base)
    if apart { Element.addColumnSums(count: count, width: rows, hiddenSide.base, into: biasHH.base) }
    if RangeExceptions.happened { mayHaveLost = true }
  }

  /// Brings rows of γ to 2^target.
  @inlinable
  mutating func scale(
    _ count: Int, by stored: UnsafePointer<Int>, to target: Int, _ gamma: UnsafeMutablePointer<Element>
  ) {
    let least = Int(Element.leastNormalMagnitude.exponent)
    // Ordinary rows are there already.
    if (0..<count).allSatisfy({ stored[$0] == target && trueExponents.base[$0] >= target + least }) { return }
    for k in 0..<count {
      // A row that is zero, or too small beside the largest to be seen in its precision, counts as nothing;
      // NaN and infinity stay visible, for 0 · ∞ is NaN.
      let canonical = trueExponents.base[k]
      let isNothing = canonical == .min || canonical - target < least
      if isNothing && canonical != .min { mayHaveLost = true }
      scales.base[k] = isNothing ? 0 : powerOfTwo(stored[k] - target)
    }
    Element.scaleRows(count: count, width: rows, scale: scales.base, gamma)
  }

  /// Whether the totals are right to rounding: nothing was lost, or what was is 2^−30 of each at most.
  ///
  /// - Parameters:
  ///   - largestOperand: the largest magnitude among states and inputs.
  ///   - terms: how many products each entry is the sum of.
  @inlinable
  func isCertain(largestOperand: Double, terms: Int) -> Bool {
    if !mayHaveLost || usesScaled { return true }
    // What fell below the range is less than 2^(least + 2) beside the totals, times its operand.
    let lost = Double(terms) * powerOfTwo(Int(Element.leastNormalMagnitude.exponent) + 32)
    func isAbove(_ total: borrowing AlignedBuffer<Element>, _ operand: Double) -> Bool {
      if total.count == 0 { return true }
      let largest = Element.largestMagnitude(total.count, total.base)
      return largest > lost * operand && largest.isFinite
    }
    return isAbove(weightIH, largestOperand) && isAbove(weightHH, largestOperand) && isAbove(biasIH, 1)
      && isAbove(biasHH, 1)
  }

  /// The exponent that the first rows are brought to: the largest true one, or the one that this row is stored with
  /// where it is about the same, which spares ordinary rows the scaling; `Int.min` if there is none. A row whose γ is
  /// exactly zero (a unit that is off) has no say, whatever the exponent of its δ.
  @inlinable
  func commonExponent(_ count: Int) -> Int {
    var top = largestRow(count)
    func isZero(_ k: Int) -> Bool { Element.largestMagnitude(rows, inputSide + k * rows) == 0 }
    if trueExponents.base[top] > .min, isZero(top) {
      for k in 0..<count where isZero(k) { trueExponents.base[k] = .min }
      top = largestRow(count)
    }
    let (size, stored) = (trueExponents.base[top], storedExponents.base[top])
    if size == .min { return size }
    return (size - stored).magnitude <= Element.defaultRescalingThreshold ? stored : size
  }

  /// Where the true exponent is largest.
  @inlinable
  func largestRow(_ count: Int) -> Int {
    var top = 0
    for k in 0..<count where trueExponents.base[k] > trueExponents.base[top] { top = k }
    return top
  }

  @inlinable
  func rescaleTotals(by power: Int) {
    var factor = powerOfTwo(power)
    Element.scaleRows(count: 1, width: weightIH.count, scale: &factor, weightIH.base)
    Element.scaleRows(count: 1, width: weightHH.count, scale: &factor, weightHH.base)
    Element.scaleRows(count: 1, width: biasIH.count, scale: &factor, biasIH.base)
    Element.scaleRows(count: 1, width: biasHH.count, scale: &factor, biasHH.base)
  }

  /// The totals so far.
  @inlinable
  func gradients(readout: ReadoutWorkspace<Element>?) -> ParameterGradients<Element> {
    var gradients = usesScaled ? scaledGradients() : plainGradients()
    if let readout {
      let e = readout.gradientExponent
      gradients.readoutWeight = ScaledArray(values: readout.weightGradient.values, exponent: e)
      gradients.readoutBias = ScaledArray(values: readout.biasGradient, exponent: e)
    }
    return gradients
  }

  @inlinable
  func plainGradients() -> ParameterGradients<Element> {
    let e = exponent ?? 0
    let bias = ScaledArray(values: biasIH.array(), exponent: e)
    return ParameterGradients(
      weightIH: ScaledArray(values: transposed(weightIH, columns: shape.inputSize), exponent: e),
      weightHH: ScaledArray(values: transposed(weightHH, columns: shape.hiddenSize), exponent: e),
      biasIH: bias, biasHH: apart ? ScaledArray(values: biasHH.array(), exponent: e) : bias)
  }

  @usableFromInline
  func scaledGradients() -> ParameterGradients<Element> {
    guard let scaled else { preconditionFailure("no scaled sums were taken") }
    return scaled.gradients()
  }

  /// ``accumulate(count:previousHidden:inputs:products:)`` for sums with an exponent for each term.
  @usableFromInline
  func addToScaled(
    _ count: Int, previousHidden: UnsafePointer<Element>, inputs: UnsafePointer<Element>
  ) {
    guard let scaled else { return }
    scaled.add(
      count: count, gamma: inputSide, exponents: storedExponents.base, inputs: inputs,
      gammaHidden: hiddenSide.base, hiddenExponents: storedHiddenExponents.base,
      previousHidden: previousHidden)
  }

  /// A total in the parameter's own shape [G·H, columns].
  @inlinable
  func transposed(_ total: borrowing AlignedBuffer<Element>, columns: Int) -> [Element] {
    Array(unsafeUninitializedCapacity: total.count) { values, count in
      Element.transpose(rows: columns, columns: rows, total.base, into: values.baseAddress!)
      count = total.count
    }
  }
}
