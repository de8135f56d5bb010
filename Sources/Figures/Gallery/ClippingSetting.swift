import Experiments
import GradientFlow
import TextFiles

/// A point of the grid apart from rule and seed.
struct ClippingSetting: Hashable {
  let variant: CellVariant
  let radius, inputScale: Double

  init(_ p: TrialLayer) {
    (variant, radius, inputScale) = (CellVariant(p.trial), p.spectralRadius, p.inputScale)
  }

  var label: String { "\(variant.label), ρ = \(CSVField.number(radius))" }
  var fields: [Field] { variant.fields + [Field(radius), Field(inputScale)] }

  /// The settings of some layers, one of each network, of which a clipped trial is finished, with the decay rate of the recursion without clipping
  /// and, where trials without a step rule were run, what it says.
  static func candidates(
    _ layers: [TrialLayer], _ records: RunRecords
  ) throws -> [(setting: ClippingSetting, rate: Double, claim: DecayEstimate.Claim?)] {
    let groups = Dictionary(grouping: layers, by: ClippingSetting.init)
    return try layers.lazy.map(ClippingSetting.init).distinct.compactMap { setting in
      let trials = groups[setting] ?? []
      let clipped = try trials.filter { $0.clip != .none }.first {
        try records.recordWithSteps($0)?.steps != nil
      }
      guard let clipped else { return nil }
      // A clip of the whole gradient leaves the recursion as it is.
      let plain = trials.filter { $0.clip.stepClip == .none }
      let estimate = try DecayEstimate(plain.filter { $0.clip == plain.first?.clip }, records)
      if let estimate, let rate = estimate.rate?.mean { return (setting, rate, estimate.claim) }
      let norms = try records.recordWithSteps(clipped)?.steps?.byLagOfAll(.hiddenUnclipped) ?? []
      return (setting, DecayRate(log10Norms: norms)?.rate ?? -.infinity, nil)
    }
  }
}
