import GradientFlow
import Specification

/// What all trials of one comparison share: everything but cell, forget bias and seed. Of networks of several layers or
/// directions, each of them is compared on its own.
public struct ComparisonGroup: Sendable, Hashable {
  /// A trial of the group, with what varies within it at its defaults.
  public let trial: TrialParameters
  /// The layer and direction that it speaks of; nil of networks with one layer, read forward.
  public let place: LayerPlace?
  /// See ``TrialParameters/hasLossAtEveryStep``, of an encoder false, and ``TrialParameters/staysAtZero``.
  public let hasLossAtEveryStep, staysAtZero: Bool

  /// The group of a trial.
  ///
  /// - Parameter place: nil: the last layer, read forward, which is what a trial speaks of.
  public init(_ trial: TrialParameters, place: LayerPlace? = nil) {
    self.place = place
    self.trial = trial.erasing([.cell, .forgetBias, .seed])
    // An encoder is read at its end, by its decoder.
    hasLossAtEveryStep = place?.part != .encoder && trial.hasLossAtEveryStep
    staysAtZero = trial.staysAtZero
  }

  /// T.
  public var sequenceLength: Int { trial.sequenceLength }

  /// Whether it speaks of what the trials themselves speak of.
  var isOfLastLayer: Bool {
    guard let place else { return true }
    return place.layer == trial.layers - 1 && place.direction == .forward && place.part != .encoder
  }

  /// Of the places of one network, the last one is what it is spoken of by: the decoder's last layer, read forward.
  func isFurther(than other: ComparisonGroup) -> Bool {
    func order(_ group: ComparisonGroup) -> [Int] {
      guard let place = group.place else { return [] }
      return [place.part == .encoder ? 0 : 1, place.layer, place.direction == .forward ? 1 : 0]
    }
    return order(other).lexicographicallyPrecedes(order(self))
  }

  /// `layer 1`, `layer 1 reverse`, `encoder`, counted as in every table and figure; nil of networks with one layer, read
  /// forward.
  var placeLabel: String? {
    guard let place else { return nil }
    var words: [String] = []
    if let part = place.part { words.append(part.rawValue) }
    if trial.layers > 1 { words.append("layer \(place.layer)") }
    if trial.isBidirectional, place.direction == .reverse || trial.layers == 1 {
      words.append(place.direction.rawValue)
    }
    return words.joined(separator: " ")
  }

  /// The same in a sentence: `layer 1`, `the reverse direction`, `the encoder`.
  var placeWords: String? {
    guard let place, let label = placeLabel else { return nil }
    if trial.layers > 1 { return label }
    return "the " + label + (place.part == nil ? " direction" : "")
  }
}

/// One cell variant in a group: its decay over the seeds.
public struct VariantDecay: Sendable, Equatable {
  public let variant: CellVariant
  /// Decades per step; nil where no seed has a rate.
  public let rate: MeanInterval?
  /// Steps in which the norm of the mean rate halves; nil when it does not decay.
  public let halfLife: Double?
  /// log10 ‖∂L/∂h_1‖ − log10 ‖∂L/∂h_T‖, both over the sequences that have all T steps; nil where no seed has a finite one.
  public let log10Ratio: MeanInterval?
  /// Seeds that were run.
  public let seeds: Int
  /// Seeds whose gradient is exactly zero at t = 1; the intervals are over the others.
  public let zeros: Int
  /// Seeds without gradients: the state diverged, or the trial failed.
  public let diverged, failed: Int
  /// Rate of this variant minus that of the reference variant, on the same seeds; nil for the reference itself
  /// and where no seed has both.
  public let difference: MeanInterval?
  /// How far this variant's norm is above the reference's at t = 1, in decades, on the same seeds.
  public let ratioDifference: MeanInterval?
  /// Whether the others are compared with it.
  public let isReference: Bool
}

/// A group with its variants, the reference first.
public struct GroupComparison: Sendable, Equatable {
  public let group: ComparisonGroup
  public let variants: [VariantDecay]
  /// One line that says which cells keep their gradients.
  public let verdict: String
  /// The values that vary within the run, and always radius and length.
  public internal(set) var heading = ""

  /// - Parameter variants: the reference first.
  package init(_ group: ComparisonGroup, _ variants: [VariantDecay]) {
    (self.group, self.variants) = (group, variants)
    verdict = Verdict(group, variants).line
  }

  /// A trial of a variant, with everything but its axes at the defaults.
  package func trial(of variant: VariantDecay) -> TrialParameters {
    var trial = group.trial
    (trial.cell, trial.forgetBias) = (variant.variant.cell, variant.variant.forgetBias)
    return trial
  }
}
