import Experiments
import GradientFlow

extension GradientRule {
  /// Neither clip nor penalty.
  var isNone: Bool { clip == .none && penalty == nil }
  /// For readers: `no clipping`, or the label.
  var name: String { isNone ? "no clipping" : label }
}

extension CurveStyle {
  /// The styles of the rules of a sweep, in its order: black for none, a colour with dashes and points of its own for
  /// each other one.
  static func styles(_ rules: [GradientRule]) -> [CurveStyle] {
    let others: [CurveStyle] = [
      CurveStyle(.vermillion, [12, 5], 11), CurveStyle(.blue, [3, 4], 5),
      CurveStyle(.green, [10, 4, 3, 4], 9),
      CurveStyle(.orange, [20, 5], 13), CurveStyle(.purple, [6, 4], 15),
      CurveStyle(.skyBlue, [16, 4, 3, 4, 3, 4], 8),
    ]
    var count = 0
    return rules.map { rule in
      guard !rule.isNone else { return CurveStyle(.black, [], 7) }
      defer { count += 1 }
      let style = others[count % others.count]
      let round = count / others.count
      return round == 0
        ? style : CurveStyle(style.color, others[(count + round) % others.count].dashes, style.point)
    }
  }
}

/// How the ends of training runs are marked in every figure.
enum EndMark {
  /// A ring where the task is solved, a cross where numbers left their range.
  static let solved = "points pointtype 6 pointsize 1.7 linewidth 2.2"
  static let diverged = "points pointtype 2 pointsize 1.7 linewidth 2.6"

  static func legend(solved hasSolved: Bool, diverged hasDiverged: Bool) -> Legend {
    Legend.entry("a seed solves the task", "\(solved) \(Pen.grey)", if: hasSolved)
      + Legend.entry("a seed diverges", "\(diverged) \(Pen.grey)", if: hasDiverged)
  }
}
