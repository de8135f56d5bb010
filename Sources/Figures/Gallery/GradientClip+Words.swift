import Experiments
import GradientFlow
import TextFiles

extension GradientClip {
  /// How much a rule cuts, shortly: what it cuts stands in ``Kind/meaning``.
  func notes(_ records: [TrialRecord]) -> [String] {
    let share = quantile(records.compactMap(\.clipFraction), 0.5).map(Brief.percent) ?? "an unknown share"
    let cosine =
      quantile(records.compactMap(\.clipCosine), 0.5).map { "cosine \(Brief.number($0))" } ?? "no cosine"
    let cut =
      switch kind {
      case .none: "nothing"
      case .globalNorm: "gradients"
      case .value: "entries"
      case .stepNorm, .stepNormExample: "steps"
      }
    return ["cuts \(share) of \(cut)", cosine]
  }
}

extension GradientClip.Kind {
  /// What it cuts, for a caption.
  var meaning: String? {
    switch self {
    case .none: nil
    case .globalNorm: "global clip: one factor for all steps"
    case .value: "value clip: entries of the gradient summed over steps are cut, norms of steps stay"
    case .stepNorm: "step clip: steps above the threshold are cut to it, the others lie below it"
    case .stepNormExample:
      "step clip of each example: steps of all examples count, the line is where all are at the threshold"
    }
  }
}
