import GradientFlow

/// What a trial measured of one layer in one direction. Gradients are as log10; nil marks what does not exist.
public struct LayerRecord: Sendable, Equatable {
  public let place: LayerPlace
  /// Largest over the gate blocks of W_hh, measured on the weights as the network uses them.
  public var measuredSpectralRadius, measuredSigmaMax: Double?
  /// log10 of the norm of one parameter's whole gradient, after clipping.
  public var log10GradWeightHH, log10GradWeightIH, log10GradBias: Double?
  /// log10 ‖∂L/∂h_1‖ − log10 ‖∂L/∂h_T‖, both over the sequences that have all T steps, in the layer's own time.
  public var log10RatioFirstLast: Double?
  /// Decades per step, its R², the number of lags it is fitted to, and the half-life in steps.
  public var decayRate, decayRateR2, decayRateLags, halfLife: Double?
  /// Leading Lyapunov exponent along the trajectories, given what the layer reads, and the mean log10 f of an LSTM, in
  /// decades per step.
  public var lyapunovRate, forgetPathRate: Double?
  /// Own step at which its state was the first of the network to leave the range; 0 or less in the washout.
  public var divergedAt: Double?
  /// The per-step results; nil for a failed or diverged trial.
  public var steps: StepTable?

  public init(_ place: LayerPlace) { self.place = place }

  /// `layer 2`, `encoder layer 1 reverse`: counted from 1.
  public var label: String {
    (place.part.map { "\($0.rawValue) " } ?? "") + "layer \(place.layer + 1)"
      + (place.direction == .reverse ? " reverse" : "")
  }
}

/// The results in a row of `layers.csv`, as the store keeps them. A new one is an entry of ``columns``, at its end.
extension LayerRecord: ColumnSource {
  public typealias Entry = Double?

  /// With what is written to.
  static let fields:
    [(column: Column<LayerRecord, Double?>, path: WritableKeyPath<LayerRecord, Double?> & Sendable)] =
      [
        field(
          "measured_spectral_radius", "Largest spectral radius of the layer's blocks of W_hh, measured.",
          \.measuredSpectralRadius),
        field("measured_sigma_max", "Largest singular value of its blocks of W_hh.", \.measuredSigmaMax),
        field("log10_grad_w_hh_total", "log10 ‖∂L/∂W_hh‖ of the layer, after clipping.", \.log10GradWeightHH),
        field("log10_grad_w_ih_total", "log10 ‖∂L/∂W_ih‖ of the layer, after clipping.", \.log10GradWeightIH),
        field("log10_grad_b_total", "log10 ‖∂L/∂b‖ of the layer, after clipping.", \.log10GradBias),
        field(
          "log10_ratio_first_last",
          "log10 ‖∂L/∂h_1‖ − log10 ‖∂L/∂h_T‖ of the layer, in its own time, both over the sequences that have all T "
            + "steps.",
          \.log10RatioFirstLast),
        field(
          "decay_rate", "Slope of log10 ‖∂L/∂h_t‖ of the layer against lag, decades per step.", \.decayRate),
        field("decay_rate_r2", "R² of that fit.", \.decayRateR2),
        field("decay_rate_lags", "Number of lags used to fit the decay rate.", \.decayRateLags),
        field("half_life", "Steps in which the norm halves.", \.halfLife),
        field(
          "lyapunov_rate",
          "Leading Lyapunov exponent along the trajectories, given what the layer reads, decades per step.",
          \.lyapunovRate),
        field(
          "forget_path_rate", "Mean log10 f of an LSTM along the trajectories, decades per step.",
          \.forgetPathRate),
        field(
          "diverged_at", "Own step at which its state was the first of the network to leave the range.",
          \.divergedAt),
      ]

  public static let columns = fields.map(\.column)

  private static func field(
    _ name: String, _ summary: String, _ path: WritableKeyPath<LayerRecord, Double?> & Sendable
  ) -> (column: Column<LayerRecord, Double?>, path: WritableKeyPath<LayerRecord, Double?> & Sendable) {
    (Column(name, summary) { $0[keyPath: path] }, path)
  }
}

extension ColumnTable<LayerRecord> {
  /// Takes in a layer, as a row.
  package mutating func append(_ layer: LayerRecord) { append(1) { $0.value(layer).map { [$0] } } }
}

