import Experiments
import Foundation
import GradientFlow

/// What stands below a figure of a diagnosis: everything that has to be known to read it.
struct DiagnosisCaption: Sendable {
  /// The parts, to be set apart by dots.
  let parts: [String]

  /// - Parameters:
  ///   - statistic: what the figure shows, for example "geometric mean over the batch".
  ///   - followsElement: whether it follows one batch element.
  ///   - notes: what else is to be known.
  init(
    _ diagnosis: ModelDiagnosis, _ panels: LayerPanels, statistic: String? = nil,
    followsElement: Bool = false, notes: [String] = []
  ) {
    let problem = diagnosis.problem
    let model = problem.model
    let layers = model.layers.count
    var parts = ["model \(problem.name)"]
    var cell = model.cell.rawValue
    if layers > 1 || model.directions.count > 1 {
      cell += " of \(layers) layer\(layers == 1 ? "" : "s")"
      cell += model.directions.count > 1 ? ", both directions" : ""
    }
    parts += [
      cell, "hidden size \(model.hiddenSize)", "input size \(model.inputSize)",
      "sequence length T = \(problem.steps)", "batch \(problem.batch)", "loss \(Self.label(problem))",
    ]
    if problem.clip != .none { parts.append("clip \(problem.clip.label)") }
    if let statistic { parts.append(statistic) }
    if followsElement { parts.append("trajectory of batch element \(diagnosis.plan.element)") }
    if let selection = panels.selection { parts.append(selection) }
    parts += notes
    if panels.layers.contains(where: { $0.direction == .reverse }) {
      parts.append("time is the layer's own: reverse, step t reads input T + 1 − t")
    }
    self.parts = parts
  }

  /// Why gradients of lower layers need not fall; empty for one layer.
  static func fedFromAbove(_ diagnosis: ModelDiagnosis) -> [String] {
    diagnosis.problem.model.layers.count > 1
      ? ["a layer below the last is fed from above at every step, which refreshes its gradient"] : []
  }

  /// The loss by the names of specifications where it has one, and the steps it reads.
  private static func label(_ problem: ModelProblem) -> String {
    let kind: String
    switch problem.loss {
    case is CrossEntropyLoss<Double>: kind = "cross-entropy"
    case is FinalDotLoss<Double>: kind = LossKind.finalDot.rawValue
    case is MeanSquaredErrorLoss<Double>: kind = "mean squared error"
    default: kind = "of \(String(describing: type(of: problem.loss)).prefix { $0 != "<" })"
    }
    switch problem.loss.placement {
    case .everyStep: return "\(kind) at every step"
    case .finalStep: return kind.hasPrefix("final") ? kind : "\(kind) at the final step"
    case .steps:
      return "\(kind) at \(problem.loss.placement.count(of: problem.steps)) of \(problem.steps) steps"
    }
  }

  /// Why totals mislead when several steps are read; nil where one is.
  static func warning(_ diagnosis: ModelDiagnosis) -> String? {
    let problem = diagnosis.problem
    guard problem.loss.placement.count(of: problem.steps) > 1 else { return nil }
    return
      "Note: a loss at several steps refreshes the gradient on its way back, so that total norms look flat and "
      + "hide vanishing. The figure two-time follows the loss of each step alone."
  }
}

/// Numbers as sentences give them.
enum Brief {
  /// Three significant digits.
  static func number(_ value: Double) -> String { CSVField.number(Double(String(format: "%.3g", value))) }

  /// With its sign.
  static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + number(value) }

  /// A factor given as log10, in gnuplot's markup: as a number where that is short, else a power of ten.
  static func factor(_ log10: Double) -> String {
    if log10 == -.infinity { return "0" }
    if log10.magnitude < 2 { return number(pow(10, log10)) }
    return "10^{\(CSVField.number((log10 * 10).rounded() / 10))}"
  }

  /// Two significant digits, enough for an error.
  static func rounded(_ value: Double) -> String { CSVField.number(Double(String(format: "%.2g", value))) }

  /// A share as percent.
  static func percent(_ share: Double) -> String {
    if share > 0, share < 0.001 { return "less than 0.1 %" }
    return "\(number((1000 * share).rounded() / 10)) %"
  }
}
