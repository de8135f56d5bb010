/// A corner of a panel; raw values are gnuplot's.
package enum PanelCorner: String, Sendable, CaseIterable {
  case upperRight = "right top"
  case upperLeft = "left top"
  case lowerLeft = "left bottom"
  case lowerRight = "right bottom"

  package var isLeft: Bool { self == .lowerLeft || self == .upperLeft }
  package var isLow: Bool { self == .lowerLeft || self == .lowerRight }

  /// The corner that a box of some share of the panel covers fewest points in.
  ///
  /// - Parameters:
  ///   - points: of the panel, both coordinates from 0 to 1.
  ///   - rules: heights of lines over the whole width.
  ///   - taken: a corner that is no longer free.
  package static func emptiest(
    _ points: [(x: Double, y: Double)], rules: [Double] = [], width: Double, height: Double,
    avoiding taken: PanelCorner? = nil
  ) -> PanelCorner {
    func covered(_ corner: PanelCorner) -> Int {
      let isHit: (Double) -> Bool = { y in
        (corner.isLow ? y < height : y > 1 - height) && (-0.05...1.05).contains(y)
      }
      return points.count { x, y in (corner.isLeft ? x < width : x > 1 - width) && isHit(y) }
        + 3 * rules.count(where: isHit)
    }
    // The first of equals.
    return allCases.filter { $0 != taken }.min { covered($0) < covered($1) } ?? .lowerLeft
  }
}
