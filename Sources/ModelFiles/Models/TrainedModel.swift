import Foundation
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

  private var reader: WeightReader
  private let otherModules: [String]
  private let readoutTensors: Set<String>
  private var file: String?

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

  /// The readout, where one is needed.
  ///
  /// - Throws: `ModelFileError` of kind `mismatch`, which names the candidates, if there is none or no clear one, or
  ///   what may stand between it and the recurrent layers.
  public func requiredReadout() throws(ModelFileError) -> Readout<Double> {
    guard let readout, let readoutPrefix else {
      throw ModelFileError(
        .mismatch, file: file, place: "readout",
        found: readoutCandidates.isEmpty
          ? "no linear layer over the \(model.outputSize) hidden units"
          : "several layers qualify: \(Excerpt.literals(readoutCandidates))",
        advice: readoutCandidates.isEmpty
          ? "save it with the model, or choose a loss without a readout" : "choose one with --readout")
    }
    if let reader = readingModule {
      throw ModelFileError(
        .mismatch, file: file, place: "readout \(Excerpt.literal(readoutPrefix))",
        found:
          "the recurrent module \(Excerpt.literal(reader)) reads as many numbers as \(Excerpt.literal(prefix)) gives, "
          + "and may stand between",
        advice: "if the readout reads \(Excerpt.literal(prefix)) directly, say --head \(readoutPrefix)"
          + (layout == .pytorch && !prefix.isEmpty
            ? "; if \(Excerpt.literal(reader)) reads it at every step, --stack \(prefix),\(reader)" : "")
          + "; otherwise capture the model, or hand over the gradient: --upstream g.npy")
    }
    if let other = equallyWideModule {
      throw ModelFileError(
        .mismatch, file: file, place: "readout \(Excerpt.literal(readoutPrefix))",
        found:
          "it reads \(model.outputSize) numbers, which the recurrent module \(Excerpt.literal(other)) gives as well as "
          + "\(Excerpt.literal(prefix))",
        advice:
          "say that it reads this one: --head \(readoutPrefix); or diagnose the other one: --prefix \(other)")
    }
    let between = unused().filter { $0.reason == .mayStandBetween }
    guard between.isEmpty else {
      let proposal = headProposal(between)
      throw ModelFileError(
        .mismatch, file: file, place: "readout \(Excerpt.literal(readoutPrefix))",
        found: "more may stand between it and the recurrent layers, or behind it: "
          + between.prefix(6).map(\.text).joined(separator: ", ")
          + (between.count > 6 ? " and \(between.count - 6) more" : ""),
        advice: "say all that reads the recurrent layers, in its order, with activations: "
          + (proposal.map { "--head \($0), or " } ?? "")
          + "--head \(readoutPrefix) if it reads them directly (in place of --readout); or hand over the gradient itself: "
          + "--upstream g.npy; if one of them stands inside the recurrence, capture the model instead")
    }
    return readout
  }

  /// Another recurrent module that may read what this one gives.
  private var readingModule: String? {
    otherModules.first { path in
      reader.archive.names.contains { name in
        guard name.hasPrefix(path), let shape = reader.archive[name]?.shape, shape.count == 2 else {
          return false
        }
        let leaf = name.dropFirst(path.count)
        if leaf == "kernel" { return shape[0] == model.outputSize }
        return (leaf == "weight_ih" || leaf == "weight_ih_l0") && shape[1] == model.outputSize
      }
    }.map { String($0.dropLast()) }
  }

  /// Another recurrent module that gives as many numbers as this one, so that the readout may be its own.
  private var equallyWideModule: String? {
    otherModules.first { path in
      var widths: [Int] = []
      for name in reader.archive.names where name.hasPrefix(path) {
        guard let shape = reader.archive[name]?.shape, shape.count == 2 else { continue }
        let leaf = name.dropFirst(path.count)
        if leaf == "recurrent_kernel" { widths.append(shape[0]) }
        if leaf == "weight_hh" || leaf.hasPrefix("weight_hh_l0") { widths.append(shape[1]) }
      }
      return widths.reduce(0, +) == model.outputSize
    }.map { String($0.dropLast()) }
  }

  /// `norm,fc` or `fc1,relu,fc2`: a head that fits, of the readout and one more layer; nil where none does.
  private func headProposal(_ between: [UnusedTensor]) -> String? {
    guard let readout, let readoutPrefix else { return nil }
    let width = model.outputSize
    for tensor in between {
      let module = Self.module(of: tensor.name, layout)
      let leaf = tensor.name.dropFirst(module.count + 1)
      guard ["weight", "kernel", "gamma"].contains(leaf) else { continue }
      let name = Excerpt.shortened(module)
      switch tensor.shape.count {
      case 1 where tensor.shape[0] == width: return "\(name),\(readoutPrefix)"
      case 2:
        let (inputs, outputs) =
          layout == .keras ? (tensor.shape[0], tensor.shape[1]) : (tensor.shape[1], tensor.shape[0])
        if inputs == readout.outputSize, inputs != width { return "\(readoutPrefix),relu,\(name)" }
        if inputs == width, outputs == width { return "\(name),relu,\(readoutPrefix)" }
      default: continue
      }
    }
    return nil
  }

  /// The module or path that a tensor is of.
  private static func module(of name: String, _ layout: ModelLayout) -> String {
    let separator: Character = layout == .keras ? "/" : "."
    return name.lastIndex(of: separator).map { String(name[..<$0]) } ?? name
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

// MARK: - What else the file has

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
    !StoredEmbedding.candidates(in: reader.archive, width: inputSize, besides: []).isEmpty
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
