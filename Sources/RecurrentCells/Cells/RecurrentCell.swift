import LinearAlgebra

/// A recurrent cell: what happens to the elements of one step, forward and backward.
///
/// The driver ``SequencePass`` owns the time loop and every matrix product; a cell says only what stands
/// between them. Forward turns the preactivation currents into h_t (and c_t) and leaves on the tape the
/// *factors* that the backward step multiplies by: partial derivatives, already computed where they are
/// exact, so that backward works with products alone.
///
/// To add a cell, write one file that conforms and add one case to ``CellKind``.
public protocol RecurrentCell<Element>: Sendable {
  /// Float or Double.
  associatedtype Element: Scalar
  /// Row blocks of the weights, in order.
  static var gates: [Gate] { get }
  /// Numbers a unit leaves on the tape at each step.
  static var factorCount: Int { get }
  /// Whether there is a state c_t beside h_t.
  static var carriesCellState: Bool { get }
  /// Whether W_hh h_{t−1} + b_hh must not be added to W_ih x_t + b_ih before the cell sees them (GRU).
  static var keepsCurrentsApart: Bool { get }
  /// Whether ∂L/∂h_{t−1} has a part that goes through no weight (GRU's δ ⊙ z).
  static var bypassesWeights: Bool { get }
  /// Whether a factor may fall below the range of `Element` where a unit saturates.
  static var losesFactors: Bool { get }
  /// Whether a factor is a difference of h_{t−1} and another number that may saturate with it (GRU's h_{t−1} − n). Where that
  /// has lost its digits, ``forward(_:)`` gives it as 0, with an underflow.
  static var subtractsStates: Bool { get }

  /// The weights.
  var parameters: RecurrentParameters<Element> { get }
  /// A cell with these weights.
  init(parameters: RecurrentParameters<Element>)

  /// One step forward.
  func forward(_ step: ForwardStep<Element>)
  /// After ``forward(_:)`` of a cell with ``subtractsStates``: 1 − |h_t| from that of h_{t−1} [B, H] without a difference of
  /// near numbers, and the factor that was left at 0 because it is one. Where 1 − |h| is below the range of `Element`,
  /// ``complement(of:hidden:)`` is asked.
  func complement(
    _ step: ForwardStep<Element>, last: UnsafePointer<Element>, next: UnsafeMutablePointer<Element>)
  /// One step backward; quotes the forward step it differentiates.
  func backward(_ step: BackwardStep<Element>)
  /// The derivative of one step along tangent vectors: the transpose of what ``backward(_:)`` does to (δ, carry).
  func tangent(_ step: TangentStep<Element>)

  /// The factors that ``forward(_:)`` leaves for one unit, from its preactivations, in numbers that no saturation takes
  /// to 0. Asked for where a factor fell below the range of `Element`; a cell without ``losesFactors`` need not say it.
  static func wideFactors(of unit: WideUnit, into factors: UnsafeMutablePointer<ScaledNumber>)
  /// ``complement(_:last:next:)`` of one unit in numbers of any size, from ``WideUnit/complement``.
  static func complement(of unit: WideUnit, hidden: Double) -> ScaledNumber
  /// ``backward(_:)`` of one unit in numbers of any size.
  static func wideBackward(factors: UnsafePointer<ScaledNumber>, _ unit: inout WideUnitGradient)
  /// ``tangent(_:)`` of one unit in numbers of any size.
  static func wideTangent(factors: UnsafePointer<ScaledNumber>, _ unit: inout WideUnitTangent)
  /// The derivatives of one unit over the largest of each row, for Jacobians of saturated units.
  ///
  /// - Parameters:
  ///   - factors: those of the unit.
  ///   - remainder: the same divided so, as ``backward(_:)`` is to read them in their place; to be written.
  /// - Returns: what they were divided by.
  static func unitJacobian(
    _ factors: UnsafePointer<ScaledNumber>, remainder: UnsafeMutablePointer<ScaledNumber>
  ) -> UnitJacobian
}

extension RecurrentCell {
  @inlinable public static var carriesCellState: Bool { false }
  @inlinable public static var keepsCurrentsApart: Bool { false }
  @inlinable public static var bypassesWeights: Bool { false }
  @inlinable public static var losesFactors: Bool { true }
  @inlinable public static var subtractsStates: Bool { false }
  /// G.
  @inlinable public static var gateCount: Int { gates.count }

