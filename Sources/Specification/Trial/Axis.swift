import GradientFlow
import TextFiles

/// A parameter of a trial that a sweep varies, described once: how specifications write it, where it lies in a trial,
/// when it applies, and what identities, CSVs, headings and captions call it.
///
/// All axes are listed in ``all``, next to their properties of ``TrialParameters``. Everything else follows from that
/// list: reading and `gradflow init`, the grid, the normalised form, ids, the columns of every CSV, the grouping and
/// headings of comparisons, and what figures hold fixed.
public struct Axis: Sendable {
  /// Of a specification.
  public internal(set) var key: SpecificationKey
  /// The name in identities and in JSON.
  public let name: String
  /// The name in CSVs.
  public internal(set) var column: String
  /// The field in CSVs; empty where the axis does not apply.
  public internal(set) var field: @Sendable (TrialParameters) -> String
  /// The value in JSON; null where the axis does not apply.
  package let json: @Sendable (TrialParameters) -> JSONText
  /// For the headings of comparisons, as in `T = 100`; nil where the axis does not apply.
  public internal(set) var heading: @Sendable (TrialParameters) -> String?
  /// For captions, as in `sequence length T = 100`; nil where the axis does not apply.
  public internal(set) var caption: @Sendable (TrialParameters) -> String?
  /// A trial's value, as a specification writes it; nil if the axis does not apply.
  public internal(set) var text: @Sendable (TrialParameters) -> String?
  /// In the JSON that identifies a trial.
  package var members: [IdentityMember]
  /// Gives a trial the value of another one.
  package let copy: @Sendable (TrialParameters, inout TrialParameters) -> Void
  /// What trials have to which it does not apply.
  package var unused: @Sendable (inout TrialParameters) -> Void
  /// The trials that it applies to; nil: all.
  package var condition: Condition?
  /// Why a specification cannot use it; nil if it can.
  var disuse: @Sendable (SweepSpecification) -> Disuse? = { _ in nil }
  /// With which others it was added; nil: it was there from the beginning. Axes that were added have columns, at the far
  /// right, only in runs that use one of those that came together.
  package var added: String?
  /// The name and the values that headings have, where they are not those of specifications; trials may be chosen by them
  /// too.
  var headingNames: HeadingNames?
  /// Whether captions omit the default.
  var isQuietAtDefault = false

  /// Which trials an axis applies to, by their value of another axis.
  package struct Condition: Sendable {
    /// The other one.
    package let key: String
    package let holds: @Sendable (TrialParameters) -> Bool
  }

  /// What headings say instead of a key and its values: `D = 2`, of `bidirectional: true`.
  struct HeadingNames: Sendable {
    let name: String
    /// Each with what a specification says for it.
    let values: [(text: String, value: String)]
  }

  /// Why a specification has no use for an axis.
  struct Disuse {
    /// The key that causes this.
    let cause: String
    /// Completes "KEY …" in the error if it is given nevertheless; nil: giving it does no harm.
    package var problem: String?
    /// The only value that it may be given, which the normalised form states.
    package var only: String?
  }

  /// Whether captions name the value even where the sweep has no other.
  public func isNotable(_ trial: TrialParameters) -> Bool {
    !isQuietAtDefault || text(trial).map { $0 != key.defaultText } ?? false
  }

  /// Gives a trial the default value.
  func erase(_ trial: inout TrialParameters) {
    unused(&trial)
    copy(.unspecified, &trial)
  }
}

extension Axis {
  /// Of an axis that is added later: at its default it is not written, neither in `spec.yaml` nor in identities, so that
  /// those of runs without it stay as they were.
  ///
  /// - Parameter others: what came with it; nil: nothing.
  mutating func comesLater(with others: String? = nil) {
    added = others ?? name
    isQuietAtDefault = true
    key.isUnwrittenAtDefault = true
    let (members, standard) = (members, key.defaultText)
    self.members = members.map { member in
      IdentityMember(name: member.name) { trial in member.value(trial).flatMap { $0 == standard ? nil : $0 } }
    }
  }
}

