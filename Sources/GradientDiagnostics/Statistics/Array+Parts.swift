extension Array {
  /// Column k of rows of so many elements.
  package func column(_ k: Int, of width: Int) -> [Element] {
    stride(from: k, to: count, by: width).map { self[$0] }
  }

  /// At most `limit` elements, evenly spread, always with the first and the last.
  package func spread(_ limit: Int) -> [Element] {
    guard count > limit, limit > 1 else { return self }
    return (0..<limit).map { self[($0 * (count - 1) + (limit - 1) / 2) / (limit - 1)] }
  }
}