extension LayerRecord {
  /// From a row of a table.
  package init(_ place: LayerPlace, _ table: ColumnTable<LayerRecord>, row: Int) {
    self.init(place)
    for field in Self.fields { self[keyPath: field.path] = table[field.column, row] }
  }

  /// What one diagnosed layer says.
  ///
  /// - Parameters:
  ///   - gradients: of the whole network, after clipping.
  ///   - coefficient: of the global-norm rule.
  ///   - kept: the steps to keep; nil: all.
  init<Element: Scalar>(
    _ found: LayerGradients, _ gradients: NetworkGradients<Element>, coefficient: ScaledNumber,
    keeping kept: [Int]?
  ) {
    self.init(found.place)
    func norm(_ parameter: String) -> Double? {
      gradients[found.place.name(parameter)].flatMap { $0.norm.log10.orNil }
    }
    log10GradWeightHH = norm("weight_hh")
    log10GradWeightIH = norm("weight_ih")
    log10GradBias = norm("bias_ih")
    log10RatioFirstLast = found.steps.log10RatioFirstLast.orNil
    if let decay = found.steps.decayRate {
      decayRate = decay.rate
      decayRateR2 = decay.r2
      decayRateLags = Double(decay.count)
      halfLife = decay.halfLife
    }
    lyapunovRate = found.rates?.lyapunov.orNil
    forgetPathRate = found.rates?.forgetPath?.orNil
    steps = StepTable(
      StepDiagnosis(
        clipped: found.steps, unclipped: found.unclippedSteps, log10Coefficient: coefficient.log10),
      keeping: kept)
  }
}

extension LayerRecord {
  /// The layers of a training that diverged, of which nothing was measured; none of their own where there is one.
  static func layers<Element: Scalar>(of network: Network<Element>, after event: TrainingEvent)
    -> [LayerRecord]
  {
    let places = network.places
    guard places.count > 1 else { return [] }
    return places.map { place in
      var layer = LayerRecord(place)
      if event.kind == .state, place == event.place { layer.divergedAt = Double(event.step) }
      return layer
    }
  }
}

extension Double {
  /// nil for NaN: what does not exist.
  var orNil: Double? { isNaN ? nil : self }
}

extension TrialRecord {
  /// What was measured of every layer and direction, also where there is one; nothing of a failed trial.
  public var allLayers: [LayerRecord] {
    guard layers.isEmpty else { return layers }
    return status == .failed ? [] : [main(at: LayerPlace(layer: 0))]
  }

  /// The record with what is of a layer taken from that one; as it is where it has no such layer.
  public func speaking(of place: LayerPlace) -> TrialRecord {
    guard let layer = layers.first(where: { $0.place == place }) else { return self }
    var record = self
    record.take(layer)
    return record
  }

  /// What was measured of the layer that the trial's own row speaks of, as that of a layer.
  func main(at place: LayerPlace) -> LayerRecord {
    var layer = LayerRecord(place)
    for (own, other) in Self.layerPaths { layer[keyPath: other] = self[keyPath: own] }
    layer.decayRateLags = decayRateLags.map(Double.init)
    // A loss, a gradient or weights may have left their range where every state was inside it.
    if divergedKind ?? .state == .state { layer.divergedAt = divergedAt.map(Double.init) }
    layer.steps = steps
    return layer
  }

  /// Takes in what was measured of the layer that the trial's own row speaks of.
  mutating func take(_ layer: LayerRecord) {
    for (own, other) in Self.layerPaths { self[keyPath: own] = layer[keyPath: other] }
    decayRateLags = layer.decayRateLags.map { Int($0) }
    steps = layer.steps
  }

  private static let layerPaths:
    [(WritableKeyPath<TrialRecord, Double?> & Sendable, WritableKeyPath<LayerRecord, Double?> & Sendable)] = [
      (\.measuredSpectralRadius, \.measuredSpectralRadius), (\.measuredSigmaMax, \.measuredSigmaMax),
      (\.log10GradWeightHH, \.log10GradWeightHH), (\.log10GradWeightIH, \.log10GradWeightIH),
      (\.log10GradBias, \.log10GradBias), (\.log10RatioFirstLast, \.log10RatioFirstLast),
      (\.decayRate, \.decayRate), (\.decayRateR2, \.decayRateR2), (\.halfLife, \.halfLife),
      (\.lyapunovRate, \.lyapunovRate), (\.forgetPathRate, \.forgetPathRate),
    ]
}
