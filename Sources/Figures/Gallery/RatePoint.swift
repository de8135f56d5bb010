import Experiments
import GradientFlow

/// The decay rate at one place of the x axis of a rate figure, over the seeds, and what theory says of it.
struct RatePoint {
  /// Of a table, after those of the curve and the place.
  static let columns =
    ["decay_rate_mean", "ci95_low", "ci95_high", "trials_with_rate", "trials_without_rate", "claim"]
    + RateTheory.columns

  let estimate: DecayEstimate
  let theory: RateTheory
  let x: Double

  /// Those of some layers, by ascending place on the axis.
  static func curve(
    _ layers: [TrialLayer], _ x: Dimension, _ records: RunRecords
  ) throws -> [RatePoint] {
    let byPlace = Dictionary(grouping: layers, by: x.key)
    return try x.places(in: layers).compactMap { place in
      let own = byPlace[x.key(place)] ?? []
      guard let number = x.number(place), let estimate = try DecayEstimate(own, records),
        estimate.claim != .missing
      else { return nil }
      return RatePoint(estimate: estimate, theory: try RateTheory(own, records), x: number)
    }
  }

  /// - Parameter fields: of its curve.
  func row(_ fields: [Field], _ x: Dimension) -> [Field] {
    fields + x.fields(estimate.layer)
      + [
        Field(estimate.rate?.mean), Field(estimate.ends?.low), Field(estimate.ends?.high),
        Field(estimate.seeds.with), Field(estimate.seeds.without), .text(estimate.claim.rawValue),
      ] + theory.fields
  }
}
