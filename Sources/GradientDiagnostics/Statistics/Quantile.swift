/// The quantile of a sample by linear interpolation between order statistics (type 7 of Hyndman & Fan 1996,
/// NumPy's default). −∞ and +∞ sort as numbers; interpolation towards an infinity gives it.
///
/// - Parameters:
///   - probability: in [0, 1]; 0.5 is the median.
/// - Returns: nil for an empty sample.
public func quantile(_ values: [Double], _ probability: Double) -> Double? {
  let sorted = values.filter { !$0.isNaN }.sorted()
  guard let last = sorted.last else { return nil }
  let position = probability * Double(sorted.count - 1)
  let k = Int(position)
  let fraction = position - Double(k)
  if fraction == 0 || k + 1 >= sorted.count { return k < sorted.count ? sorted[k] : last }
  if sorted[k] == sorted[k + 1] || sorted[k] == -.infinity { return sorted[k] }
  return sorted[k] + fraction * (sorted[k + 1] - sorted[k])
}
