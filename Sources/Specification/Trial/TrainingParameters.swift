import GradientFlow

/// What determines the result of a training run, in addition to what it shares with a trial that only diagnoses.
public struct TrainingParameters: Sendable, Hashable {
  /// The most updates, at least 1.
  public var iterations = 1
  public var optimiser = Optimiser.sgd
  public var learningRate = 0.01
  public var schedule = LearningRateSchedule.constant
  public var truncation: Truncation?
  public var penalty: NormPreservationPenalty?
  /// Standard deviation of every weight, in place of spectral radius and input scale; nil: those.
  public var weightDeviation: Double?
  public var readout = ReadoutStart.drawn
  /// Sequences of the test set.
  public var evaluationSize = 10_000
  /// Lengths at which it is also tested at the end; none: at the sequence length alone.
  public var testLengths: [Int] = []
  /// Updates between two tests, rows and profiles; 0: only the last, no profiles.
  public var evaluateEvery = 0, recordEvery = 0, diagnoseEvery = 0
  public var detail = TrainingDetail.standard
  public var stopsAtSuccess = true

  /// All parameters at their defaults.
  public init() {}

  /// What all trials of a specification that trains share.
  package init(_ specification: SweepSpecification) {
    iterations = specification.iterations
    readout = specification.readoutStart
    evaluationSize = specification.evaluationSize
    testLengths = specification.testLengths
    evaluateEvery = specification.evaluateEvery.interval(of: iterations, parts: 100)
    recordEvery = specification.recordEvery.interval(of: iterations, parts: 500)
    diagnoseEvery = specification.diagnoseEvery.interval(of: iterations, parts: 50)
    detail = specification.detail
    stopsAtSuccess = specification.stopsAtSuccess
  }

  /// In the JSON that identifies a trial, beside those of the axes.
  package static let members: [IdentityMember] = [
    member("diagnose_every") { "\($0.diagnoseEvery)" },
    member("diagnostics") { "\"\($0.detail.rawValue)\"" },
    member("evaluate_every") { "\($0.evaluateEvery)" },
    member("evaluation_size") { "\($0.evaluationSize)" },
    member("iterations") { "\($0.iterations)" },
    member("readout_start") { "\"\($0.readout.rawValue)\"" },
    member("record_every") { "\($0.recordEvery)" },
    member("stop_at_success") { $0.stopsAtSuccess ? "true" : "false" },
    member("test_length") {
      $0.testLengths.isEmpty ? nil : "[\($0.testLengths.map(String.init).joined(separator: ","))]"
    },
  ]

  private static func member(
    _ name: String, _ value: @escaping @Sendable (TrainingParameters) -> String?
  ) -> IdentityMember {
    IdentityMember(name: name) { $0.training.flatMap(value) }
  }
}
