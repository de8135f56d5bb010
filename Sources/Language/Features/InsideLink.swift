/// Whether the character is inside double square brackets, as the links of a wiki are; it ends with the line.
///
///     see [[a b]] c
///     .....#####...
///
/// It begins at the second opening bracket and ends with the second closing one.
public struct InsideLink: CausalFeature {
  public var name: String { "inside_link" }
  public var summary: String { "inside [[ ]]; ends with the line" }
  private var isInside = false
  private var previous: Unicode.Scalar = "\n"

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Bool {
    if isInside {
      if scalar == "\n" || (scalar == "]" && previous == "]") { isInside = false }
    } else if scalar == "[", previous == "[" {
      isInside = true
    }
    previous = scalar
    return isInside
  }
}
