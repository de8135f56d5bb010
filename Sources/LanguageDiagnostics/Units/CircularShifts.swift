import LinearAlgebra

/// Circular shifts of a series against another: what is left of their association is chance, since both keep
/// their memory and their distribution.
public enum CircularShifts {
  /// Draws S shifts of a series of n values, ascending, so that 0 and they are at least `distance` apart
  /// around the circle.
  ///
  /// The n − (S + 1)·distance places that are left over are divided at random between the S + 1 gaps. All
  /// gaps have one distribution, so none of the S + 1 places, of which the unshifted series is one, differs
  /// from the others.
  ///
  /// - Parameters:
  ///   - count: S ≥ 0.
  ///   - length: n.
  ///   - distance: least gap, ≥ 1; a quarter of the mean gap n / (S + 1) if nothing is said.
  /// - Precondition: (S + 1)·distance ≤ n.
  public static func drawn(count: Int, length: Int, distance: Int? = nil, seed: UInt64) -> [Int] {
    let distance = distance ?? max(1, length / (4 * (count + 1)))
    let slack = length - (count + 1) * distance
    precondition(count >= 0 && distance >= 1 && slack >= 0, "no \(count) shifts of \(length) values")
    var stream = RandomStream(rootSeed: seed, trialSeed: 0, purpose: .other(0x5f17))
    let places = (0..<count).map { _ in stream.integer(below: slack + 1) }.sorted()
    return places.enumerated().map { $1 + ($0 + 1) * distance }
  }
}
