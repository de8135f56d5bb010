/// A unit and a feature that go together.
public struct UnitAssociation: Sendable, Equatable {
  /// The unit's index.
  public let unit: Int
  /// The feature's name.
  public let feature: String
  /// r, in [−1, 1].
  public let correlation: Double
  /// r² over what chance gives the best unit.
  public let chanceRatio: Double
  /// p, corrected for all units and features.
  public let probability: Double

  /// The share of the unit's variance that the feature explains.
  public var rSquared: Double { correlation * correlation }
}

/// The units and features that go together more than chance explains, those of the largest r² first.
///
/// - Complexity: O(U·F log(U·F)) to make.
public struct UnitRanking: Sendable, Equatable {
  /// All pairs above chance, by r²; of equal ones that of the earlier feature and unit comes first.
  public let associations: [UnitAssociation]

  public init(_ table: AssociationTable) {
    var found: [UnitAssociation] = []
    for (f, name) in table.features.enumerated() {
      for u in 0..<table.units where table.isAboveChance(unit: u, feature: f) {
        found.append(
          UnitAssociation(
            unit: u, feature: name, correlation: table.correlation(unit: u, feature: f),
            chanceRatio: table.chanceRatio(unit: u, feature: f),
            probability: table.probability(unit: u, feature: f)))
      }
    }
    // The sort is not stable by promise: the place decides between equal ones.
    associations = found.enumerated().sorted {
      $0.element.rSquared != $1.element.rSquared
        ? $0.element.rSquared > $1.element.rSquared : $0.offset < $1.offset
    }.map(\.element)
  }

  /// The feature that explains most of a unit; nil if none is above chance.
  public func best(ofUnit unit: Int) -> UnitAssociation? { associations.first { $0.unit == unit } }

  /// The units that go along most with a feature, `limit` at most.
  public func top(_ limit: Int, ofFeature name: String) -> [UnitAssociation] {
    Array(associations.lazy.filter { $0.feature == name }.prefix(limit))
  }

  /// The best association of each unit that has any, by r².
  public var bestOfUnits: [UnitAssociation] {
    var seen: Set<Int> = []
    return associations.filter { seen.insert($0.unit).inserted }
  }
}
