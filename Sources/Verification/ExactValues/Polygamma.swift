import Foundation

/// ψ(x) = d/dx ln Γ(x), x > 0.
///
///     ψ(x) = ψ(x + 1) − 1/x   up to x ≥ 10, then   ln x − 1/2x − 1/12x² + 1/120x⁴ − …
///
/// - Note: Source: Abramowitz & Stegun, 6.3.5 and 6.3.18.
package func digamma(_ x: Double) -> Double {
  precondition(x > 0, "ψ(\(x))")
  var (x, sum) = (x, 0.0)
  while x < 10 {
    sum -= 1 / x
    x += 1
  }
  let y = 1 / (x * x)
  let series = y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y * (1 / 132 - y * 691 / 32760)))))
  return sum + log(x) - 1 / (2 * x) - series
}

/// ψ₁(x) = d/dx ψ(x), x > 0.
///
///     ψ₁(x) = ψ₁(x + 1) + 1/x²   up to x ≥ 10, then   1/x + 1/2x² + 1/6x³ − 1/30x⁵ + …
///
/// - Note: Source: Abramowitz & Stegun, 6.4.6 and 6.4.12.
package func trigamma(_ x: Double) -> Double {
  precondition(x > 0, "ψ₁(\(x))")
  var (x, sum) = (x, 0.0)
  while x < 10 {
    sum += 1 / (x * x)
    x += 1
  }
  let y = 1 / (x * x)
  let series =
    y * (1 / 6 - y * (1 / 30 - y * (1 / 42 - y * (1 / 30 - y * (5 / 66 - y * (691 / 2730 - y * 7 / 6))))))
  return sum + (1 + 1 / (2 * x) + series) / x
}
