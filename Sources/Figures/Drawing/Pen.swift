/// Lines that mean the same in every figure, in gnuplot's words.
enum Pen {
  /// Where a quantity is 0.
  static let zero = "linecolor rgb '#888888' linewidth 1"
  /// What numbers or shares are compared with.
  static let limit = "\(zero) dashtype (2,3)"
  /// Where a clip sets in.
  static let threshold = "linecolor rgb '#666666' linewidth 1.5 dashtype (2,3)"
  /// What would be without the thing that is measured.
  static let reference = "linecolor rgb '#666666' linewidth 1.5 dashtype (8,4,2,4)"
  /// An axis, or where two quantities are equal.
  static let axis = "linecolor rgb '#222222' linewidth 1 dashtype solid"
  /// What is of no curve of its own.
  static let grey = "linecolor rgb '#444444'"
  /// A line over a map, whose colour no map has.
  static let marker = "linecolor rgb '\(markerColor)' linewidth 2.2 dashtype (6,4)"
  static let markerColor = "#D6006C"

  static func color(_ style: CurveStyle) -> String { "linecolor rgb '\(style.color.rawValue)'" }
}
