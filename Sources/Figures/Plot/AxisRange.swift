/// The ends of an axis as a script can write them and gnuplot can draw them: finite, in order, and so far apart that the
/// seven digits of a coordinate tell them and the places between them.
///
/// gnuplot takes an axis whose ends read the same for an error, and counts in doubles: 10³⁰⁰ either way leaves it room.
package struct AxisRange: Sendable, Equatable {
  package let low, high: Double

  private static let limit = 1e300, least = 1e-290

  /// - Parameters:
  ///   - low: the lower end; what is not a number is 0.
  ///   - share: what lies between the ends at least, as a share of the larger one's size.
  package init(_ low: Double, _ high: Double, share: Double = 1e-4) {
    func bounded(_ value: Double) -> Double { value.isNaN ? 0 : min(max(value, -Self.limit), Self.limit) }
    var (low, high) = (bounded(min(low, high)), bounded(max(low, high)))
    let width = max(Self.least, share * max(low.magnitude, high.magnitude))
    if high - low < width {
      let middle = low / 2 + high / 2
      (low, high) = (middle - width / 2, middle + width / 2)
    }
    (self.low, self.high) = (low, high)
  }

  /// As a command that sets a range has it.
  package var text: String { "[\(fixed(low)):\(fixed(high))]" }
}
