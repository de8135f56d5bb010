import GradientFlow

/// What reads the outputs of the recurrent layers: the layers of `--head`, found in the model's file or among activations.
struct HeadReader {
  /// The layers with their names.
  let layers: [any HeadLayer]
  let notes: [String]

  /// Reads layers by name, in their order.
  ///
  /// - Parameters:
  ///   - width: of the rows that the first one takes.
  ///   - directions: 2 where these rows are two directions side by side.
  /// - Throws: ``CaseError`` for layers that do not fit together, `ModelFileError` for those that the file does not have.
  init(_ names: [String], _ trained: inout TrainedModel, width: Int, directions: Int) throws {
    var layers: [any HeadLayer] = []
    var notes: [String] = []
    var size = width
    for name in names {
      let layer = try Self.layer(named: name, &trained, &notes)
      if layer is HeadMerge, !layers.isEmpty || directions != 2 {
        throw CaseError(
          .malformed, place: "--head \(names.joined(separator: ","))",
          problem: "\(layer.name) brings two directions together, which do not stand side by side there")
      }
      if Self.function(named: name) == nil, layers.contains(where: { $0.name == layer.name }) {
        throw CaseError(
          .malformed, place: "--head \(names.joined(separator: ","))",
          problem:
            "\(layer.name) stands there twice; a layer that is used twice is not computed: hand over ∂L/∂output "
            + "with --upstream")
      }
      guard let next = layer.outputSize(of: size) else {
        throw CaseError(
          .malformed, place: "--head \(names.joined(separator: ","))",
          problem:
            "\(layer.name) does not take \(size) numbers, which \(layers.last?.name ?? "the recurrent layers") "
            + (layers.isEmpty ? "give" : "gives"))
      }
      layers.append(layer)
      size = next
    }
    self.layers = layers
    self.notes = notes
  }

  /// A function by its name, or a layer of the file.
  private static func layer(
    named name: String, _ trained: inout TrainedModel, _ notes: inout [String]
  ) throws -> any HeadLayer {
    if let function = function(named: name) {
      guard !isStored(name, trained) else {
        throw CaseError(
          .malformed, place: "--head",
          problem:
            "'\(name)' is a function, and a layer of the file with parameters: write '\(name)\(separator(trained))' "
            + "for the layer, or save it under another name for the function")
      }
      return function
    }
    let (prefix, layer) = try Self.stored(name, &trained)
    switch layer {
    case .linear(let readout, let hasBias): return HeadLinear(name: prefix, readout, hasBias: hasBias)
    case .layerNorm(let weight, let bias, let epsilon):
      notes.append("\(prefix): LayerNorm, ε = \(epsilon) is assumed")
      return HeadLayerNorm(name: prefix, weight: weight, bias: bias, epsilon: epsilon)
    case .batchNorm(let weight, let bias, let mean, let variance, let epsilon):
      notes.append("\(prefix): BatchNorm as in evaluation, ε = \(epsilon) is assumed")
      return HeadBatchNorm(
        name: prefix, weight: weight, bias: bias, mean: mean, variance: variance, epsilon: epsilon)
    }
  }

  /// What has no parameters.
  private static func function(named name: String) -> (any HeadLayer)? {
    if let activation = HeadActivation(rawValue: name.lowercased().replacing("_", with: "-")) {
      return activation
    }
    if name == "dropout" { return HeadActivation.identity }
    return HeadMerge(rawValue: name)
  }

  private static func separator(_ trained: TrainedModel) -> String { trained.layout == .keras ? "/" : "." }

  /// Whether the file has a layer of a name, whatever it is.
  private static func isStored(_ name: String, _ trained: TrainedModel) -> Bool {
    var copy = trained
    do throws(ModelFileError) {
      _ = try copy.layer(named: name)
      return true
    } catch {
      return error.kind != .mismatch
    }
  }

  /// A layer of the file; where it has none of the name, the error names activations too.
  private static func stored(
    _ name: String, _ trained: inout TrainedModel
  ) throws(ModelFileError) -> (prefix: String, layer: StoredLayer) {
    do {
      return try trained.layer(named: name)
    } catch {
      guard error.kind == .mismatch else { throw error }
      throw ModelFileError(
        .mismatch, file: error.file, place: error.place, found: error.found,
        advice: error.advice + "; activations are "
          + HeadActivation.allCases.map(\.rawValue).joined(separator: ", "))
    }
  }
}
