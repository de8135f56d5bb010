import LinearAlgebra

/// Sums the weight gradients of all steps, a segment at a time, in scaled form.
///
///     ∂L/∂W_hh = Σ_t γ_tᵀ h_{t−1}
///
/// γ_t of a segment are kept with their exponents, brought to the largest one, and multiplied at once; the
/// running totals carry an exponent of their own and are aligned before each addition. Totals stand transposed,
/// as ``RecurrentProducts`` makes them.
@usableFromInline
struct WeightGradientAccumulator<Element: Scalar>: ~Copyable {
  @usableFromInline let shape: SequenceShape
  @usableFromInline let rows: Int
  @usableFromInline let apart: Bool
  @usableFromInline let inputSide, hiddenSide: AlignedBuffer<Element>
  private let scales: AlignedBuffer<Double>
  /// By row and batch element: the exponent that γ is stored with, and that of its true size.
  @usableFromInline let storedExponents, trueExponents: AlignedBuffer<Int>
  private let weightIH, weightHH, biasIH, biasHH: AlignedBuffer<Element>
  private var exponent: Int?

  @usableFromInline
  init(shape: SequenceShape, rows: Int, capacity: Int, apart: Bool) {
    self.shape = shape
    self.rows = rows
    self.apart = apart
    let count = capacity * shape.batch
    inputSide = AlignedBuffer(uninitializedCount: count * rows)
    hiddenSide = AlignedBuffer(uninitializedCount: apart ? count * rows : 0)
    scales = AlignedBuffer(uninitializedCount: count)
    storedExponents = AlignedBuffer(uninitializedCount: count)
    trueExponents = AlignedBuffer(uninitializedCount: count)
    weightIH = AlignedBuffer(count: rows * shape.inputSize)
    weightHH = AlignedBuffer(count: rows * shape.hiddenSize)
    biasIH = AlignedBuffer(count: rows)
    biasHH = AlignedBuffer(count: apart ? rows : 0)
  }

  /// Back to zero, for another walk.
  @usableFromInline
  mutating func reset() {
    weightIH.zero()
    weightHH.zero()
    biasIH.zero()
    biasHH.zero()
    exponent = nil
  }

  /// Where the cell writes γ of a row of the segment [B, G·H].
  @inlinable
  func gamma(_ row: Int) -> UnsafeMutablePointer<Element> {
    inputSide.base + row * shape.batch * rows
  }

  /// The same for ∂L/∂(W_hh h_{t−1} + b_hh).
  @inlinable
  func gammaHidden(_ row: Int) -> UnsafeMutablePointer<Element> {
    (apart ? hiddenSide.base : inputSide.base) + row * shape.batch * rows
  }

  /// Remembers the scale of a row.
  @inlinable
  func note(_ row: Int, exponentsOf vector: borrowing BackwardVector<Element>) {
    let (first, batch) = (row * shape.batch, shape.batch)
    for b in 0..<batch {
      storedExponents.base[first + b] = vector.exponents.base[b]
      trueExponents.base[first + b] = vector.trueExponents.base[b]
    }
  }

