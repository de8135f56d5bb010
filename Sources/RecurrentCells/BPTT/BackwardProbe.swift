import LinearAlgebra

/// Watches one backward pass; sees only what BPTT has at hand anyway, and pays for what it makes of it.
///
/// Buffers are borrowed: they are valid during the call and must not be kept. A probe is a generic parameter
/// of ``SequencePass/backward(loss:clip:rescalingThreshold:probe:)``; ``NoProbe`` is the explicit absence,
/// so that an unobserved pass pays nothing.
public protocol BackwardProbe<Element>: ~Copyable {
  associatedtype Element: Scalar
  /// Called for t = T, …, 0 with the gradient that arrives at h_t, before clipping.
  mutating func arrive(_ arrival: GradientArrival<Element>)
  /// Called for t = T, …, 1 after clipping, when the gradients of the preactivations are known.
  mutating func step(_ step: GradientStep<Element>)
  /// Called once after the arrival at t = 0: the place for work that is better done for all steps at once.
  mutating func finish()
  /// Whether the probe looks at single components, so that none of them may be rounded to 0 beside larger ones. False by
  /// default: norms do not see those that fall below the range of `Element` in a vector of ordinary ones.
  static var seesComponents: Bool { get }
  /// Whether the probe looks at the norms of ``GradientArrival``. True by default.
  static var seesNorms: Bool { get }
  /// Whether the probe looks at ``TapeStep/input``. True by default.
  static var seesInputs: Bool { get }
}

extension BackwardProbe where Self: ~Copyable {
  @inlinable public mutating func arrive(_ arrival: GradientArrival<Element>) {}
  @inlinable public mutating func step(_ step: GradientStep<Element>) {}
  @inlinable public mutating func finish() {}
  @inlinable public static var seesComponents: Bool { false }
  @inlinable public static var seesNorms: Bool { true }
  @inlinable public static var seesInputs: Bool { true }
}

/// A vector for each batch element [B, width], B those that the step has: that of b is `values[b, ·] · 2^exponents[b]`.
public struct GradientRows<Element: Scalar> {
  /// Numbers in a row.
  public let width: Int
  /// Mantissas [B, width].
  public let values: UnsafePointer<Element>
  /// The power of two of each batch element.
  public let exponents: UnsafePointer<Int>
  /// The components, where they lie too far apart for one exponent; nil in an ordinary step.
  public let wide: WideRowsView?

  @inlinable
  init(
    width: Int, _ values: UnsafePointer<Element>, exponents: UnsafePointer<Int>, wide: WideRowsView? = nil
  ) {
    self.width = width
    self.values = values
    self.exponents = exponents
    self.wide = wide
  }

  /// Component k of batch element b.
  @inlinable
  public subscript(b: Int, k: Int) -> ScaledNumber {
    wide?[b, k] ?? ScaledNumber(Double(values[b * width + k]), exponent: exponents[b])
  }
}

/// Total and immediate ∂L/∂h_t as they arrive at step t.
///
/// Of sequences of different lengths, rows are those of ``SequenceShape/states(at:)``: the sequences that have step t, and
/// behind them those that begin with step t + 1, whose initial states stand there (``initial``).
public struct GradientArrival<Element: Scalar> {
  /// 0…T; 0 is the initial state.
  public let time: Int
  /// B: rows of the total, ``SequenceShape/states(at:)``.
  public let batch: Int
  /// Rows of the total that are ∂L/∂h_0 of their sequences: all of them at t = 0, of sequences of one length none at other
  /// times.
  public let initial: Range<Int>
  /// The total ∂L/∂h_t [B, H].
  public let total: GradientRows<Element>
  /// ‖total[b]‖ of the mantissas.
  public let totalNorms: UnsafePointer<Double>
  /// The immediate ∂L/∂h_t, of the rows that are no initial states; nil where the loss does not read h_t.
  public let immediate: GradientRows<Element>?
  /// Of a cell with c, where there are initial states: the total ∂L/∂c_0, in the rows ``initial`` of [B, H]; others are of
  /// no use. Otherwise nil.
  public let initialCell: GradientRows<Element>?

  /// What the workspace holds when the walk is at t, which `count` sequences have as a step.
  @inlinable @inline(__always)
  init<Cell: RecurrentCell>(
    _ t: Int, count: Int, _ work: borrowing BackwardWorkspace<Element>, isRead: Bool,
    wide: WideRecursion<Cell>?
  ) where Cell.Element == Element {
    let (width, exponents) = (work.vector.width, work.vector.exponents.base)
    time = t
    batch = work.vector.count
    initial = count..<work.vector.count
    total = GradientRows(width: width, work.vector.delta, exponents: exponents, wide: wide?.delta.view)
    totalNorms = UnsafePointer(work.vector.norms.base)
    immediate = isRead ? GradientRows(width: width, work.immediate.base, exponents: work.powers.base) : nil
    initialCell =
      Cell.carriesCellState && count < work.vector.count
      ? GradientRows(
        width: width, work.vector.carry, exponents: wide?.carryPowers.base ?? exponents,
        wide: wide?.carry.view) : nil
  }
}

