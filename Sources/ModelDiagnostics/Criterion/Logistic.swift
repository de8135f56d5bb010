import Foundation

/// 1 / (1 + e^(−x)), right at both ends.
func logistic(_ x: Double) -> Double {
  let small = exp(-abs(x))
  return (x < 0 ? small : 1) / (1 + small)
}
