/// One layer of a model, read in one direction, with its forward pass.
///
/// Time is the layer's own: step t of the reverse direction reads x_{T+1−t}, so that in both directions gradients
/// travel from t = T to t = 1, and `lag` = T − t.
public final class LayerPass<Cell: RecurrentCell> {
  public let place: LayerPlace
  /// The pass, in the layer's own time.
  public var pass: SequencePass<Cell>

  init(place: LayerPlace, pass: consuming SequencePass<Cell>) {
    self.place = place
    self.pass = pass
  }

  /// From 0.
  public var layer: Int { place.layer }
  public var direction: Direction { place.direction }
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
