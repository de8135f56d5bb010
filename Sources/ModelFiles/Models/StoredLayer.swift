import LinearAlgebra
import RecurrentCells

/// A layer of a model's file beside the recurrent ones, by its module or path.
public enum StoredLayer: Sendable, Equatable {
  /// y = x Wᵀ + b; whether there is a b.
  case linear(Readout<Double>, hasBias: Bool)
  /// Layer normalisation with γ and β.
  case layerNorm(weight: [Double], bias: [Double], epsilon: Double)
  /// Batch normalisation by the averages of the training.
  case batchNorm(weight: [Double], bias: [Double], mean: [Double], variance: [Double], epsilon: Double)
}

extension StoredLayer {
  /// Reads a layer by its name.
  ///
  /// - Returns: the layer with its whole prefix.
  /// - Throws: `ModelFileError` of kind `mismatch`, which names what the file has, or `unsupported`.
  static func read(
    _ name: String, _ reader: inout WeightReader, layout: ModelLayout
  ) throws(ModelFileError) -> (prefix: String, layer: StoredLayer) {
    let prefix = try module(name, reader.archive, layout)
    let isKeras = layout == .keras
    let separator = isKeras ? "/" : "."
    func tensor(_ leaf: String) -> String? { reader.archive.storedName(prefix + separator + leaf) }
    let place = "head \(Excerpt.literal(prefix))"
    if let weight = tensor(isKeras ? "kernel" : "weight"), let array = reader.archive[weight],
      array.shape.count == 2
    {
      let bias = tensor("bias")
      let linear = LinearLayer(prefix: prefix, weight: weight, bias: bias, isTransposed: isKeras)
      return (
        prefix,
        .linear(try linear.readout(&reader, width: array.shape[isKeras ? 0 : 1]), hasBias: bias != nil)
      )
    }
    guard let weight = tensor(isKeras ? "gamma" : "weight"), let shape = reader.archive[weight]?.shape,
      shape.count == 1
    else {
      throw .unsupported(
        place, "no linear layer and no normalisation",
        "heads are of linear layers, LayerNorm, BatchNorm and activations; hand over ∂L/∂output with --upstream for others"
      )
    }
    let reason = "as \(Excerpt.literal(weight)) is \(Excerpt.shape(shape))"
    func vector(_ leaf: String) throws(ModelFileError) -> [Double]? {
      guard let name = tensor(leaf) else { return nil }
      return try reader.values(of: name, shape: shape, reason: reason)
    }
    let gamma = try reader.values(of: weight, shape: shape, reason: reason)
    let beta = try vector(isKeras ? "beta" : "bias")
    let mean = try vector(isKeras ? "moving_mean" : "running_mean")
    let variance = try vector(isKeras ? "moving_variance" : "running_var")
    // The ε that each library has by default; it is not stored.
    let epsilon = isKeras ? 1e-3 : 1e-5
    if let mean, let variance {
      if let counter = tensor("num_batches_tracked") { reader.noteUse(of: counter) }
      return (
        prefix,
        .batchNorm(
          weight: gamma, bias: beta ?? Array(repeating: 0, count: gamma.count), mean: mean,
          variance: variance,
          epsilon: epsilon)
      )
    }
    guard let beta else {
      throw .unsupported(
        place, "a weight \(Excerpt.shape(shape)) without a bias, as of RMSNorm",
        "LayerNorm and BatchNorm with both are read; hand over ∂L/∂output with --upstream for others")
    }
    return (prefix, .layerNorm(weight: gamma, bias: beta, epsilon: epsilon))
  }

  /// The module or path of a name: itself, or the only one that ends with it.
  private static func module(
    _ name: String, _ archive: ModelArchive, _ layout: ModelLayout
  ) throws(ModelFileError) -> String {
    let separator: Character = layout == .keras ? "/" : "."
    var modules: [String] = []
    for tensor in archive.names + archive.metadata.keys.sorted() where archive.storedName(tensor) != nil {
      guard let end = tensor.lastIndex(of: separator) else { continue }
      let module = String(tensor[..<end])
      if !modules.contains(module) { modules.append(module) }
    }
    let wanted = name.hasSuffix(String(separator)) ? String(name.dropLast()) : name
    if modules.contains(wanted) { return wanted }
    let near = modules.filter { $0.hasSuffix("\(separator)\(wanted)") }
    if near.count == 1 { return near[0] }
    throw .mismatch(
      "head \(Excerpt.literal(name))",
      near.isEmpty ? "no layer or activation of this name" : "several layers have this name",
      "the file has \(Excerpt.literals(near.isEmpty ? modules : near))")
  }
}
