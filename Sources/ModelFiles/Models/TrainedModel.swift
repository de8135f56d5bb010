import LinearAlgebra
import RecurrentCells

/// A recurrent model that was trained elsewhere, with the linear layer that reads its hidden state.
///
/// Files hold weights without what they are weights of: the cell is told from their shapes, or from its name where this
/// program wrote it, layers and directions from their names, and what neither shows is assumed and said in ``notes``.
public struct TrainedModel: Sendable {
  /// The recurrent layers.
  public let model: RecurrentModel<Double>
  /// The linear layer y = W_o h + b_o over what the last layer gives; nil if there is none, or several may be it.
  public let readout: Readout<Double>?

  /// Whose names and shapes the file has.
  public let layout: ModelLayout
  /// The module or path of the recurrent layers, without a separator at its end; empty if they are at the top.
  public let prefix: String
  /// The module or path of the readout.
  public let readoutPrefix: String?
  /// Where several linear layers may be the readout, all of them.
  public let readoutCandidates: [String]
  /// The types that the weights are stored in, the widest first.
  public let storedTypes: [StoredType]
  /// What the file does not say and is assumed, and what of it is not used; a line each.
  public let notes: [String]

  private var file: String?

  /// Reads a safetensors or NPZ file.
  ///
  /// - Parameters:
  ///   - layout: whose names the file has; nil to find it from them.
  ///   - prefix: the module or path of the recurrent layers, with or without a separator at its end; nil to find it.
  ///   - nonlinearity: that of a plain RNN; nil for what the file's metadata says, or else tanh.
  ///   - readout: the module or path of the linear readout; nil to find it if there is no doubt.
  /// - Throws: `ModelFileError` as ``ModelArchive`` does; of kind `mismatch` for weights that are missing, do not fit
  ///   together or are not finite, and for a choice that the file leaves; `unsupported` for other equations.
  public init(
    contentsOf path: String, layout: ModelLayout? = nil, prefix: String? = nil,
    nonlinearity: Activation? = nil, readout: String? = nil
  ) throws(ModelFileError) {
    let archive = try ModelArchive(contentsOf: path)
    self = try ModelFileError.locating(
      file: path,
      try Self(archive, layout: layout, prefix: prefix, nonlinearity: nonlinearity, readout: readout))
    file = path
  }

  /// Reads the arrays of a file; see ``init(contentsOf:layout:prefix:nonlinearity:readout:)``.
  ///
  /// - Throws: `ModelFileError` of kind `mismatch` or `unsupported`.
  public init(
    _ archive: ModelArchive, layout: ModelLayout? = nil, prefix: String? = nil,
    nonlinearity: Activation? = nil, readout: String? = nil
  ) throws(ModelFileError) {
    let layout = if let layout { layout } else { try ModelLayout(namesOf: archive) }
    var reader = WeightReader(archive: archive)
    var found: FoundLayers
    switch layout {
    case .pytorch: found = try PyTorchModule.layers(&reader, prefix: prefix)
    case .keras: found = try KerasGroup.layers(&reader, prefix: prefix)
    }
    let cell = try Self.cell(&found, archive, nonlinearity)
    model = RecurrentModel(cell: cell, layers: found.layers)

    let search = ReadoutSearch(
      layers: found.linearLayers, width: model.outputSize, inputs: model.inputSize)
    let choice = try search.choice(archive, named: readout)
    self.readout = try choice.layer.map { (layer) throws(ModelFileError) in
      try layer.readout(&reader, width: search.width)
    }
    readoutPrefix = choice.layer?.prefix
    readoutCandidates = choice.candidates
    self.layout = layout
    self.prefix = found.prefix
    let types = reader.storedTypes
    storedTypes = StoredType.allCases.filter(types.contains)
    notes = found.notes + choice.notes
  }

  /// The readout, where one is needed.
  ///
  /// - Throws: `ModelFileError` of kind `mismatch`, which names the candidates, if there is none or no clear one.
  public func requiredReadout() throws(ModelFileError) -> Readout<Double> {
    if let readout { return readout }
    throw ModelFileError(
      .mismatch, file: file, place: "readout",
      found: readoutCandidates.isEmpty
        ? "no linear layer over the \(model.outputSize) hidden units"
        : "several layers qualify: \(Excerpt.literals(readoutCandidates))",
      advice: readoutCandidates.isEmpty
        ? "save it with the model, or choose a loss without a readout" : "choose one with --readout")
  }

  /// The cell, from its name where the file has it, from G, and for a plain RNN from what is known of its nonlinearity.
  private static func cell(
    _ found: inout FoundLayers, _ archive: ModelArchive, _ given: Activation?
  ) throws(ModelFileError) -> CellKind {
    let cell = try gatedOrPlain(archive, gates: found.layers[0][0].gateCount)
    guard Activation(cell) == nil else {
      let stored = try storedNonlinearity(archive)
      if let given, let stored, given != stored {
        found.notes.append("the file says nonlinearity \(stored.rawValue); \(given.rawValue) was requested")
      }
      if given == nil && stored == nil {
        found.notes.append(
          "the nonlinearity is not stored: tanh is assumed; use --nonlinearity relu if it was trained with relu"
        )
      }
      return (given ?? stored ?? .tanh).cell
    }
    guard let given else { return cell }
    throw .mismatch(
      "nonlinearity", "\(given.rawValue) for a model of \(cell.rawValue) cells",
      "only plain RNNs have a choice; omit --nonlinearity")
  }

  /// The cell that the file names, or the first with G gates, of which there is one: shapes of no cell are not read.
  private static func gatedOrPlain(
    _ archive: ModelArchive, gates: Int
  ) throws(ModelFileError) -> CellKind {
    let cells = CellKind.allCases.filter { $0.gates.count == gates }
    guard let name = archive.metadata[CellKind.metadataKey] else { return cells[0] }
    if let cell = cells.first(where: { $0.rawValue == name }) { return cell }
    throw .mismatch(
      "__metadata__, \"\(CellKind.metadataKey)\"", "the cell \(Excerpt.literal(name))",
      "the shapes are those of \(cells.map(\.rawValue).joined(separator: ", "))")
  }

  private static func storedNonlinearity(_ archive: ModelArchive) throws(ModelFileError) -> Activation? {
    guard let text = archive.metadata[Activation.metadataKey] else { return nil }
    if let one = Activation(rawValue: text) { return one }
    throw .unsupported(
      "__metadata__, \"\(Activation.metadataKey)\"", "the nonlinearity \(Excerpt.literal(text))",
      "plain RNNs support \(Activation.allCases.map(\.rawValue).joined(separator: ", "))")
  }
}
