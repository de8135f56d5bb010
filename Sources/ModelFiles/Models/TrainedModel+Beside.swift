import LinearAlgebra
import RecurrentCells

/// What else the file has beside the recurrent layers and their readout.
extension TrainedModel {
  /// What of the file is not used, in its order.
  ///
  /// - Complexity: O(names · depth).
  public func unused() -> [UnusedTensor] {
    let reasons = TensorReasons(
      reader.archive, layout: layout, prefixes: modules.map(\.prefix), others: otherModules,
      readout: readoutTensors, widths: [model.outputSize, readout?.outputSize].compactMap(\.self),
      inputSize: inputSize)
    return reader.archive.names.filter { !reader.used.contains($0) }.map { name in
      UnusedTensor(name: name, shape: reader.archive[name]?.shape ?? [], reason: reasons.reason(for: name))
    }
  }

  /// Reads a layer of a head by its module or path.
  ///
  /// - Returns: the layer with its whole module or path.
  /// - Throws: `ModelFileError` as reading the model does.
  public mutating func layer(named name: String) throws(ModelFileError) -> (
    prefix: String, layer: StoredLayer
  ) {
    let layout = layout
    return try locating { (reader) throws(ModelFileError) in
      try StoredLayer.read(name, &reader, layout: layout)
    }
  }

  /// Whether a name is that of a recurrent module of a file.
  public static func hasRecurrentModule(_ name: String, in archive: ModelArchive) -> Bool {
    PyTorchModule.isModule(name, in: archive) || KerasGroup.isRecurrent(name, in: archive)
  }

  /// Counts the readout as unused, where a head is given.
  public mutating func releaseReadout() { reader.release(readoutTensors) }

  /// Whether the file has other recurrent modules than those that are read.
  public var hasOtherModules: Bool { !otherModules.isEmpty }

  /// Tensors that an embedding of the first module's inputs could be, by their shape.
  public var tensorsOfInputWidth: [String] {
    reader.archive.names.filter { name in
      let shape = reader.archive[name]?.shape ?? []
      return shape.count == 2 && shape[1] == inputSize && !reader.used.contains(name)
    }
  }

  /// Whether the file has a tensor that may be the embedding that the first module reads.
  public var hasEmbedding: Bool {
    !StoredEmbedding.candidates(in: reader.archive, width: inputSize).isEmpty
  }

  /// Reads the embedding that the first module reads, by its name or by its own.
  ///
  /// - Throws: `ModelFileError` of kind `mismatch` where several may be it, or none has the name.
  public mutating func embedding(named name: String? = nil) throws(ModelFileError) -> StoredEmbedding? {
    let width = inputSize
    return try locating { (reader) throws(ModelFileError) in
      try StoredEmbedding.read(name, &reader, width: width)
    }
  }

  /// Reads the initial states that the first module learned, h_0 and c_0.
  ///
  /// - Throws: `ModelFileError` of kind `mismatch` where several may be it.
  public mutating func learnedStates() throws(ModelFileError) -> (hidden: StoredState?, cell: StoredState?) {
    let first = modules[0].model
    let count = first.layers.count * first.directions.count
    let separator: Character = layout == .keras ? "/" : "."
    let own = modules[0].prefix.isEmpty ? "" : modules[0].prefix + String(separator)
    let others = (otherModules + modules.dropFirst().map { $0.prefix + String(separator) }).filter {
      $0.count > 1 && $0 != own
    }
    // One beside or inside another module, and not beside or around this one.
    func isOthers(_ name: String) -> Bool {
      let path = name.lastIndex(of: separator).map { name[...$0] } ?? ""
      return !own.hasPrefix(path) && (own.isEmpty || !path.hasPrefix(own))
        && others.contains { $0.hasPrefix(path) || path.hasPrefix($0) }
    }
    return try locating { (reader) throws(ModelFileError) in
      (
        try StoredState.read(
          .initialHidden, &reader, count: count, width: first.hiddenSize, besides: isOthers),
        first.cell.carriesCellState
          ? try StoredState.read(
            .initialCell, &reader, count: count, width: first.hiddenSize, besides: isOthers) : nil
      )
    }
  }

  private mutating func locating<Result>(
    _ read: (inout WeightReader) throws(ModelFileError) -> Result
  ) throws(ModelFileError) -> Result {
    var reader = reader
    defer { self.reader = reader }
    return try ModelFileError.locating(file: file, try read(&reader))
  }
}
