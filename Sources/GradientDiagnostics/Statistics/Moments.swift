extension Collection<Double> {
  /// Mean and sample variance Σ (x − mean)² / (n − 1), which a single value does not have: NaN.
  var moments: (mean: Double, variance: Double) {
    let n = Double(count)
    let mean = reduce(0, +) / n
    return (mean, reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1))
  }
}
