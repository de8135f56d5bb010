/// The order in which a layer reads a sequence.
public enum Direction: String, Sendable, CaseIterable {
  /// From the first element to the last.
  case forward
  /// From the last element to the first.
  case reverse

  /// 0 and 1: the place of a layer's direction wherever both stand side by side.
  public var index: Int { self == .forward ? 0 : 1 }

  /// What PyTorch adds to the names of a layer's parameters: `_l0`, `_l1_reverse`.
  public func suffix(layer: Int) -> String { "_l\(layer)" + (self == .forward ? "" : "_reverse") }
}