  /// Adds a segment of `steps` rows, with the h_{t−1} and x_t of its steps [steps, B, ·], the largest of which has
  /// the magnitude `largestOperand`.
  @usableFromInline
  mutating func accumulate(
    steps: Int, previousHidden: UnsafePointer<Element>, inputs: UnsafePointer<Element>,
    largestOperand: Double, products: SegmentProducts<Element>
  ) {
    let count = steps * shape.batch
    var largest = largestExponent(count)
    if largest == .min {
      // Every γ is exactly zero, or one is not a number: then the totals are none either.
      guard Element.firstNonFinite(count * rows, inputSide.base) != nil else { return }
      largest = exponent ?? 0
    }
    largest += headroom(for: largestOperand)
    let target = max(exponent ?? largest, largest)
    if let exponent, exponent < target { rescaleTotals(by: exponent - target) }
    exponent = target
    let least = Int(Element.leastNormalMagnitude.exponent)
    for k in 0..<count {
      // A row that is zero, or too small beside the largest to be seen in its precision, counts as nothing;
      // NaN and infinity stay visible, for 0 · ∞ is NaN.
      let canonical = trueExponents.base[k]
      let isNothing = canonical == .min || canonical - target < least
      scales.base[k] = isNothing ? 0 : powerOfTwo(storedExponents.base[k] - target)
    }
    Element.scaleRows(count: count, width: rows, scale: scales.base, inputSide.base)
    if apart { Element.scaleRows(count: count, width: rows, scale: scales.base, hiddenSide.base) }
    let hidden = apart ? hiddenSide.base : inputSide.base
    products.weightHH(previousHidden, hidden, into: weightHH.base)
    products.weightIH(inputs, inputSide.base, into: weightIH.base)
    Element.addColumnSums(count: count, width: rows, inputSide.base, into: biasIH.base)
    if apart { Element.addColumnSums(count: count, width: rows, hiddenSide.base, into: biasHH.base) }
  }

  /// The largest true exponent of the first rows; `Int.min` if there is none. A row whose γ is exactly zero (a unit that
  /// is off) has no say, whatever the exponent of its δ.
  private func largestExponent(_ count: Int) -> Int {
    var top = 0
    for k in 0..<count where trueExponents.base[k] > trueExponents.base[top] { top = k }
    func isZero(_ k: Int) -> Bool { Element.largestMagnitude(rows, inputSide.base + k * rows) == 0 }
    guard trueExponents.base[top] > .min, isZero(top) else { return trueExponents.base[top] }
    for k in 0..<count where isZero(k) { trueExponents.base[k] = .min }
    return (0..<count).reduce(.min) { max($0, trueExponents.base[$1]) }
  }

  /// By how much γ must be scaled down beside its own exponent, so that its products with states or inputs near
  /// the end of the range stay inside it: 0 unless one is above 2^63 (float) or 2^511 (double).
  private func headroom(for largest: Double) -> Int {
    guard largest > 0, largest.isFinite else { return 0 }
    return max(0, Int(largest.exponent) - Int(Element.greatestFiniteMagnitude.exponent) / 2)
  }

  private func rescaleTotals(by power: Int) {
    var factor = powerOfTwo(power)
    Element.scaleRows(count: 1, width: weightIH.count, scale: &factor, weightIH.base)
    Element.scaleRows(count: 1, width: weightHH.count, scale: &factor, weightHH.base)
    Element.scaleRows(count: 1, width: biasIH.count, scale: &factor, biasIH.base)
    Element.scaleRows(count: 1, width: biasHH.count, scale: &factor, biasHH.base)
  }

  /// The totals so far.
  @usableFromInline
  func gradients(readout: ReadoutWorkspace<Element>?) -> ParameterGradients<Element> {
    let e = exponent ?? 0
    let bias = ScaledArray(values: biasIH.array(), exponent: e)
    return ParameterGradients(
      weightIH: ScaledArray(values: transposed(weightIH, columns: shape.inputSize), exponent: e),
      weightHH: ScaledArray(values: transposed(weightHH, columns: shape.hiddenSize), exponent: e),
      biasIH: bias, biasHH: apart ? ScaledArray(values: biasHH.array(), exponent: e) : bias,
      readoutWeight: readout.map { ScaledArray(values: $0.weightGradient.values) },
      readoutBias: readout.map { ScaledArray(values: $0.biasGradient) })
  }

  /// A total in the parameter's own shape [G·H, columns].
  private func transposed(_ total: borrowing AlignedBuffer<Element>, columns: Int) -> [Element] {
    Array(unsafeUninitializedCapacity: total.count) { values, count in
      Element.transpose(rows: columns, columns: rows, total.base, into: values.baseAddress!)
      count = total.count
    }
  }
}
