/// One layer of a model, read in one direction, with its forward pass.
///
/// Time is the layer's own: step t of the reverse direction reads x_{T+1−t}, so that in both directions gradients
/// travel from t = T to t = 1, and `lag` = T − t.
public final class LayerPass<Cell: RecurrentCell> {
  /// From 0.
  public let layer: Int
  public let direction: Direction
  /// The pass, in the layer's own time.
  public var pass: SequencePass<Cell>

  init(layer: Int, direction: Direction, pass: consuming SequencePass<Cell>) {
    self.layer = layer
    self.direction = direction
    self.pass = pass
  }
}

extension Direction {
  /// Rows 0..<T, each `width` numbers, in the order of the other end of time if the direction is reverse.
  func ordered<Number>(_ rows: [Number], width: Int) -> [Number] {
    if self == .forward { return rows }
    var result: [Number] = []
    result.reserveCapacity(rows.count)
    for first in stride(from: rows.count - width, through: 0, by: -width) {
      result += rows[first..<first + width]
    }
    return result
  }
}
