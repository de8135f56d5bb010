import Foundation
import GradientFlow
import Runs
import Specification
import TextFiles
import Trials

/// How the cells of a run compare: for each radius, length and other fixed value, the decay of each cell with its
/// confidence interval over seeds, and the paired difference to the reference cell on the same seeds.
///
/// The reference is the first plain RNN of the specification, or its first cell where there is none. Paired
/// differences use that a seed gives every cell the same inputs, targets and first weight block.
public struct Comparison: Sendable {
  /// In grid order.
  public let groups: [GroupComparison]
  /// What was found, in three lines.
  public let answer: ComparisonAnswer
  /// Trials finished, and of how many.
  public let progress: RunProgress
  /// Whether some loss sits at every step, which hides vanishing in total norms.
  public let hasLossAtEveryStep: Bool
  /// Whether the states of some trials are exactly 0 all along, where gradients are those of the linearisation.
  public let staysAtZero: Bool

  /// The axes whose columns are at the far right.
  package let laterAxes: [Axis]

  /// Compares what is stored of a run.
  ///
  /// - Parameter selection: which trials and layers; nil: all.
  public init(_ run: Run, _ selection: FigureSelection? = nil) throws {
    let run =
      try selection.map { (selection) throws(SpecificationError) in
        _ = try selection.chosen(from: run.trials)
        return try run.only(selection.trials)
      } ?? run
    let all = run.trials.grouped { ComparisonGroup($0) }
    let kinds = run.specification.values(of: .cell, \.cell)
    let reference = kinds.first { Activation($0) != nil } ?? kinds.first
    var groups = try all.flatMap { group, trials in
      try Self.compare(group.trial, trials, reference: reference, run: run)
    }.filter { group in
      selection?.contains(group.group.place ?? LayerPlace(layer: 0)) ?? true
    }
    let headings = groups.map(\.group.trial).headings(always: [.spectralRadius, .sequenceLength])
    for (k, heading) in headings.enumerated() {
      groups[k].heading = ([heading] + [groups[k].group.placeLabel].compactMap { $0 }).joined(separator: ", ")
    }
    self.groups = groups
    answer = ComparisonAnswer(groups)
    laterAxes = run.specification.laterAxes
    progress = try run.progress()
    hasLossAtEveryStep = all.contains(where: \.key.hasLossAtEveryStep)
    staysAtZero = all.contains(where: \.key.staysAtZero)
  }

  /// What a reader must know if the loss acts at every step.
  public static let everyStepNote =
    "The loss acts at every step: each step's own immediate gradient keeps the total norm up, which hides "
    + "vanishing. Use a loss at the final step, such as cross-entropy-final, to see the decay."

  /// What a reader must know if the state stays at 0.
  public static let fixedPointNote =
    "Without input and with h_0 = 0 the state stays at the fixed point 0 forever, stable or not: these rates are those "
    + "of the linearisation at 0, not of the network's free dynamics. Set initial_state_scale and a washout to measure "
    + "those."

  /// All that applies.
  package var notes: [String] {
    (hasLossAtEveryStep ? [Self.everyStepNote] : []) + (staysAtZero ? [Self.fixedPointNote] : [])
  }

  /// What trials that differ in cell, forget bias and seed found, in each layer and direction.
  private static func compare(
    _ trial: TrialParameters, _ trials: [TrialParameters], reference: CellKind?, run: Run
  ) throws -> [GroupComparison] {
    var variants = try trials.grouped(by: CellVariant.init).map { variant, trials in
      var records: [UInt64: TrialRecord] = [:]
      for trial in trials { records[trial.seed] = try run.record(trial, withSteps: false) }
      return (variant: variant, records: records)
    }
    guard variants.contains(where: { !$0.records.isEmpty }) else { return [] }
    // The reference first, the others in the order of the specification.
    let first = variants.firstIndex { $0.variant.cell == reference } ?? 0
    let base = variants.remove(at: first)
    return trials[0].comparedPlaces.map { place in
      func records(_ all: [UInt64: TrialRecord]) -> [UInt64: TrialRecord] {
        place.map { place in all.mapValues { $0.speaking(of: place) } } ?? all
      }
      let own = records(base.records)
      let decays =
        [VariantDecay(base.variant, own, base: nil)]
        + variants.map { VariantDecay($0.variant, records($0.records), base: own) }
      return GroupComparison(ComparisonGroup(trials[0], place: place), decays)
    }
  }
}

extension TrialParameters {
  /// The layers and directions of its network, encoder first; nil for the only one of a network with one layer.
  fileprivate var comparedPlaces: [LayerPlace?] {
    if hasOneLayer { return [nil] }
    let parts: [NetworkPart?] = task.topology == .encoderDecoder ? [.encoder, .decoder] : [nil]
    return parts.flatMap { part in
      (0..<layers).flatMap { layer in
        Direction.allCases.prefix(directions).map { LayerPlace(part: part, layer: layer, direction: $0) }
      }
    }
  }
}

extension VariantDecay {
  /// The decay of a variant over its records by seed.
  ///
  /// - Parameter base: the reference's records by seed; nil for the reference itself.
  public init(_ variant: CellVariant, _ records: [UInt64: TrialRecord], base: [UInt64: TrialRecord]?) {
    let seeds = records.keys.sorted()
    let all = seeds.compactMap { records[$0] }
    self.variant = variant
    self.seeds = seeds.count
    isReference = base == nil
    rate = MeanInterval(all.compactMap(\.decayRate))
    halfLife = rate.flatMap { $0.mean < 0 ? -Foundation.log10(2) / $0.mean : nil }
    log10Ratio = MeanInterval(all.compactMap(\.log10RatioFirstLast).filter(\.isFinite))
    zeros = all.count { $0.log10RatioFirstLast == -.infinity }
    diverged = all.count { $0.status == .diverged }
    failed = all.count { $0.status == .failed }
    func paired(_ value: (TrialRecord) -> Double?) -> MeanInterval? {
      guard let base else { return nil }
      return MeanInterval(
        seeds.compactMap { seed in
          guard let mine = records[seed].flatMap(value), let theirs = base[seed].flatMap(value),
            mine.isFinite, theirs.isFinite
          else { return nil }
          return mine - theirs
        })
    }
    difference = paired(\.decayRate)
    ratioDifference = paired(\.log10RatioFirstLast)
  }
}
