/// Lines that mean the same in every figure.
package enum Pen: Sendable, Equatable {
  /// Where a quantity is 0.
  case zero
  /// A level with a meaning of its own: 90 % reached, where numbers of a precision end.
  case limit
  /// Where a clip sets in.
  case threshold
  /// A place along x that curves are read by: the length trained at, where a decoder ends and its encoder begins. Its dots
  /// are far enough apart to be seen as such on a page of many panels.
  case place
  /// What a measurement is compared with: the linear prediction, the loss of chance.
  case reference
  /// An axis, or where two quantities are equal.
  case axis
  /// A border between regions of a map.
  case border
  /// Around a part of a map.
  case outline
  /// A line over a map, whose colour no map has.
  case marker
  /// Below a line of the colour of its ground.
  case halo

  package var style: CurveStyle {
    switch self {
    case .zero: CurveStyle(.middleGrey, [], 0, width: 1)
    case .limit: CurveStyle(.middleGrey, [2, 3], 0, width: 1)
    case .threshold: CurveStyle(.darkGrey, [2, 3], 0, width: 1.5)
    case .place: CurveStyle(.darkGrey, [3, 6], 0, width: 1.5)
    case .reference: CurveStyle(.darkGrey, [8, 4, 2, 4], 0, width: 1.5)
    case .axis: CurveStyle(.ink, [], 0, width: 1)
    case .border: CurveStyle(.black, [], 0, width: 2.5)
    case .outline: CurveStyle(.ink, [], 0, width: 1.4)
    case .marker: CurveStyle(.magenta, [6, 4], 0, width: 2.2)
    case .halo: CurveStyle(.white, [], 0, width: 4.5)
    }
  }
}
