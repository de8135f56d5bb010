/// What a changed specification means for a run that exists.
public enum SpecificationChange: Sendable, Equatable {
  /// The same trials.
  case same
  /// Every trial of the old specification and more: the run can continue.
  case extends(added: [Addition])
  /// Trials of the old specification are missing or mean something else: another run is needed.
  case conflicts([Difference])

  /// Values that an axis has gained.
  public struct Addition: Sendable, Equatable, CustomStringConvertible {
    /// The axis.
    public let key: SpecificationKey
    /// The new values, as YAML, in the new specification's order.
    public let values: [String]

    /// For example `seeds: + [10, 11]`, or `seeds: + 90 values, 10 … 99`.
    public var description: String {
      guard values.count > 8, let first = values.first, let last = values.last else {
        return "\(key.rawValue): + [\(values.joined(separator: ", "))]"
      }
      return "\(key.rawValue): + \(values.count) values, \(first) … \(last)"
    }
  }

  /// A key whose old and new values do not go together.
  public struct Difference: Sendable, Equatable, CustomStringConvertible {
    /// The key.
    public let key: SpecificationKey
    /// The old value, as YAML; nil where the key did not apply.
    public let old: String?
    /// The new value, as YAML; nil where the key does not apply.
    public let new: String?

    /// For example `batch_size: [16] → [32]`.
    public var description: String {
      "\(key.rawValue): \(old ?? "(none)") → \(new ?? "(none)")"
    }
  }

  /// Compares the specification of an existing run with a new one.
  ///
  /// An axis may gain values and change their order. Everything else must stay, but for figures,
  /// which trials do not depend on; a text may move as long as its SHA-256 stays.
  public init(from old: SweepSpecification, to new: SweepSpecification) {
    var additions: [Addition] = []
    var differences: [Difference] = []
    for key in SpecificationKey.allCases where key.decidesTrials {
      let before = Set(key.comparedValues(in: old))
      let after = key.comparedValues(in: new)
      let added = after.filter { !before.contains($0) }
      if !before.isSubset(of: after) || (!key.isAxis && !added.isEmpty) {
        differences.append(
          Difference(key: key, old: old.normalisedText(of: key), new: new.normalisedText(of: key)))
      } else if !added.isEmpty {
        additions.append(Addition(key: key, values: added))
      }
    }
    if !differences.isEmpty {
      self = .conflicts(differences)
    } else {
      self = additions.isEmpty ? .same : .extends(added: additions)
    }
  }
}

extension SpecificationKey {
  /// The values that decide whether trials are the same, as YAML; of a text, only its content.
  fileprivate func comparedValues(in specification: SweepSpecification) -> [String] {
    if self == .task, let file = specification.task.file { return [file.sha256] }
    return values(specification)
  }
}
