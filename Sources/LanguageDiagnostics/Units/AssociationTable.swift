import GradientDiagnostics

/// How the values of units go along with features, beside what chance gives.
///
/// A unit that changes slowly correlates with any feature that changes slowly: n characters are far fewer
/// independent observations than n. Chance is therefore measured. A circular shift s of a feature keeps its
/// memory and its distribution, and leaves with the units what chance gives. With s = 0 for the features as
/// they are,
///
///     M_sf = max_u r²_uf(s)        the largest over the units
///     q_f  = median_s M_sf         over s = 0 and the S shifts
///     T_s  = max_f M_sf / q_f      the largest over the features
///
/// A pair's r² / q_f is compared with the T_s of the shifts:
///
///     p_uf = (1 + #{s ≥ 1 : T_s ≥ r²_uf / q_f}) / (S + 1)
///
/// which holds for the units × features pairs together: where nothing is associated, the probability that any
/// pair has p ≤ α is at most α. For that T_0, …, T_S must not differ but by chance. So q_f has the unshifted
/// features among its S + 1 values (without them r² would be compared with a scale that only the others have
/// set), and the shifts are drawn as ``CircularShifts`` says. A pair is above chance if r² / q_f exceeds
/// every T_s, at the level 1 / (S + 1).
///
/// The division by q_f gives each feature its own scale, for what changes slowly has the larger r² by chance.
/// A feature that is rare, with a few occurrences in the text, has an M_sf that varies from shift to shift
/// far more than others', and raises the threshold of all: leave it out. Shifts show chance for what is
/// stationary. If a text differs from its start to its end and a unit follows that, circular shifts make p
/// too small or too large.
///
/// - Note: Source: Westfall & Young, "Resampling-based multiple testing" (1993), section 2.3, for the largest
///   statistic; Phipson & Smyth, Stat. Appl. Genet. Mol. Biol. 9 (2010) 39, for (1 + …) / (S + 1).
public struct AssociationTable: Sendable, Equatable {
  /// The names of the features, and of those that do not vary and were left out.
  public let features: [String], constantFeatures: [String]
  /// n.
  public let length: Int
  /// The shifts that chance was measured with.
  public let shifts: [Int]
  /// U.
  public let units: Int
  /// r of each feature and unit [F, U]; 0 for a unit that does not vary.
  public let correlations: [Double]
  /// q_f [F].
  public let chanceLevels: [Double]
  /// T_s of the shifts, ascending.
  public let chanceRatios: [Double]

  /// - Parameter correlations: r [S + 1, F, U], without a shift first.
  init(
    features: [String], constantFeatures: [String], length: Int, shifts: [Int], units: Int,
    correlations: [Double]
  ) {
    (self.features, self.constantFeatures) = (features, constantFeatures)
    (self.length, self.shifts, self.units) = (length, shifts, units)
    let perShift = features.count * units
    self.correlations = Array(correlations.prefix(perShift))
    // M [S + 1][F].
    let largest = (0...shifts.count).map { s in
      features.indices.map { f in
        let first = s * perShift + f * units
        return correlations[first..<first + units].reduce(0) { max($0, $1 * $1) }
      }
    }
    let levels = features.indices.map { f in quantile(largest.map { $0[f] }, 0.5) ?? 0 }
    chanceLevels = levels
    chanceRatios = largest.dropFirst().map { row in
      zip(row, levels).reduce(0) { max($0, Self.ratio($1.0, $1.1)) }
    }.sorted()
  }

  /// r of a unit and a feature, both by index.
  public func correlation(unit: Int, feature: Int) -> Double { correlations[feature * units + unit] }

  /// r² / q_f: how many times what chance gives the best unit of all.
  public func chanceRatio(unit: Int, feature: Int) -> Double {
    let r = correlation(unit: unit, feature: feature)
    return Self.ratio(r * r, chanceLevels[feature])
  }

  /// The least p there can be, 1 / (S + 1).
  public var level: Double { 1 / Double(shifts.count + 1) }

  /// r² that a unit must exceed to be above chance, of a feature by index: q_f max_s T_s.
  public func threshold(feature: Int) -> Double { chanceLevels[feature] * (chanceRatios.last ?? .infinity) }

  /// p of a unit and a feature, corrected for all pairs.
  public func probability(unit: Int, feature: Int) -> Double {
    let ratio = chanceRatio(unit: unit, feature: feature)
    return Double(1 + chanceRatios.count { $0 >= ratio }) / Double(shifts.count + 1)
  }

  /// Whether a unit and a feature go together more than chance explains, at the ``level``.
  public func isAboveChance(unit: Int, feature: Int) -> Bool {
    chanceRatio(unit: unit, feature: feature) > (chanceRatios.last ?? .infinity)
  }

  /// 0 of nothing, even where chance gives nothing.
  private static func ratio(_ rSquared: Double, _ level: Double) -> Double {
    rSquared == 0 ? 0 : rSquared / level
  }
}
