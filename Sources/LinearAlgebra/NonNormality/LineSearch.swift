/// A local maximum of a function of one variable within an interval.
///
/// Golden sections, and steps to the top of a parabola through the best three points where these shrink.
///
/// - Parameter tolerance: on the argument.
/// - Returns: the best point met, with its value; for a smooth maximum the value is exact to the square of `tolerance`.
/// - Complexity: about 10 evaluations for a smooth maximum.
/// - Note: Source: Brent, Algorithms for Minimization without Derivatives (1973), ch. 5.
func localMaximum(
  in interval: ClosedRange<Double>, tolerance: Double, _ function: (Double) -> Double
) -> (argument: Double, value: Double) {
  let golden = 0.3819660112501051
  var (low, high) = (interval.lowerBound, interval.upperBound)
  let first = low + golden * (high - low)
  // Best, second best and the one before.
  var (x, w, v) = (first, first, first)
  var fx = function(first)
  var (fw, fv) = (fx, fx)
  var (step, stepBefore) = (0.0, 0.0)
  for _ in 0..<60 {
    let middle = (low + high) / 2
    if (x - middle).magnitude + (high - low) / 2 <= 2 * tolerance { break }
    let r = (x - w) * (fx - fv)
    let q = (x - v) * (fx - fw)
    var p = (x - v) * q - (x - w) * r
    let denominator = 2 * (q - r)
    p = denominator > 0 ? -p : p
    let divisor = denominator.magnitude
    let last = stepBefore
    stepBefore = step
    if p.magnitude < (divisor * last / 2).magnitude && p > divisor * (low - x) && p < divisor * (high - x) {
      step = p / divisor
      let u = x + step
      if u - low < 2 * tolerance || high - u < 2 * tolerance { step = x < middle ? tolerance : -tolerance }
    } else {
      stepBefore = x < middle ? high - x : low - x
      step = golden * stepBefore
    }
    let u = step.magnitude >= tolerance ? x + step : x + (step > 0 ? tolerance : -tolerance)
    let fu = function(u)
    if fu >= fx {
      if u >= x { low = x } else { high = x }
      (v, w, x) = (w, x, u)
      (fv, fw, fx) = (fw, fx, fu)
    } else {
      if u < x { low = u } else { high = u }
      if fu >= fw || w == x {
        (v, w) = (w, u)
        (fv, fw) = (fw, fu)
      } else if fu >= fv || v == x || v == w {
        (v, fv) = (u, fu)
      }
    }
  }
  return (x, fx)
}