extension Axis: Hashable {
  public static func == (a: Axis, b: Axis) -> Bool { a.key == b.key }
  public func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

extension TrialParameters {
  /// The trial with some axes at their defaults: what trials that vary along these axes share.
  public func erasing(_ axes: [Axis]) -> TrialParameters {
    var trial = self
    for axis in axes { axis.erase(&trial) }
    return trial
  }
}

/// A member of the JSON that identifies a trial.
package struct IdentityMember: Sendable {
  package let name: String
  /// As JSON; nil where it does not apply.
  package let value: @Sendable (TrialParameters) -> String?
}

extension Axis {
  /// Some axes, then all others in their order: where an order was fixed, new ones come last.
  public static func all(first: [Axis]) -> [Axis] { first + all.filter { !first.contains($0) } }

  /// - Parameters:
  ///   - name: of the key in specifications.
  ///   - trial: the name in identities and CSVs; nil: that of the key.
  ///   - get: nil where the axis does not apply to a trial.
  ///   - symbol: what the value follows in headings.
  ///   - words: what the value follows in captions.
  ///   - change: what is special about the axis.
  package init<Value: AxisValue>(
    _ name: String, trial: String? = nil, _ summary: String,
    get: @escaping @Sendable (TrialParameters) -> Value?,
    set: @escaping @Sendable (inout TrialParameters, Value) -> Void,
    _ rule: ValueRule<Value>, default defaultText: String, symbol: String, words: String,
    change: (inout Axis) -> Void = { _ in }
  ) {
    self.name = trial ?? name
    key = .axis(name, summary, rule, default: defaultText, set: set)
    column = self.name
    field = { get($0).map { CSVField.text($0.label) } ?? "" }
    heading = { get($0).map { symbol + $0.label } }
    caption = { get($0).map { words + $0.label } }
    text = { get($0).map(rule.text) }
    json = { get($0)?.json ?? .null }
    members = [IdentityMember(name: self.name) { get($0)?.identity }]
    copy = { source, target in if let value = get(source) { set(&target, value) } }
    unused = { _ in }
    change(&self)
  }

  /// An axis of what every trial has.
  package init<Value: AxisValue>(
    _ name: String, trial: String? = nil, _ summary: String,
    _ path: WritableKeyPath<TrialParameters, Value> & Sendable, _ rule: ValueRule<Value>,
    default defaultText: String, symbol: String, words: String, change: (inout Axis) -> Void = { _ in }
  ) {
    self.init(
      name, trial: trial, summary, get: TrialParameters.reading(path), set: { $0[keyPath: path] = $1 }, rule,
      default: defaultText, symbol: symbol, words: words, change: change)
  }

  /// An axis of training.
  package init<Value: AxisValue>(
    training name: String, _ summary: String, _ path: WritableKeyPath<TrainingParameters, Value> & Sendable,
    _ rule: ValueRule<Value>, default defaultText: String, words: String,
    change: (inout Axis) -> Void = { _ in }
  ) {
    self.init(
      name, summary, get: { $0.training?[keyPath: path] }, set: { $0.training?[keyPath: path] = $1 }, rule,
      default: defaultText, symbol: words, words: words
    ) { axis in
      axis.key.isForTraining = true
      axis.disuse = { $0.trains ? nil : .untrained }
      change(&axis)
    }
  }
}

extension TrialParameters {
  /// Reads a property. Identities read all of them, of every trial: a stored one is read at its place, because a key path
  /// is applied to a copy of the whole.
  fileprivate static func reading<Value>(
    _ path: WritableKeyPath<TrialParameters, Value> & Sendable
  ) -> @Sendable (TrialParameters) -> Value {
    guard let offset = MemoryLayout<TrialParameters>.offset(of: path) else { return { $0[keyPath: path] } }
    return { trial in
      withUnsafeBytes(of: trial) { $0.load(fromByteOffset: offset, as: Value.self) }
    }
  }
}

extension Axis.Disuse {
  /// For what applies to training only, if nothing is trained.
  static let untrained = Axis.Disuse(cause: "iterations", problem: needsIterations)
  static let needsIterations = "applies to training only, and no iterations are set; add iterations: N"
}

/// The values of an axis in a specification.
package struct AxisValues: Sendable, Equatable {
  /// As a specification writes them.
  package var texts: [String] = []
  /// What gives a trial each of them.
  var assign: [@Sendable (inout TrialParameters) -> Void] = []

  package static func == (a: AxisValues, b: AxisValues) -> Bool { a.texts == b.texts }
}
