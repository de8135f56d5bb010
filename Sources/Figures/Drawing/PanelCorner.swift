/// A corner of a panel, for its key; raw values are gnuplot's.
enum PanelCorner: String, Sendable, CaseIterable {
  case lowerLeft = "left bottom"
  case upperRight = "right top"
  case upperLeft = "left top"
  case lowerRight = "right bottom"

  /// The corner that a box of some share of the panel covers fewest points in.
  ///
  /// - Parameter points: of the panel, both coordinates from 0 to 1.
  static func emptiest(
    _ points: [(x: Double, y: Double)], width: Double, height: Double
  ) -> PanelCorner {
    func covered(_ corner: PanelCorner) -> Int {
      let isLeft = corner == .lowerLeft || corner == .upperLeft
      let isLow = corner == .lowerLeft || corner == .lowerRight
      return points.count { x, y in
        (isLeft ? x < width : x > 1 - width) && (isLow ? y < height : y > 1 - height)
          && (-0.05...1.05).contains(y)
      }
    }
    // The first of equals.
    return allCases.min { covered($0) < covered($1) } ?? .lowerLeft
  }
}
