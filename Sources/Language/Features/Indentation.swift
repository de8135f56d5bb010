/// How far the line is indented: the columns of its leading blanks, those read so far while still among them.
/// A tab goes on to the next multiple of 8.
///
///     ␣␣a b⏎c
///     1222200
public struct Indentation: CausalFeature {
  public var name: String { "indentation" }
  public var summary: String {
    "columns of the blanks that the line begins with; a tab goes to a multiple of 8"
  }
  private var columns = 0
  private var isLeading = true

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Int {
    if scalar == "\n" {
      (columns, isLeading) = (0, true)
    } else if isLeading {
      switch scalar {
      case "\t": columns += 8 - columns % 8
      case "\r": break
      case _ where scalar.isBlank: columns += 1
      default: isLeading = false
      }
    }
    return columns
  }
}
