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
}

extension BackwardProbe where Self: ~Copyable {
  @inlinable public mutating func finish() {}
  @inlinable public static var seesComponents: Bool { false }
  @inlinable public static var seesNorms: Bool { true }
}

/// Total and immediate ∂L/∂h_t as they arrive at step t.
public struct GradientArrival<Element: Scalar> {
  /// 0…T; 0 is the initial state.
  public let time: Int
  /// B and H.
  public let batch, hiddenSize: Int
  /// Mantissas of the total ∂L/∂h_t [B, H]; element b is `total[b, ·] · 2^exponents[b]`.
  public let total: UnsafePointer<Element>
  /// ‖total[b]‖ of the mantissas.
  public let totalNorms: UnsafePointer<Double>
  /// The power of two of each batch element.
  public let exponents: UnsafePointer<Int>
  /// The immediate ∂L/∂h_t [B, H], with powers of two of its own; nil where the loss does not read h_t.
  public let immediate: UnsafePointer<Element>?
  /// The power of two of each batch element of `immediate`; nil where it has none.
  public let immediateExponents: UnsafePointer<Int>?
  /// At t = 0 of a cell with c: the total ∂L/∂c_0 [B, H], with powers of two of its own. Otherwise nil.
  public let initialCell: UnsafePointer<Element>?
  public let initialCellExponents: UnsafePointer<Int>
  /// The components of `total` and `initialCell`, where they lie too far apart for one exponent.
  public let wideTotal, wideInitialCell: WideRowsView?

  @inlinable
  init(
    time: Int, batch: Int, hiddenSize: Int, total: UnsafePointer<Element>, totalNorms: UnsafePointer<Double>,
    exponents: UnsafePointer<Int>, immediate: UnsafePointer<Element>?,
    immediateExponents: UnsafePointer<Int>?, initialCell: UnsafePointer<Element>?,
    initialCellExponents: UnsafePointer<Int>, wideTotal: WideRowsView?, wideInitialCell: WideRowsView?
  ) {
    self.time = time
    self.batch = batch
    self.hiddenSize = hiddenSize
    self.total = total
    self.totalNorms = totalNorms
    self.exponents = exponents
    self.immediate = immediate
    self.immediateExponents = immediateExponents
    self.initialCell = initialCell
    self.initialCellExponents = initialCellExponents
    self.wideTotal = wideTotal
    self.wideInitialCell = wideInitialCell
  }
}

/// What one backward step computes. Scales as in ``GradientArrival``: element b times 2^exponents[b], where each vector
/// names its exponents; in ordinary steps they are the same.
public struct GradientStep<Element: Scalar> {
  /// 1…T.
  public let time: Int
  /// Sizes.
  public let batch, hiddenSize, inputSize, gateCount: Int
  /// The power of two of each batch element: of `preactivation`, `recurrentPreactivation`, `cell` and `leaving`.
  public let exponents, recurrentExponents, cellExponents, leavingExponents: UnsafePointer<Int>
  /// The components of the three, where they lie too far apart for one exponent; nil in an ordinary step.
  public let wide: WideGradients?
  /// What clipping multiplied ∂L/∂h_t[b] by; nil where this step was not clipped.
  public let clipCoefficients: UnsafePointer<ScaledNumber>?
  /// κ_t = total ∂L/∂c_t [B, H]; nil for a cell without c.
  public let cell: UnsafePointer<Element>?
  /// γ_t = ∂L/∂(W_ih x_t + b_ih) [B, G·H].
  public let preactivation: UnsafePointer<Element>
  /// ∂L/∂(W_hh h_{t−1} + b_hh) [B, G·H]; the same pointer unless the cell keeps the two apart (GRU).
  public let recurrentPreactivation: UnsafePointer<Element>
  /// The part of ∂L/∂h_{t−1} that comes back through this step, δ_t ∂h_t/∂h_{t−1} = γ_t W_hh (+ bypass) [B, H], before the
  /// loss of step t − 1 joins it.
  public let leaving: UnsafePointer<Element>
  /// h_{t−1} [B, H].
  public let previousHidden: UnsafePointer<Element>
  /// x_t [B, I].
  public let input: UnsafePointer<Element>
  /// The tape row of step t [factorCount, B, H].
  public let factors: UnsafePointer<Element>

  @inlinable
  init(
    time: Int, batch: Int, hiddenSize: Int, inputSize: Int, gateCount: Int, exponents: UnsafePointer<Int>,
    recurrentExponents: UnsafePointer<Int>, cellExponents: UnsafePointer<Int>,
    leavingExponents: UnsafePointer<Int>, wide: WideGradients?,
    clipCoefficients: UnsafePointer<ScaledNumber>?, cell: UnsafePointer<Element>?,
    preactivation: UnsafePointer<Element>, recurrentPreactivation: UnsafePointer<Element>,
    leaving: UnsafePointer<Element>, previousHidden: UnsafePointer<Element>, input: UnsafePointer<Element>,
    factors: UnsafePointer<Element>
  ) {
    self.time = time
    self.batch = batch
    self.hiddenSize = hiddenSize
    self.inputSize = inputSize
    self.gateCount = gateCount
    self.exponents = exponents
    self.recurrentExponents = recurrentExponents
    self.cellExponents = cellExponents
    self.leavingExponents = leavingExponents
    self.wide = wide
    self.clipCoefficients = clipCoefficients
    self.cell = cell
    self.preactivation = preactivation
    self.recurrentPreactivation = recurrentPreactivation
    self.leaving = leaving
    self.previousHidden = previousHidden
    self.input = input
    self.factors = factors
  }
}

/// The gradients of a step whose components each have an exponent of their own.
public struct WideGradients {
  /// γ_t of both sides [B, G·H]; the same unless the cell keeps the two apart.
  public let preactivation, recurrentPreactivation: WideRowsView
  /// κ_t [B, H]; nil for a cell without c.
  public let cell: WideRowsView?
  /// The factors of the step [B, factorCount·H], if a probe says that it ``BackwardProbe/seesComponents``; otherwise zeros.
  public let factors: WideRowsView
}

/// No probe: an unobserved pass.
public struct NoProbe<Element: Scalar>: BackwardProbe {
  @inlinable public init() {}
  @inlinable public mutating func arrive(_ arrival: GradientArrival<Element>) {}
  @inlinable public mutating func step(_ step: GradientStep<Element>) {}
  @inlinable public static var seesNorms: Bool { false }
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
}
