/// The order in which a layer reads a sequence.
public enum Direction: String, Sendable, CaseIterable {
  /// From the first element to the last.
  case forward
  /// From the last element to the first.
  case reverse
}
