/// How much a diagnosis measures.
public enum DiagnosisPreset: String, Sendable, CaseIterable {
  /// Gradient norms of every step, with the spectra of W_hh.
  case light
  /// Also gates, paths, contributions, states; Jacobians at 16 lags up to 512, up to 16 Lyapunov exponents, 32 losses of
  /// the two-time map.
  case standard
  /// Also Jacobians at up to 512 lags to the very first step, every exponent, 256 losses.
  case full

  /// What it measures.
  public var plan: DiagnosisPlan {
    switch self {
    case .light: return DiagnosisPlan()
    case .standard: return DiagnosisPlan(measures: Set(DiagnosisMeasure.allCases))
    case .full:
      return DiagnosisPlan(
        measures: Set(DiagnosisMeasure.allCases), lagLimit: 512, furthestLag: .max, exponentLimit: .max,
        sourceLimit: 256)
    }
  }
}

/// What can be measured beside the norms of every step.
public enum DiagnosisMeasure: String, Sendable, CaseIterable {
  /// Means and saturation of the gates, and their gradients by unit.
  case gates
  /// Paths of ∂L/∂c_t (LSTM).
  case paths
  /// Directions of the steps' contributions to ∂L/∂W_hh.
  case contributions
  /// Hidden and cell states.
  case states
  /// Singular values of ∂s_T/∂s_t.
  case jacobians
  /// Lyapunov exponents.
  case lyapunov
  /// Numerical radius, Kreiss constant and transient growth of W_hh's blocks.
  case nonNormality = "non-normality"
  /// ‖∂L_s/∂h_t‖ for a loss at every step.
  case twoTime = "two-time"
}

/// What a diagnosis measures, and how far.
public struct DiagnosisPlan: Sendable, Equatable {
  /// What is measured beside the norms.
  public var measures: Set<DiagnosisMeasure>
  /// The most lags at which Jacobians are decomposed.
  public var lagLimit: Int
  /// The largest such lag.
  public var furthestLag: Int
  /// The most Lyapunov exponents of a layer.
  public var exponentLimit: Int
  /// The most losses L_s of the two-time map.
  public var sourceLimit: Int
  /// The batch element whose trajectory Jacobians, exponents and states follow.
  public var element = 0
  /// Steps left out before exponents are averaged; nil: a tenth of the steps.
  public var transient: Int?
  /// Whether ∂L/∂h_t itself is kept, rows·H numbers of every layer.
  public var keepsStateGradients = false

  public init(
    measures: Set<DiagnosisMeasure> = [], lagLimit: Int = 16, furthestLag: Int = 512,
    exponentLimit: Int = 16, sourceLimit: Int = 32
  ) {
    self.measures = measures
    self.lagLimit = lagLimit
    self.furthestLag = furthestLag
    self.exponentLimit = exponentLimit
    self.sourceLimit = sourceLimit
  }
}