  public static func wideFactors(of unit: WideUnit, into factors: UnsafeMutablePointer<ScaledNumber>) {
    preconditionFailure("\(Self.self) says that its factors never leave the range")
  }

  public func complement(
    _ step: ForwardStep<Element>, last: UnsafePointer<Element>, next: UnsafeMutablePointer<Element>
  ) { preconditionFailure("\(Self.self) says that it subtracts no states") }

  public static func complement(of unit: WideUnit, hidden: Double) -> ScaledNumber {
    preconditionFailure("\(Self.self) says that it subtracts no states")
  }
}

/// The rows a cell reads and writes at step t of the forward pass. All [B, ·], row-major.
public struct ForwardStep<Element: Scalar> {
  /// B and H.
  public let batch, hiddenSize: Int
  /// W_ih x_t + b_ih [B, G·H], with W_hh h_{t−1} + b_hh added unless the cell keeps them apart.
  public let current: UnsafePointer<Element>
  /// W_hh h_{t−1} + b_hh [B, G·H], if kept apart; otherwise the same as `current`.
  public let recurrentCurrent: UnsafePointer<Element>
  /// h_{t−1} and c_{t−1} [B, H].
  public let previousHidden, previousCell: UnsafePointer<Element>
  /// h_t and c_t [B, H], to be written.
  public let hidden, cell: UnsafeMutablePointer<Element>
  /// The tape row [factorCount, B, H], to be written.
  public let factors: UnsafeMutablePointer<Element>
}

/// The rows a cell reads and writes at step t of the backward pass. All [B, ·], row-major, all with the
/// scale (one exponent a batch element) of the backward vector.
public struct BackwardStep<Element: Scalar> {
  /// B and H.
  public let batch, hiddenSize: Int
  /// δ_t = total ∂L/∂h_t [B, H].
  public let delta: UnsafePointer<Element>
  /// The tape row that forward wrote.
  public let factors: UnsafePointer<Element>
  /// What arrives at c_t from c_{t+1} [B, H].
  public let carry: UnsafePointer<Element>
  /// What leaves for c_{t−1} [B, H], to be written; may be `carry`.
  public let nextCarry: UnsafeMutablePointer<Element>
  /// κ_t = total ∂L/∂c_t [B, H], to be written.
  public let kappa: UnsafeMutablePointer<Element>
  /// γ_t = ∂L/∂(W_ih x_t + b_ih) [B, G·H], to be written.
  public let gamma: UnsafeMutablePointer<Element>
  /// ∂L/∂(W_hh h_{t−1} + b_hh) [B, G·H], if currents are kept apart; otherwise the same as `gamma`.
  public let gammaHidden: UnsafeMutablePointer<Element>
  /// The part of ∂L/∂h_{t−1} that goes through no weight [B, H], to be written if the cell has one.
  public let bypass: UnsafeMutablePointer<Element>

  @inlinable
  init(
    batch: Int, hiddenSize: Int, delta: UnsafePointer<Element>, factors: UnsafePointer<Element>,
    carry: UnsafePointer<Element>, nextCarry: UnsafeMutablePointer<Element>,
    kappa: UnsafeMutablePointer<Element>, gamma: UnsafeMutablePointer<Element>,
    gammaHidden: UnsafeMutablePointer<Element>,
    bypass: UnsafeMutablePointer<Element>
  ) {
    self.batch = batch
    self.hiddenSize = hiddenSize
    self.delta = delta
    self.factors = factors
    self.carry = carry
    self.nextCarry = nextCarry
    self.kappa = kappa
    self.gamma = gamma
    self.gammaHidden = gammaHidden
    self.bypass = bypass
  }
}

/// Tangent vectors of k states at step t, with the factors of their trajectories. All [k, ·], row-major.
public struct TangentStep<Element: Scalar> {
  /// k and H.
  public let count, hiddenSize: Int
  /// W_hh dh_{t−1} [k, G·H].
  public let current: UnsafePointer<Element>
  /// dh_{t−1} [k, H].
  public let previousHidden: UnsafePointer<Element>
  /// The tape row that forward wrote, of each vector's trajectory [factorCount, k, H].
  public let factors: UnsafePointer<Element>
  /// In: dc_{t−1}; out: dc_t [k, H]. For a cell without c, memory that no one reads.
  public let cell: UnsafeMutablePointer<Element>
  /// dh_t [k, H], to be written.
  public let hidden: UnsafeMutablePointer<Element>
}
