import Experiments
import GradientFlow
import TextFiles

extension GradientRule {
  /// For readers: `no clipping`, `clip 1`, `step clip 1 + penalty`; see `words(among:)`.
  func name(among rules: [GradientRule] = []) -> String {
    isNone ? "no clipping" : Markup.plain(words(among: rules))
  }
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
  static let solved = 6, diverged = 2
  static let size = 1.7

  static func style(_ color: PlotColor, solved: Bool) -> CurveStyle {
    CurveStyle(color, [], solved ? Self.solved : Self.diverged, width: solved ? 2.2 : 2.6)
  }

  static func legend(solved hasSolved: Bool, diverged hasDiverged: Bool) -> Legend {
    Legend.entry("a seed solves the task", .points, style(.darkGrey, solved: true), size: size, if: hasSolved)
      + Legend.entry("a seed diverges", .points, style(.darkGrey, solved: false), size: size, if: hasDiverged)
  }
}
