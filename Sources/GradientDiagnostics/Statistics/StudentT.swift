import Foundation

/// Student's t distribution: what a confidence interval over a few seeds needs.
public enum StudentT {
  /// The two-sided quantile t with P(|T| ≤ t) = `confidence`.
  ///
  /// - Parameters:
  ///   - confidence: in (0, 1), for example 0.95.
  ///   - degreesOfFreedom: ≥ 1.
  /// - Complexity: about 100 evaluations of a continued fraction; error below 1e-10.
  public static func twoSidedQuantile(confidence: Double, degreesOfFreedom: Int) -> Double {
    precondition((0..<1).contains(confidence) && degreesOfFreedom >= 1, "no such quantile")
    let tail = 1 - confidence
    var (low, high) = (0.0, 1.0)
    while probabilityBeyond(high, degreesOfFreedom) > tail { high *= 2 }
    while high - low > 1e-12 * high {
      let middle = (low + high) / 2
      if middle == low || middle == high { break }
      if probabilityBeyond(middle, degreesOfFreedom) > tail { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// P(|T| > t) = I_x(ν/2, 1/2), x = ν / (ν + t²).
  ///
  /// - Note: Source: Abramowitz & Stegun, 26.7.1 and 26.5.8.
  public static func probabilityBeyond(_ t: Double, _ degreesOfFreedom: Int) -> Double {
    let nu = Double(degreesOfFreedom)
    return incompleteBeta(nu / 2, 0.5, nu / (nu + t * t))
  }
}

/// The regularised incomplete beta function I_x(a, b) by its continued fraction (modified Lentz method).
private func incompleteBeta(_ a: Double, _ b: Double, _ x: Double) -> Double {
  if x <= 0 { return 0 }
  if x >= 1 { return 1 }
  // The fraction converges fast below the mean; above it the symmetric form does.
  if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(b, a, 1 - x) }
  let front =
    exp(
      lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
  let tiny = 1e-300
  var (c, d) = (1.0, 1 / max(tiny, (1 - (a + b) * x / (a + 1))))
  var fraction = d
  for m in 1...500 {
    let m = Double(m)
    for term in [
      m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
      -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
    ] {
      d = 1 + term * d
      d = 1 / (d.magnitude < tiny ? tiny : d)
      c = 1 + term / c
      if c.magnitude < tiny { c = tiny }
      fraction *= d * c
    }
    if (d * c - 1).magnitude < 1e-15 { break }
  }
  return front * fraction
}
