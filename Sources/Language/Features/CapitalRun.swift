/// Whether the character is in a run of two capitals or more. After the first a reader cannot know of it: the
/// run begins at the second.
///
///     A NASA Lab
///     ...###....
public struct CapitalRun: CausalFeature {
  public var name: String { "capital_run" }
  public var summary: String { "a capital after a capital" }
  private var isAfterCapital = false

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Bool {
    let isCapital = scalar.isCapital
    defer { isAfterCapital = isCapital }
    return isCapital && isAfterCapital
  }
}
