/// Where the rows of one direction of a layer stand in the time of the other one, which begins at each sequence's own
/// end.
///
///     row (t, b)  ↔  row (2T + 1 − T_b − t, b)
///
/// The rows are those of ``SequenceLengths``; for sequences of one length step t is step T + 1 − t of the other
/// direction.
@usableFromInline
struct MirroredRows {
  let shape: BatchShape
  /// By row: the row of the other direction. It is its own inverse.
  @usableFromInline let order: [Int]

  /// - Complexity: O(rows).
  init(_ shape: BatchShape) {
    self.shape = shape
    var order: [Int] = []
    order.reserveCapacity(shape.rowCount)
    for t in 1...shape.steps {
      for b in 0..<shape.count(at: t) {
        order.append(shape.firstRow(of: shape.mirrored(t, of: b)) + b)
      }
    }
    self.order = order
  }
}

extension BatchShape {
  /// Step t of sequence b in the time of the other direction: 2T + 1 − T_b − t.
  func mirrored(_ t: Int, of b: Int) -> Int { 2 * steps + 1 - length(of: b) - t }
}
