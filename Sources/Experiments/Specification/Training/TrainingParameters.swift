import GradientFlow

/// What decides the result of a training, beside what it has in common with a trial that only diagnoses.
public struct TrainingParameters: Sendable, Hashable {
  /// The most updates, at least 1.
  public var iterations: Int
  public var optimiser: Optimiser
  public var learningRate: Double
  public var schedule: LearningRateSchedule
  public var truncation: Truncation?
  public var penalty: NormPreservationPenalty?
  /// Standard deviation of every weight, in place of spectral radius and input scale; nil: those.
  public var weightDeviation: Double?
  public var readout: ReadoutStart
  /// Sequences of the test set.
  public var evaluationSize: Int
  /// Updates between two tests, rows and profiles; 0: only the last, no profiles.
  public var evaluateEvery, recordEvery, diagnoseEvery: Int
  public var detail: TrainingDetail
  public var stopsAtSuccess: Bool

  /// As JSON members in canonical form, sorted by name.
  var canonicalMembers: [(name: String, value: String)] {
    var members: [(String, String)] = [
      ("diagnose_every", "\(diagnoseEvery)"),
      ("diagnostics", "\"\(detail.rawValue)\""),
      ("evaluate_every", "\(evaluateEvery)"),
      ("evaluation_size", "\(evaluationSize)"),
      ("iterations", "\(iterations)"),
      ("learning_rate", learningRate.shortestDecimal),
      ("optimizer", "\"\(optimiser.label)\""),
      ("readout_start", "\"\(readout.rawValue)\""),
      ("record_every", "\(recordEvery)"),
      ("schedule", "\"\(schedule.label)\""),
      ("stop_at_success", stopsAtSuccess ? "true" : "false"),
    ]
    if let penalty {
      members.append(("penalty", "{\"\(penalty.form.rawValue)\":\(penalty.weight.shortestDecimal)}"))
    }
    if let truncation { members.append(("truncation", "[\(truncation.k1),\(truncation.k2)]")) }
    if let weightDeviation { members.append(("weight_sd", weightDeviation.shortestDecimal)) }
    return members.map { (name: $0.0, value: $0.1) }
  }
}

extension Optimiser {
  /// `sgd`, `momentum:0.9`, `adam:0.9:0.999`.
  public var label: String {
    switch self {
    case .sgd: return kind.rawValue
    case .momentum(let x), .rmsprop(let x): return "\(kind.rawValue):\(CSVField.number(x))"
    case .adam(let x, let y): return "\(kind.rawValue):\(CSVField.number(x)):\(CSVField.number(y))"
    }
  }
}

extension LearningRateSchedule {
  /// `constant`, `step:1000:0.5`, `inverse-time:1000`.
  public var label: String {
    switch self {
    case .constant, .cosine: return kind.rawValue
    case .step(let every, let factor): return "\(kind.rawValue):\(every):\(CSVField.number(factor))"
    case .inverseTime(let scale): return "\(kind.rawValue):\(CSVField.number(scale))"
    case .warmup(let updates): return "\(kind.rawValue):\(updates)"
    }
  }
}

extension Truncation {
  /// `25:50`, k₁ and k₂.
  public var label: String { "\(k1):\(k2)" }
}
