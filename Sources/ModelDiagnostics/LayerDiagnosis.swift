import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// What was found in one layer, read in one direction. Time is the layer's own: the reverse direction begins at each
/// sequence's own end.
public struct LayerDiagnosis: Sendable {
  public let place: LayerPlace
  /// T, B, I of this layer, H.
  public let shape: SequenceShape
  /// Norms of every step.
  public let steps: StepGradients
  /// The same without the step clip, where there is one.
  public let unclippedSteps: StepGradients
  /// Of each gate block of W_hh.
  public let spectra: [MatrixSpectrum]

  /// log10 ‖∂L/∂x_t‖ over the batch, t = 1…T, of what this layer reads, through this direction.
  public internal(set) var inputNorms: [Double] = []
  /// ∂L/∂h_t; nil unless the plan keeps it.
  public internal(set) var stateGradients: ScaledRows<Double>?

  /// Each nil where the plan leaves it out or the cell does not have it.
  public internal(set) var nonNormality: [NonNormality]?
  public internal(set) var gates: GateActivity?
  /// log10 ‖∂L/∂a‖ over batch and steps [G, H].
  public internal(set) var unitGradients: [Double]?
  public internal(set) var paths: GradientPaths?
  public internal(set) var alignment: StepAlignment?
  public internal(set) var states: StateTrace?
  public internal(set) var jacobians: [JacobianSpectrum] = []
  public internal(set) var lyapunov: LyapunovReport?
  public internal(set) var predictions = SlopePredictions()

  /// From 0.
  public var layer: Int { place.layer }
  public var direction: Direction { place.direction }

  /// Whether every norm is a number.
  var isFinite: Bool {
    steps.areNumbers && unclippedSteps.hidden.allSatisfy { $0 < .infinity }
  }

  /// Whether that slope is the one that theory speaks of: of a gradient that enters this layer at the end alone, and is
  /// not clipped on its way. Not under a loss at several steps, and not below another layer, which sends some back at
  /// every step.
  public internal(set) var hasPlainDecay = true

  /// Whether every state of the layer is exactly 0: what is measured is the linearisation at this fixed point. Never of
  /// linear cells, whose gradients are the same everywhere.
  public internal(set) var staysAtZero = false

  /// How the hidden gradient falls or grows: its slope by lag, in decades per step.
  public var decay: DecayRate? { steps.decayRate }
  /// How far back it reaches.
  public var horizon: GradientHorizon? {
    GradientHorizon(log10Norms: steps.linkedHiddenMean.dropFirst().reversed())
  }
  /// The same of ∂L/∂c_t; nil for a cell without c.
  public var cellHorizon: GradientHorizon? {
    steps.cell.isEmpty
      ? nil : GradientHorizon(log10Norms: steps.linkedCellMean.dropFirst().reversed())
  }

  /// `layer 0`, with the direction where there are two, and the part of a network that has an encoder.
  public func label(directions: Int) -> String {
    (place.part.map { "\($0.rawValue) " } ?? "") + "layer \(layer)"
      + (directions == 1 ? "" : " \(direction.rawValue)")
  }
}

/// h_t and c_t of one batch element.
public struct StateTrace: Sendable, Equatable {
  /// The batch element.
  public let element: Int
  /// [T+1, H], T of this element.
  public let hidden: [Double]
  /// [T+1, H]; empty for a cell without c.
  public let cell: [Double]
}

/// Lyapunov exponents with what they are checked by.
public struct LyapunovReport: Sendable, Equatable {
  /// The leading ones, by QR.
  public let spectrum: LyapunovSpectrum
  /// The leading one from the distance of two neighbours: no derivative enters.
  public let separation: Double
  /// Slope of ln ‖∂L/∂h_t‖ by lag of the same batch element, in nats per step; nil where there is none.
  public let gradientSlope: Double?

  /// Leading exponent by QR minus that by separation; 0 where both are −∞, nil where one is.
  public var difference: Double? {
    guard let leading = spectrum.exponents.first else { return nil }
    if leading == separation { return 0 }
    return leading.isFinite && separation.isFinite ? leading - separation : nil
  }
}
