import Experiments
import GradientFlow
import TextFiles

/// Of a figure of a diagnosis.
extension FigureCaption {
  /// - Parameters:
  ///   - statistic: what the figure shows, for example "geometric mean over the batch".
  ///   - followsElement: whether it follows one batch element.
  ///   - notes: what else is to be known.
  ///   - showsTotals: whether it shows the norms of which ``warning(_:)`` speaks.
  init(
    _ diagnosis: ModelDiagnosis, _ panels: LayerPanels, statistic: String? = nil,
    followsElement: Bool = false, notes: [String] = [], showsTotals: Bool = false
  ) {
    let problem = diagnosis.problem
    let model = problem.model
    let layers = model.layers.count
    var parts = [Markup.plain("model \(problem.name)")]
    var cell = model.cell.rawValue
    if layers > 1 || model.directions.count > 1 {
      cell += " of \(layers) layer\(layers == 1 ? "" : "s")"
      cell += model.directions.count > 1 ? ", both directions" : ""
    }
    parts += [
      cell, "hidden size \(model.hiddenSize)", "input size \(model.inputSize)",
      "T = \(Brief.grouped(problem.steps)) step\(problem.steps == 1 ? "" : "s")", "batch \(problem.batch)",
      Markup.plain("loss \(Self.label(problem))"),
    ]
    if problem.clip != .none { parts.append("clip \(problem.clip.label)") }
    if let statistic { parts.append(statistic) }
    if followsElement { parts.append("trajectory of batch element \(diagnosis.plan.element)") }
    if let selection = panels.selection { parts.append(selection) }
    parts += notes
    if panels.layers.contains(where: { $0.direction == .reverse }) {
      parts.append("time is the layer's own: in reverse layers step t reads input T + 1 − t")
    }
    self.init(parts: parts, warning: showsTotals ? Self.warning(diagnosis) : nil)
  }

  /// Why no theory is drawn beside the gradient of some layers; empty where all of them decay plainly.
  ///
  /// - Parameter what: what is left out, in the plural.
  static func refreshed(_ diagnosis: ModelDiagnosis, _ layers: [LayerDiagnosis], omits what: String)
    -> [String]
  {
    guard layers.contains(where: { !$0.hasPlainDecay }) else { return [] }
    if diagnosis.problem.clip.stepClip != .none { return ["no \(what): the step clip decides the slope"] }
    if diagnosis.problem.readSteps > 1 {
      return ["no \(what): the loss at several steps decides the slope"]
    }
    return ["no \(what) below the last layer: gradients enter from above at every step and decide the slope"]
  }

  /// The loss by the names of specifications where it has one, and the steps it reads.
  private static func label(_ problem: ModelProblem) -> String {
    let kind: String
    switch problem.loss {
    case .sequence(is CrossEntropyLoss<Double>, _): kind = "cross-entropy"
    case .sequence(is FinalDotLoss<Double>, _): kind = LossKind.finalDot.rawValue
    case .sequence(is MeanSquaredErrorLoss<Double>, _): kind = "mean squared error"
    case .sequence(let loss, _): kind = "of \(String(describing: type(of: loss)).prefix { $0 != "<" })"
    case .head(let head):
      switch head.reading {
      case .mean, .max: return "\(head.criterion.name) of the \(head.reading.rawValue) over the steps"
      case .finalStates, .lastOutput, .everyStep: kind = head.criterion.name
      }
    case .upstream: kind = "gradients as given,"
    }
    switch problem.placement {
    case .everyStep: return "\(kind) at every step"
    case .finalStep: return kind.hasPrefix("final") ? kind : "\(kind) at the final step"
    case .steps:
      return "\(kind) at \(problem.readSteps) of \(problem.steps) steps"
    }
  }

  /// Why totals mislead when several steps are read; nil where one is.
  static func warning(_ diagnosis: ModelDiagnosis) -> String? {
    let problem = diagnosis.problem
    guard problem.readSteps > 1 else { return nil }
    return
      "Note: a loss at several steps refreshes the gradient on its way back, so total norms look flat and "
      + "hide vanishing. The figure two-time follows each step's loss separately."
  }
}
