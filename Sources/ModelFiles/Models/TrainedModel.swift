import LinearAlgebra
import RecurrentCells

/// A recurrent model that was trained elsewhere, with what reads its hidden state.
///
/// Files hold weights without what they are weights of: the cell is told from their shapes, or from its name where this
/// program wrote it, layers and directions from their names, and what neither shows is assumed and said in ``notes``. What
/// of a file is not used says ``unused``; a tensor inside a recurrent module that is none of its parameters is an error.
public struct TrainedModel: Sendable {
  /// Recurrent layers of one kind and width, under one module or path.
  public struct Module: Sendable {
    /// The module or path, without a separator at its end; empty if they are at the top.
    public let prefix: String
    public let model: RecurrentModel<Double>
    /// Parameters of the model's equation that the file does not have, such as `bias_hh_l0`: they are zero, and no
    /// parameters of what was trained.
    public let absent: Set<String>
  }

  /// The recurrent modules, one behind the other: one, unless a stack was asked for, or a Keras model has layers of
  /// different kinds or widths. What stands between those of a stack is the caller's, who checks that widths agree.
  public let modules: [Module]
  /// The linear layer y = W_o h + b_o over what the last layer gives; nil if there is none, or several may be it.
  public let readout: Readout<Double>?
  /// Whether the file has a bias of it.
  public let readoutHasBias: Bool

  /// Whose names and shapes the file has.
  public let layout: ModelLayout
  /// The module or path of the readout.
  public let readoutPrefix: String?
  /// Where several linear layers may be the readout, all of them.
  public let readoutCandidates: [String]
  /// What the file does not say and is assumed; a line each.
  public let notes: [String]
  /// How the readout was chosen, or why none was; a line each.
  public let readoutNotes: [String]

  var reader: WeightReader
  /// Recurrent modules that are not read, by their paths with a separator.
  let otherModules: [String]
  let readoutTensors: Set<String>
  private(set) var file: String?

  /// The last recurrent module's layers, which the readout reads.
  public var model: RecurrentModel<Double> { modules[modules.count - 1].model }
  /// The module or path of the last recurrent module.
  public var prefix: String { modules[modules.count - 1].prefix }
  /// Numbers that the first recurrent module reads.
  public var inputSize: Int { modules[0].model.inputSize }
  /// The types that the weights are stored in, the widest first.
  public var storedTypes: [StoredType] { StoredType.allCases.filter(reader.storedTypes.contains) }

  /// Reads a safetensors or NPZ file.
  ///
  /// - Parameters:
  ///   - layout: whose names the file has; nil to find it from them.
  ///   - prefix: the module or path of the recurrent layers, with or without a separator at its end; nil to find it.
  ///   - stack: modules of a `state_dict` that read what the one before them gives; nil for one module.
  ///   - apart: whether each layer of a Keras model is a module of its own.
  ///   - nonlinearity: that of plain RNNs; nil for what the file's metadata says, or else tanh.
  ///   - readout: the module or path of the linear readout; nil to find it if there is no doubt.
  /// - Throws: `ModelFileError` as ``ModelArchive`` does; of kind `mismatch` for weights that are missing, do not fit
  ///   together or are not finite, and for a choice that the file leaves; `unsupported` for other equations.
  public init(
    contentsOf path: String, layout: ModelLayout? = nil, prefix: String? = nil, stack: [String]? = nil,
    apart: Bool = false, nonlinearity: Activation? = nil, readout: String? = nil
  ) throws(ModelFileError) {
    let archive = try ModelArchive(contentsOf: path)
    self = try ModelFileError.locating(
      file: path,
      try Self(
        archive, layout: layout, prefix: prefix, stack: stack, apart: apart, nonlinearity: nonlinearity,
        readout: readout))
    file = path
  }

  /// Reads the arrays of a file; see ``init(contentsOf:layout:prefix:stack:apart:nonlinearity:readout:)``.
  ///
  /// - Throws: `ModelFileError` of kind `mismatch` or `unsupported`.
  public init(
    _ archive: ModelArchive, layout: ModelLayout? = nil, prefix: String? = nil, stack: [String]? = nil,
    apart: Bool = false, nonlinearity: Activation? = nil, readout: String? = nil
  ) throws(ModelFileError) {
    let layout = if let layout { layout } else { try ModelLayout(namesOf: archive) }
    var reader = WeightReader(archive: archive)
    var found: FoundLayers
    switch layout {
    case .pytorch: found = try PyTorchModule.layers(&reader, prefix: prefix, stack: stack)
    case .keras:
      found = try KerasGroup.layers(&reader, prefix: prefix, stack: stack, apart: apart)
    }
    modules = try Self.modules(&found, archive, nonlinearity)
    let last = modules[modules.count - 1].model
    let search = ReadoutSearch(
      layers: found.linearLayers, width: last.outputSize, inputs: modules[0].model.inputSize)
    let choice = try search.choice(archive, named: readout)
    let before = reader.used
    self.readout = try choice.layer.map { (layer) throws(ModelFileError) in
      try layer.readout(&reader, width: search.width)
    }
    readoutTensors = reader.used.subtracting(before)
    readoutPrefix = choice.layer?.prefix
    readoutHasBias = choice.layer?.bias != nil
    readoutCandidates = choice.candidates
    self.layout = layout
    self.reader = reader
    otherModules = found.otherModules
    notes = found.notes
    readoutNotes = choice.notes
  }

  /// The recurrent modules with their cells.
  private static func modules(
    _ found: inout FoundLayers, _ archive: ModelArchive, _ given: Activation?
  ) throws(ModelFileError) -> [Module] {
    let isPlain = found.modules.contains { $0.layers[0][0].gateCount == 1 }
    let only = found.modules.count == 1
    if given != nil, !isPlain, !only {
      throw .mismatch(
        "nonlinearity", "no plain RNN in the file", "only plain RNNs have a choice; omit --nonlinearity")
    }
    var modules: [Module] = []
    for module in found.modules {
      let isGated = module.layers[0][0].gateCount > 1
      let cell = try cell(module, &found.notes, archive, isGated && !only ? nil : given)
      modules.append(
        Module(
          prefix: module.prefix, model: RecurrentModel(cell: cell, layers: module.layers),
          absent: module.absent))
    }
    return modules
  }

  /// The cell, from its name where the file has it, from G, and for a plain RNN from what is known of its nonlinearity.
  private static func cell(
    _ found: FoundModule, _ notes: inout [String], _ archive: ModelArchive, _ given: Activation?
  ) throws(ModelFileError) -> CellKind {
    let cell = try gatedOrPlain(archive, gates: found.layers[0][0].gateCount)
    guard Activation(cell) == nil else {
      let stored = try storedNonlinearity(archive)
      if let given, let stored, given != stored {
        notes.append("the file says nonlinearity \(stored.rawValue); \(given.rawValue) was requested")
      }
      if given == nil && stored == nil {
        notes.append(
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
