import GradientFlow

extension SweepSpecification {
  /// Bytes of all weight blocks and inputs that trials share, if all were kept: an upper estimate from the axes.
  var sharedBytes: Double {
    let draws = Double(seeds.count) * Double(initializers.count) * Double(cells.map(\.gates.count).max() ?? 1)
    let blocks = hiddenSizes.reduce(0) { $0 + (Double($1) * Double($1) * 8 + 256) }
    let weights = draws * blocks * Double(1 + spectralRadii.count * precisions.count)
    guard task.kind == .gaussianNoise else { return weights }
    let steps = sequenceLengths.reduce(0.0) { $0 + Double($1) } * batchSizes.reduce(0.0) { $0 + Double($1) }
    let bytes = precisions.reduce(0.0) { $0 + ($1 == .float32 ? 4 : 8) }
    return weights + Double(seeds.count) * steps * inputSizes.reduce(0.0) { $0 + Double($1) } * bytes
  }
}
