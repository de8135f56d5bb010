import GradientFlow

/// A sweep as its specification states it: the values of its axes, and what all its trials share.
///
/// Made by ``read(path:overrides:requiringTaskFile:)`` or ``parse(text:file:overrides:requiringTaskFile:)``, which check
/// it; so every value is in range, no axis repeats a value, and ``trialCount`` is at most ``trialLimit``.
public struct SweepSpecification: Sendable, Equatable {
  /// The most trials of a sweep.
  public static let trialLimit = 10_000_000

  /// The sweep's name: letters, digits, '-', '_', '.'.
  public internal(set) var name = ""
  /// Where inputs come from.
  public package(set) var task = TaskSpecification(.gaussianNoise)
  /// By the names of their keys; none for those that no trial uses.
  package var axes: [String: AxisValues] = [:]
  /// Root of all random streams.
  public internal(set) var rootSeed: UInt64 = 0

  /// Which steps of its trials are kept.
  public internal(set) var recording = StepRecording.every

  /// The figures that are drawn of it; nil: all that apply.
  public internal(set) var figures: [FigureSpecification]?

  // MARK: Training. What follows has a meaning only where there are iterations.

  /// Updates, at most; 0: networks are diagnosed as they are drawn.
  public internal(set) var iterations = 0
  public internal(set) var readoutStart = ReadoutStart.drawn
  public internal(set) var stopsAtSuccess = true
  public internal(set) var evaluationSize = 10_000
  /// Lengths at which trained networks are tested too.
  public internal(set) var testLengths: [Int] = []
  public internal(set) var evaluateEvery = Cadence.auto, recordEvery = Cadence.auto
  public internal(set) var diagnoseEvery = Cadence.auto
  public internal(set) var detail = TrainingDetail.standard
  /// Updates between saved models; 0: only the last.
  public internal(set) var checkpointEvery = 0

  /// A specification that is still to be filled.
  package init() {}

  /// Whether networks are trained.
  public var trains: Bool { iterations > 0 }

  /// The values of an axis; none where no trial uses it.
  subscript(axis: Axis) -> AxisValues {
    get { axes[axis.key.rawValue] ?? AxisValues() }
    set { axes[axis.key.rawValue] = newValue }
  }

  /// The values of an axis, as trials have them; empty where no trial uses it.
  public func values<Value>(of axis: Axis, _ property: (TrialParameters) -> Value) -> [Value] {
    self[axis].assign.map { assign in
      var trial = TrialParameters.unspecified
      assign(&trial)
      return property(trial)
    }
  }

  /// Gives an axis its values.
  package mutating func set<Value: AxisValue>(
    _ axis: String, to values: [Value], _ rule: ValueRule<Value>,
    _ set: @escaping @Sendable (inout TrialParameters, Value) -> Void
  ) {
    axes[axis] = AxisValues(
      texts: values.map(rule.text), assign: values.map { value in { set(&$0, value) } })
  }

  /// The axes that came later of which the trials use one, whose columns are at the far right of CSVs.
  package var laterAxes: [Axis] {
    let used = Axis.all.filter { !self[$0].texts.isEmpty && self[$0].texts != [$0.key.defaultText] }
      .compactMap(\.added)
    return Axis.all.filter { axis in
      (axis.added.map(used.contains) ?? false) && (trains || !axis.key.isForTraining)
    }
  }
}
