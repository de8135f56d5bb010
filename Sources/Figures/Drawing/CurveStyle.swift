import GradientFlow

/// Colours by Okabe & Ito (2008), which all kinds of colour vision tell apart; without the yellow,
/// which is faint on white.
enum OkabeIto: String, Sendable {
  case black = "#000000"
  case orange = "#E69F00"
  case skyBlue = "#56B4E9"
  case green = "#009E73"
  case blue = "#0072B2"
  case vermillion = "#D55E00"
  case purple = "#CC79A7"
}

/// How a curve is drawn: colour, dashes (which remain when print is grey) and point.
struct CurveStyle: Sendable, Equatable {
  let color: OkabeIto
  /// Lengths of dash, gap…; empty for a solid line.
  let dashes: [Int]
  /// gnuplot's point type.
  let point: Int
  /// In pixels, about.
  let width: Double

  /// The style of a cell; one without a style of its own has one by its place among the cells.
  ///
  /// - Parameter variety: counts the forget biases of a sweep.
  init(_ cell: CellKind, variety: Int = 0) {
    switch cell {
    case .rnn: self.init(.blue, [], 7)
    case .rnnRelu: self.init(.skyBlue, [16, 4, 3, 4], 9)
    case .rnnLinear: self.init(.black, [3, 4], 13)
    case .gru: self.init(.green, [10, 4, 3, 4], 5)
    default:
      let others = CellKind.allCases.drop { $0 != .lstm }
      let variety = variety + 2 * (others.firstIndex(of: cell).map { $0 - others.startIndex } ?? 0)
      let colors: [OkabeIto] = [.vermillion, .orange, .purple, .black, .skyBlue]
      let dashes = [[12, 5], [20, 5], [6, 4], [12, 4, 6, 4], [20, 4, 4, 4]]
      let points = [11, 15, 3, 4, 6]
      let k = variety % colors.count
      self.init(colors[k], dashes[(k + variety / colors.count) % dashes.count], points[k])
    }
  }

  init(_ color: OkabeIto, _ dashes: [Int], _ point: Int, width: Double = 2) {
    (self.color, self.dashes, self.point, self.width) = (color, dashes, point, width)
  }

  /// The same colour, finely dotted: for a second quantity of the same cell.
  func dotted(width: Double = 1.8) -> CurveStyle { CurveStyle(color, [2, 4], point, width: width) }

  /// The same for a curve of so many steps: one of thousands is thin, and dashes would be lost in it.
  func dense(_ count: Int) -> CurveStyle {
    count > 500 ? CurveStyle(color, [], point, width: 1.2) : self
  }

  /// The command that makes it gnuplot's line type `number`.
  func command(number: Int) -> String {
    let dash = dashes.isEmpty ? "solid" : "(\(dashes.map(String.init).joined(separator: ",")))"
    return "set linetype \(number) linecolor rgb '\(color.rawValue)' linewidth \(width) "
      + "dashtype \(dash) pointtype \(point) pointsize 1"
  }
}
