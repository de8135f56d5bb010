import GradientFlow

/// Colours, by their names; what they are on paper is the renderer's affair.
///
/// Those of curves are by Okabe & Ito (2008), which all kinds of colour vision tell apart; without the yellow, which is
/// faint on white.
package enum PlotColor: String, Sendable {
  case black = "#000000"
  case orange = "#E69F00"
  case skyBlue = "#56B4E9"
  case green = "#009E73"
  case blue = "#0072B2"
  case vermillion = "#D55E00"
  case purple = "#CC79A7"
  /// Of texts and axes.
  case ink = "#222222"
  case darkGrey = "#666666"
  case middleGrey = "#888888"
  case white = "#ffffff"
  /// Of a ground.
  case lightGrey = "#dddddd"
  /// Over maps, which have no such colour.
  case magenta = "#D6006C"
  /// Of an axis with an order, from its least value to its greatest.
  case step0 = "#313695"
  case step1 = "#4575B4"
  case step2 = "#5BA3C6"
  case step3 = "#8C8C8C"
  case step4 = "#F4A259"
  case step5 = "#E0653A"
  case step6 = "#A50026"

  /// Colours in an order, for so many values.
  package static func steps(_ count: Int) -> [PlotColor] {
    let all: [PlotColor] = [.step0, .step1, .step2, .step3, .step4, .step5, .step6]
    guard count > 1 else { return [.step0] }
    return (0..<count).map { all[$0 * (all.count - 1) / (count - 1)] }
  }
}

/// How a curve is drawn: colour, dashes (which remain when print is grey) and point.
package struct CurveStyle: Sendable, Hashable {
  package let color: PlotColor
  /// Lengths of dash, gap…; empty for a solid line.
  package let dashes: [Int]
  /// gnuplot's point type.
  package let point: Int
  /// In pixels, about.
  package let width: Double

  /// The style of a cell; one without a style of its own has one by its place among the cells.
  ///
  /// - Parameter variety: counts the forget biases of a sweep.
  package init(_ cell: CellKind, variety: Int = 0) {
    switch cell {
    case .rnn: self.init(.blue, [], 7)
    case .rnnRelu: self.init(.skyBlue, [16, 4, 3, 4], 9)
    case .rnnLinear: self.init(.black, [3, 4], 13)
    case .gru: self.init(.green, [10, 4, 3, 4], 5)
    default:
      let others = CellKind.allCases.drop { $0 != .lstm }
      let variety = variety + 2 * (others.firstIndex(of: cell).map { $0 - others.startIndex } ?? 0)
      let colors: [PlotColor] = [.vermillion, .orange, .purple, .black, .skyBlue]
      let dashes = [[12, 5], [20, 5], [6, 4], [12, 4, 6, 4], [20, 4, 4, 4]]
      let points = [11, 15, 3, 4, 6]
      let k = variety % colors.count
      self.init(colors[k], dashes[(k + variety / colors.count) % dashes.count], points[k])
    }
  }

  package init(_ color: PlotColor, _ dashes: [Int], _ point: Int, width: Double = 2) {
    (self.color, self.dashes, self.point, self.width) = (color, dashes, point, width)
  }

  /// The same colour, finely dotted: for a second quantity of the same cell.
  package func dotted(width: Double = 1.8) -> CurveStyle { CurveStyle(color, [2, 4], 0, width: width) }

  /// The same for a curve of so many steps: one of thousands is thin, and dashes would be lost in it.
  package func dense(_ count: Int) -> CurveStyle {
    count > 500 ? CurveStyle(color, [], point, width: 1.2) : self
  }

  /// The same, thin and finely dashed: of values that rest on little.
  package var weak: CurveStyle { CurveStyle(color, [2, 3], 0, width: 0.9) }

  /// Of marks that have the colours of a map.
  package static let plain = CurveStyle(.ink, [], 7)

  /// With another width.
  package func wide(_ width: Double) -> CurveStyle { CurveStyle(color, dashes, point, width: width) }
  /// With another point.
  package func point(_ point: Int) -> CurveStyle { CurveStyle(color, dashes, point, width: width) }
  /// With its point as an outline: many of them that cover each other are still told apart.
  package var hollow: CurveStyle {
    let outlines = [5: 4, 7: 6, 9: 8, 11: 10, 13: 12, 15: 14]
    return CurveStyle(color, dashes, outlines[point] ?? point, width: 1)
  }
  /// Without dashes.
  package var solid: CurveStyle { CurveStyle(color, [], point, width: width) }
  /// The same lines and points in another colour.
  package func colored(_ color: PlotColor) -> CurveStyle { CurveStyle(color, dashes, point, width: width) }
}
