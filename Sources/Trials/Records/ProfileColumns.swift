import GradientFlow

/// The columns of `training_timesteps.csv`, a row for each timestep t = 0…T of an update. Gradients are log10 of norms
/// with the batch. A new one is a case of ``columns``.
extension TrainingProfile: ColumnSource {
  public typealias Entry = [Double]?

  public static let columns: [ProfileColumn] =
    [
      .iteration, .t, .hidden, .hiddenAfterClip, .immediate, .hiddenMean, .cell, .preactivation, .weightHH,
      .weightIH, .biasIH, .cutShare,
    ] + Gate.allCases.map { .saturation(of: $0) }
    + Gate.allCases.filter { $0 != .preactivation }.map { .gradient(of: $0) } + [.memory]
}

public typealias ProfileColumn = Column<TrainingProfile, [Double]?>

extension Column where Source == TrainingProfile, Value == [Double]? {
  private init(fromOne name: String, _ summary: String, _ value: @escaping @Sendable (Source) -> [Double]?) {
    self.init(name, summary) { value($0).map(StepDiagnosis.fromOne) }
  }

  public static var iteration: Self {
    Self("iteration", "The update.") { Array(repeating: Double($0.iteration), count: $0.steps + 1) }
  }
  public static var t: Self { Self("t", "The timestep, 0…T.") { (0...$0.steps).map(Double.init) } }
  public static var hidden: Self { Self("log10_grad_h", "Total ∂L/∂h_t arriving at t.") { $0.hidden } }
  public static var hiddenAfterClip: Self {
    Self("log10_grad_h_clipped", "The same after a step clip.") { $0.hiddenAfterClip }
  }
  public static var immediate: Self {
    Self("log10_grad_h_immediate", "Immediate ∂L/∂h_t: only the loss term that reads h_t.") { $0.immediate }
  }
  public static var hiddenMean: Self {
    Self("log10_grad_h_mean", "Mean over batch elements of log10 ‖∂L/∂h_t‖ of each element.") {
      $0.hiddenMean
    }
  }
  public static var cell: Self {
    Self("log10_grad_c", "Total ∂L/∂c_t.") { $0.cell.isEmpty ? nil : $0.cell }
  }
  public static var preactivation: Self { Self(fromOne: "log10_grad_a", "∂L/∂a_t.") { $0.preactivation } }
  public static var weightHH: Self {
    Self(fromOne: "log10_grad_w_hh", "Contribution of step t to ∂L/∂W_hh.") { $0.weightHH }
  }
  public static var weightIH: Self {
    Self(fromOne: "log10_grad_w_ih", "Contribution of step t to ∂L/∂W_ih.") { $0.weightIH }
  }
  public static var biasIH: Self {
    Self(fromOne: "log10_grad_b", "Contribution of step t to ∂L/∂b_ih.") { $0.biasIH }
  }
  public static var cutShare: Self {
    Self(
      fromOne: "cut_share",
      "Share of step t in what clipping removed from ∂L/∂W_hh; the shares of one update sum to 1."
    ) { $0.cutShares }
  }
  /// Share of saturated values: of the state of a plain RNN, of each gate of an LSTM or GRU; of rectified units the share
  /// that is off. Linear units have none.
  package static func saturation(of gate: Gate) -> Self {
    let isState = gate == .preactivation
    return Self(
      fromOne: isState ? "saturation" : "saturation_\(gate.rawValue)",
      isState
        ? "Share of saturated values of a plain RNN's state; for rectified units, the share that is off."
        : "Share of saturated values of gate \(gate.rawValue)."
    ) { $0.saturation[gate] }
  }
  package static func gradient(of gate: Gate) -> Self {
    Self(fromOne: "log10_grad_a_\(gate.rawValue)", "∂L/∂a_t of gate \(gate.rawValue).") {
      $0.preactivationByGate[gate]
    }
  }
  package static var memory: Self {
    Self(fromOne: "log10_memory", "Mean log10 of the gate that keeps the state, f or z.") { $0.memory }
  }
}
