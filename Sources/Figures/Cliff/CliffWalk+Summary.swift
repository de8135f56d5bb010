import Experiments
import GradientFlow
import TextFiles

extension CliffWalk {
  /// For readers: `no clipping`, or the rule.
  var name: String { GradientRule(clip: clip).name() }

  /// Where it ends, and its longest step.
  var statement: String {
    let step = longest.map { ", longest step \(Brief.number($0.length)) (update \($0.update))" } ?? ""
    let clipped =
      clip == .none ? "" : ", \(steps.count(where: \.isClipped)) of \(steps.count) updates clipped"
    return "\(Markup.plain(name)): \(outcome) E = \(Brief.number(end.error))\(step)\(clipped)"
  }

  private var outcome: String {
    divergence.map { "the \($0.kind.rawValue) left the range of numbers at update \($0.iteration), after" }
      ?? "ends at"
  }

  /// Where it ends, then what was largest on the way and what the clip did.
  public var summary: String {
    let number: (Double) -> String = Brief.number
    var parts = ["w = \(number(end.w)), b = \(number(end.b))"]
    if let steepest, let longest {
      let clipped = steepest.isClipped ? " clipped to \(number(steepest.normAfter.double))" : ""
      parts += [
        "largest gradient \(number(steepest.normBefore.double))\(clipped) (update \(steepest.update))",
        "longest step \(number(longest.length)) (update \(longest.update))",
      ]
    }
    if clip != .none { parts.append("\(steps.count(where: \.isClipped)) of \(steps.count) updates clipped") }
    return "\(name): \(outcome) E = \(number(end.error)), \(parts.joined(separator: ", "))"
  }
}
