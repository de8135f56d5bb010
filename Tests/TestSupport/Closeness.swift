import Foundation

/// Why two arrays differ: the worst element with both values; nil if they agree.
///
///     |a − b| ≤ absolute + relative · max(|a|, |b|)
///
/// Written so that NaN never agrees with anything, nor an infinity with anything but itself.
public func difference(
  _ a: [Double], _ b: [Double], relative: Double = 0, absolute: Double = 0
) -> String? {
  difference(a, b, relative: relative) { _ in absolute }
}

/// The same with an absolute tolerance for each element.
func difference(
  _ a: [Double], _ b: [Double], relative: Double, absolute: (Int) -> Double
) -> String? {
  guard a.count == b.count else { return "\(a.count) elements against \(b.count)" }
  var worst: (index: Int, excess: Double)?
  for k in a.indices where a[k] != b[k] {
    let error = (a[k] - b[k]).magnitude
    let allowed = absolute(k) + relative * max(a[k].magnitude, b[k].magnitude)
    // An infinity beside anything else is at an infinite distance, and so is NaN.
    if !error.isFinite || !(error <= allowed) {
      let excess = !error.isFinite || allowed == 0 ? .infinity : error / allowed
      if excess > (worst?.excess ?? 0) { worst = (k, excess) }
    }
  }
  return worst.map {
    "element \($0.index): \(a[$0.index]) against \(b[$0.index]), \($0.excess) times the tolerance"
  }
}

/// |observed − expected| in units in the last place of `expected`, in the precision of `ulp`.
///
/// - Parameter ulp: spacing of the numbers near 1, `Double.ulpOfOne` or `Float.ulpOfOne`.
/// - Returns: 0 for equal values, infinities included; +∞ where one is NaN.
public func ulps(
  _ observed: Double, _ expected: Double, ulp: Double = Double.ulpOfOne
) -> Double {
  if observed == expected { return 0 }
  let spacing = expected == 0 ? ulp : expected.magnitude.binade * ulp
  let error = (observed - expected).magnitude / spacing
  return error.isNaN ? .infinity : error
}
