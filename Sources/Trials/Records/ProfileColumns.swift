import GradientFlow

/// The columns of `training_timesteps.csv`, a row for each timestep t = 0…T of an update. Gradients are log10 of norms
/// with the batch. A new one is an entry of ``columns``.
extension TrainingProfile: ColumnSource {
  public typealias Entry = [Double]?

  public static let columns: [ProfileColumn] =
    [
      .iteration, .t, .hidden,
      Column("log10_grad_h_clipped", "The same after a step clip.") { $0.hiddenAfterClip },
      Column("log10_grad_h_immediate", "Immediate ∂L/∂h_t: only the loss term that reads h_t.") {
        $0.immediate
      },
      Column("log10_grad_h_mean", "Mean over batch elements of log10 ‖∂L/∂h_t‖ of each element.") {
        $0.hiddenMean
      },
      Column("log10_grad_c", "Total ∂L/∂c_t.") { $0.cell.isEmpty ? nil : $0.cell },
      fromOne("log10_grad_a", "∂L/∂a_t.", \.preactivation),
      fromOne("log10_grad_w_hh", "Contribution of step t to ∂L/∂W_hh.", \.weightHH),
      fromOne("log10_grad_w_ih", "Contribution of step t to ∂L/∂W_ih.", \.weightIH),
      fromOne("log10_grad_b", "Contribution of step t to ∂L/∂b_ih.", \.biasIH),
      fromOne(
        "cut_share",
        "Share of step t in what clipping removed from ∂L/∂W_hh; the shares of one update sum to 1.",
        \.cutShares),
      fromOne(
        "saturation",
        "Share of saturated values of a plain RNN's state; for rectified units, the share that is off.",
        \.saturation[.preactivation]),
    ]
    + gates.map { gate in
      fromOne(
        "saturation_\(gate.rawValue)", "Share of saturated values of gate \(gate.rawValue).",
        \.saturation[gate])
    }
    + gates.map { gate in
      fromOne(
        "log10_grad_a_\(gate.rawValue)", "∂L/∂a_t of gate \(gate.rawValue).", \.preactivationByGate[gate])
    }
    + [fromOne("log10_memory", "Mean log10 of the gate that keeps the state, f or z.", \.memory)]
    + placeColumns + lengthColumns

  /// Which layer and direction a row is of; only in networks of several.
  package static let placeColumns: [ProfileColumn] = [.layer, .direction, .part]

  /// What tells norms over fewer and fewer sequences apart; only of sequences of different lengths.
  package static let lengthColumns: [ProfileColumn] = [.sequences, .ratioToLast]

  /// Those of LSTM and GRU.
  private static let gates = Gate.allCases.filter { $0 != .preactivation }

  /// What there is from t = 1 on.
  private static func fromOne(
    _ name: String, _ summary: String, _ value: @escaping @Sendable (TrainingProfile) -> [Double]?
  ) -> ProfileColumn {
    Column(name, summary) { value($0).map(StepDiagnosis.fromOne) }
  }
}

public typealias ProfileColumn = Column<TrainingProfile, [Double]?>

/// The columns that verdicts and figures ask for.
extension ProfileColumn {
  public static var iteration: Self {
    Self("iteration", "The update.") { Array(repeating: Double($0.iteration), count: $0.steps + 1) }
  }
  public static var t: Self { Self("t", "The timestep, 0…T.") { (0...$0.steps).map(Double.init) } }
  public static var hidden: Self { Self("log10_grad_h", "Total ∂L/∂h_t arriving at t.") { $0.hidden } }
  public static var sequences: Self {
    Self("sequences", "Number of sequences that have a state after step t, which norms there are over.") {
      $0.lengths?.sequences.map(Double.init)
    }
  }
  public static var ratioToLast: Self {
    Self(
      "log10_ratio_last", "log10 ‖∂L/∂h_t‖ − log10 ‖∂L/∂h_T‖, both over the sequences that have step t."
    ) { $0.lengths?.log10Ratios }
  }
  public static var layer: Self {
    ofPlace("layer", "Layer, from 0, the one that reads the inputs.") { Double($0.layer) }
  }
  public static var direction: Self {
    ofPlace("direction", "Direction of the layer: 0 forward, 1 reverse, in whose own time t is counted.") {
      Double($0.direction.index)
    }
  }
  public static var part: Self {
    ofPlace("part", "Part of a network that says another sequence: 0 encoder, 1 decoder.") { place in
      place.part.map { $0 == .encoder ? 0 : 1 }
    }
  }

  /// Of networks with several layers or directions.
  private static func ofPlace(
    _ name: String, _ summary: String, _ value: @escaping @Sendable (LayerPlace) -> Double?
  ) -> Self {
    Self(name, summary) { profile in
      guard profile.places > 1, let value = value(profile.place) else { return nil }
      return Array(repeating: value, count: profile.steps + 1)
    }
  }
}
