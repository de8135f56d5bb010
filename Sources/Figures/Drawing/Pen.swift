/// Lines that mean the same in every figure, in gnuplot's words.
enum Pen {
  /// Where a quantity is 0.
  static let zero = "linecolor rgb '#888888' linewidth 1"
  /// A level with a meaning of its own: 90 % reached, where numbers of a precision end.
  static let limit = "\(zero) dashtype (2,3)"
  /// Where a clip sets in.
  static let threshold = "linecolor rgb '#666666' linewidth 1.5 dashtype (2,3)"
  /// What a measurement is compared with: the linear prediction, the loss of chance.
  static let reference = "linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4)"
  /// An axis, or where two quantities are equal.
  static let axis = "linecolor rgb '#222222' linewidth 1 dashtype solid"
  /// In legends, for what curves of every colour have.
  static let grey = "linecolor rgb '#444444'"
  /// A line over a map, whose colour no map has.
  static let marker = "linecolor rgb '\(markerColor)' linewidth 2.2 dashtype (6,4)"
  static let markerColor = "#D6006C"

  static func color(_ style: CurveStyle) -> String { "linecolor rgb '\(style.color.rawValue)'" }
}
