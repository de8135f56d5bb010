import LinearAlgebra

/// Features with mean 0 and variance 1 over the text [F, n], in single precision, and pieces of their
/// circular shifts.
struct StandardisedFeatures: ~Copyable {
  /// The names of those that vary, and of those that do not and are left out.
  let names: [String], constantNames: [String]
  /// n.
  let length: Int
  /// Σ φ and Σ φ² of the rounded values: 0 and n but for the last digits.
  let sums: [Double], squares: [Double]
  private let values: AlignedBuffer<Float>

  /// - Parameters:
  ///   - series: taken one by one, so that a lazy list never has all in memory twice.
  ///   - length: n, the number of values of each.
  init(_ series: some Collection<FeatureSeries>, length: Int) throws(UnitSeriesError) {
    var names: [String] = []
    var constantNames: [String] = []
    var moments: [(sum: Double, squares: Double)] = []
    let values = AlignedBuffer<Float>(uninitializedCount: series.count * length)
    for feature in series {
      precondition(feature.values.count == length, "the feature \(feature.name) has another length")
      if let bad = feature.values.firstIndex(where: { !$0.isFinite }) {
        throw .featureNotFinite(name: feature.name, position: bad)
      }
      if let sums = standardise(feature.values, into: values.base + names.count * length) {
        names.append(feature.name)
        moments.append(sums)
      } else {
        constantNames.append(feature.name)
      }
    }
    (self.names, self.constantNames, self.length) = (names, constantNames, length)
    sums = moments.map(\.sum)
    squares = moments.map(\.squares)
    self.values = values
  }

  /// Values of consecutive places, each feature's beside the other [F, count], shifted: place t has the value
  /// of (t + shift) mod n.
  func fill(_ target: UnsafeMutablePointer<Float>, from position: Int, count: Int, shift: Int) {
    let start = (position + shift) % length
    let untilEnd = min(count, length - start)
    for f in names.indices {
      let (row, source) = (target + f * count, values.base + f * length)
      row.update(from: source + start, count: untilEnd)
      (row + untilEnd).update(from: source, count: count - untilEnd)
    }
  }
}

/// Writes (v − mean) / deviation and returns the sums of what is written and of its squares; nil for a
/// constant.
private func standardise(
  _ values: [Float], into target: UnsafeMutablePointer<Float>
) -> (sum: Double, squares: Double)? {
  guard let first = values.first, values.contains(where: { $0 != first }) else { return nil }
  let n = Double(values.count)
  let mean = values.reduce(0.0) { $0 + Double($1) } / n
  let variance = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / n
  let scale = 1 / variance.squareRoot()
  var sums = (sum: 0.0, squares: 0.0)
  for (t, value) in values.enumerated() {
    let rounded = Float((Double(value) - mean) * scale)
    target[t] = rounded
    sums.sum += Double(rounded)
    sums.squares += Double(rounded) * Double(rounded)
  }
  return sums
}