/// What one backward step computes. In ordinary steps all vectors have the same exponents.
public struct GradientStep<Element: Scalar> {
  /// Time and sizes, and what the forward pass left of the step.
  public let tape: TapeStep<Element>
  /// What clipping multiplied ∂L/∂h_t[b] by; nil where this step was not clipped.
  public let clipCoefficients: UnsafePointer<ScaledNumber>?
  /// κ_t = total ∂L/∂c_t [B, H]; nil for a cell without c.
  public let cell: GradientRows<Element>?
  /// γ_t = ∂L/∂(W_ih x_t + b_ih) [B, G·H].
  public let preactivation: GradientRows<Element>
  /// ∂L/∂(W_hh h_{t−1} + b_hh) [B, G·H]; the same unless the cell keeps the two apart (GRU).
  public let recurrentPreactivation: GradientRows<Element>
  /// The part of ∂L/∂h_{t−1} that comes back through this step, δ_t ∂h_t/∂h_{t−1} = γ_t W_hh (+ bypass) [B, H], before the
  /// loss of step t − 1 joins it; of components that lie far apart, the rendition alone.
  public let leaving: GradientRows<Element>
  /// Where components lie far apart, the factors of the step [B, factorCount·H], if a probe says that it
  /// ``BackwardProbe/seesComponents``; otherwise zeros. nil in an ordinary step.
  @usableFromInline let wideFactors: WideRowsView?

  /// What the workspace holds of the step, γ_t in row `row` of the segment.
  @inlinable @inline(__always)
  init<Cell: RecurrentCell>(
    _ tape: TapeStep<Element>, _ work: borrowing BackwardWorkspace<Element>, row: Int,
    clipCoefficients: UnsafePointer<ScaledNumber>?, wide: WideRecursion<Cell>?
  ) where Cell.Element == Element {
    let (width, rows) = (tape.hiddenSize, Cell.gateCount * tape.hiddenSize)
    let exponents = work.vector.exponents.base
    self.tape = tape
    self.clipCoefficients = clipCoefficients
    cell =
      Cell.carriesCellState
      ? GradientRows(
        width: width, work.vector.kappa.base, exponents: wide?.kappaPowers.base ?? exponents,
        wide: wide?.kappa.view) : nil
    preactivation = GradientRows(
      width: rows, work.weights.gamma(row), exponents: wide?.gammaPowers.base ?? exponents,
      wide: wide?.gamma.view)
    recurrentPreactivation = GradientRows(
      width: rows, work.weights.gammaHidden(row), exponents: wide?.gammaHiddenPowers.base ?? exponents,
      wide: Cell.keepsCurrentsApart ? wide?.gammaHidden.view : wide?.gamma.view)
    leaving = GradientRows(
      width: width, work.vector.next, exponents: wide?.leavingPowers.base ?? exponents)
    wideFactors = wide?.usedFactors.view
  }

  /// Factor `index` of unit k of batch element b, for a probe that ``BackwardProbe/seesComponents``.
  @inlinable
  public func factor(_ index: Int, _ b: Int, _ k: Int) -> ScaledNumber {
    let size = tape.hiddenSize
    return wideFactors?[b, index * size + k]
      ?? ScaledNumber(Double(tape.factors[(index * tape.batch + b) * size + k]))
  }
}

/// No probe: an unobserved pass.
public struct NoProbe<Element: Scalar>: BackwardProbe {
  @inlinable public init() {}
  @inlinable public static var seesNorms: Bool { false }
  @inlinable public static var seesInputs: Bool { false }
}

/// Two probes on one pass.
public struct ProbePair<
  First: BackwardProbe & ~Copyable, Second: BackwardProbe & ~Copyable
>: BackwardProbe, ~Copyable where First.Element == Second.Element {
  public typealias Element = First.Element
  /// The probes, in the order in which they are called.
  public var first: First
  public var second: Second

  @inlinable
  public init(_ first: consuming First, _ second: consuming Second) {
    self.first = first
    self.second = second
  }

  @inlinable
  public mutating func arrive(_ arrival: GradientArrival<Element>) {
    first.arrive(arrival)
    second.arrive(arrival)
  }

  @inlinable
  public mutating func step(_ step: GradientStep<Element>) {
    first.step(step)
    second.step(step)
  }

  @inlinable
  public mutating func finish() {
    first.finish()
    second.finish()
  }

  @inlinable
  public static var seesComponents: Bool { First.seesComponents || Second.seesComponents }

  @inlinable
  public static var seesNorms: Bool { First.seesNorms || Second.seesNorms }

  @inlinable
  public static var seesInputs: Bool { First.seesInputs || Second.seesInputs }
}
