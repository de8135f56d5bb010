import LinearAlgebra
import RecurrentCells

/// A module of a `state_dict` with the parameters of torch.nn.RNN, LSTM, GRU or one of their cells.
struct PyTorchModule {
  /// What the names of its tensors start with: empty, or the module with a dot.
  let path: String
  /// Its recurrent parameters.
  private var tensors: [PyTorchName: String] = [:]

  /// The module without the dot.
  var prefix: String { String(path.dropLast()) }

  /// The modules of a file that have recurrent parameters, in its order.
  static func all(in archive: ModelArchive) -> [Self] {
    var modules: [Self] = []
    var indices: [String: Int] = [:]
    for name in archive.names {
      let end =
        name.utf8.lastIndex(of: UInt8(ascii: ".")).map { name.utf8.index(after: $0) } ?? name.startIndex
      let path = String(name[..<end])
      let index = indices[path] ?? modules.count
      if index == modules.count {
        modules.append(Self(path: path))
        indices[path] = index
      }
      if let parameter = PyTorchName(name[end...]) { modules[index].tensors[parameter] = name }
    }
    return modules.filter { !$0.tensors.isEmpty }
  }

  private init(path: String) { self.path = path }

  /// Reads the recurrent layers of a file.
  ///
  /// - Parameter stack: the modules to read, one behind the other; nil for one.
  static func layers(
    _ reader: inout WeightReader, prefix: String?, stack: [String]? = nil
  ) throws(ModelFileError) -> FoundLayers {
    var notes: [String] = []
    let all = all(in: reader.archive)
    var chosen: [Self] = []
    if let stack {
      for name in stack {
        let module = try Self.named(name, "stack", among: all)
        guard !chosen.contains(where: { $0.path == module.path }) else {
          throw .mismatch(
            "stack \(Excerpt.literal(stack.joined(separator: ",")))",
            "\(Excerpt.literal(module.prefix)) a second time", "a module that is used twice is not computed")
        }
        chosen.append(module)
      }
    } else {
      chosen = [try Self.chosen(from: all, prefix, &reader, &notes)]
    }
    var found = FoundLayers(modules: [], linearLayers: [], notes: [])
    for module in chosen {
      if let refusal = UnsupportedVariant.refusal(below: module.path, in: reader.archive) { throw refusal }
      if let refusal = UnsupportedVariant.refusal(around: module.path, in: reader.archive) { throw refusal }
      found.modules.append(
        FoundModule(
          prefix: module.prefix, layers: try module.read(&reader, &notes),
          absent: try module.absent(reader.archive)))
      try module.checkOthers(reader)
    }
    let paths = chosen.map(\.path)
    found.linearLayers = LinearLayer.pytorch(in: reader.archive, outside: paths)
    // One under two names is no other.
    let usedPaths = Set(reader.used.map { name in name.lastIndex(of: ".").map { String(name[...$0]) } ?? "" })
    found.otherModules = all.map(\.path).filter { !$0.isEmpty && !usedPaths.contains($0) }
    found.notes = notes
    return found
  }
}

// MARK: - Which module

extension PyTorchModule {
  private static func chosen(
    from modules: [Self], _ prefix: String?, _ reader: inout WeightReader, _ notes: inout [String]
  ) throws(ModelFileError) -> Self {
    guard let first = modules.first else { throw .noRecurrentWeights(in: reader.archive, layout: .pytorch) }
    if let prefix { return try named(prefix, "prefix", among: modules) }
    guard modules.count > 1 else { return first }
    guard modules.dropFirst().allSatisfy({ $0.isTied(to: first, reader.archive) }) else {
      let names = modules.map(\.prefix)
      throw .mismatch(
        "names", "\(modules.count) recurrent modules: \(Excerpt.literals(names))",
        "choose one with --prefix"
          + (names.contains("") || names.count > 3 || names.contains { $0.utf8.count > 40 }
            ? ""
            : "; or, where one reads what another gives at every step, name them in their order: --stack "
              + Excerpt.list(names).replacing(", ", with: ",")))
    }
    notes.append(
      "\(Excerpt.literals(modules.map(\.prefix))) have the same weights: \(Excerpt.literal(first.prefix)) is used"
    )
    for name in modules.dropFirst().flatMap(\.tensors.values) { reader.noteUse(of: name) }
    return first
  }

  /// Whether ``named(_:_:among:)`` finds one.
  static func isModule(_ name: String, in archive: ModelArchive) -> Bool {
    (try? named(name, "stack", among: all(in: archive))) != nil
  }

  /// The module itself, or the only one in it, or the only one of this name in any other.
  private static func named(
    _ name: String, _ option: String, among modules: [Self]
  ) throws(ModelFileError) -> Self {
    let path = name.isEmpty || name.hasSuffix(".") ? name : name + "."
    let near = [
      modules.filter { $0.path == path }, modules.filter { $0.path.hasPrefix(path) },
      modules.filter { $0.path.hasSuffix("." + path) },
    ]
    if let match = near.first(where: { !$0.isEmpty }), match.count == 1 { return match[0] }
    throw .mismatch(
      "\(option) \(Excerpt.literal(name))", "no recurrent module of this name",
      "the file has \(Excerpt.literals(modules.map(\.prefix)))")
  }

  /// Whether both have the same tensors, as one module under two names has.
  private func isTied(to other: Self, _ archive: ModelArchive) -> Bool {
    tensors.count == other.tensors.count
      && tensors.allSatisfy { parameter, name in
        other.tensors[parameter].map { archive[$0] == archive[name] } ?? false
      }
  }

  /// What else is inside the module is a part of its equation, which is then another one; but a learned initial state.
  private func checkOthers(_ reader: WeightReader) throws(ModelFileError) {
    let rows = tensors.first { $0.key.parameter == .weightHH }.flatMap {
      reader.archive[$0.value]?.shape.first
    }
    for name in reader.archive.names where name.hasPrefix(path) && !reader.used.contains(name) {
      let leaf = name.dropFirst(path.count)
      // At the top of a file, other modules stand beside the layers; of a cell, what is as wide as its gates is its own.
      if path.isEmpty, leaf.contains(".") {
        let isCell = tensors.keys.contains { $0.layer == nil }
        let shape = reader.archive[name]?.shape ?? []
        guard isCell, let rows, shape.first == rows else { continue }
      }
      if [.initialHidden, .initialCell].contains(TensorRole(name: String(leaf))) { continue }
      let shape = Excerpt.shape(reader.archive[name]?.shape ?? [])
      throw .unsupported(
        WeightReader.place(name), "\(shape), no parameter of torch.nn.RNN, LSTM, GRU or their cells",
        "the module's equation is another one; diagnose it from a capture of its gradients, or give a file without it"
      )
    }
  }
}

// MARK: - Its tensors

extension PyTorchModule {
  private func read(
    _ reader: inout WeightReader, _ notes: inout [String]
  ) throws(ModelFileError) -> [[RecurrentParameters<Double>]] {
    let (layers, directions) = try extent()
    let hasBiases = tensors.keys.contains { $0.parameter == .biasIH || $0.parameter == .biasHH }
    let only = hasBiases ? nil : onlyBias(reader.archive)
    if !hasBiases, only == nil { notes.append("no biases are stored: they are zero") }

    let first = try name(.weightHH, layers[0], .forward)
    let recurrent = try reader.shape(of: first, rank: 2)
    let (rows, hidden) = (recurrent[0], recurrent[1])
    let cell = try CellKind(
      rows: rows, columns: hidden, of: first, shape: recurrent, axes: (long: "rows", short: "columns"))
    if let only {
      guard cell != .gru else {
        throw .unsupported(
          WeightReader.place(only), "one bias of a GRU",
          "a GRU has one for each side, bias_ih and bias_hh, which its reset gate tells apart")
      }
      notes.append(
        "\(Excerpt.literal(only)) is the only bias: it is b_ih, and b_hh is zero; PyTorch's own cells have two biases or none, "
          + "so this is another program's, taken to be an \(cell.rawValue.uppercased())")
    }
    let fits = "as \(Excerpt.literal(first)) is \(Excerpt.shape(recurrent))"

    var result: [[RecurrentParameters<Double>]] = []
    var inputs = try reader.shape(of: try name(.weightIH, layers[0], .forward), rank: 2)[1]
    for layer in layers {
      result.append(
        try directions.map { (direction) throws(ModelFileError) in
          func values(_ parameter: RecurrentParameter, _ shape: [Int]) throws(ModelFileError) -> [Double] {
            try reader.values(of: name(parameter, layer, direction), shape: shape, reason: fits)
          }
          func bias(_ parameter: RecurrentParameter) throws(ModelFileError) -> [Double] {
            if let only, parameter == .biasIH {
              return try reader.values(of: only, shape: [rows], reason: fits)
            }
            return hasBiases ? try values(parameter, [rows]) : Array(repeating: 0, count: rows)
          }
          return RecurrentParameters(
            weightIH: Matrix(rows: rows, columns: inputs, values: try values(.weightIH, [rows, inputs])),
            weightHH: Matrix(rows: rows, columns: hidden, values: try values(.weightHH, recurrent)),
            biasIH: try bias(.biasIH), biasHH: try bias(.biasHH))
        })
      inputs = directions.count * hidden
    }
    return result
  }

  /// The biases that it does not have, by the names that gradients have, where a cell is layer 0.
  private func absent(_ archive: ModelArchive) throws(ModelFileError) -> Set<String> {
    if tensors.keys.contains(where: { $0.parameter == .biasIH || $0.parameter == .biasHH }) { return [] }
    let parameters: [RecurrentParameter] =
      onlyBias(archive) == nil ? [.biasIH, .biasHH] : [.biasHH]
    let (layers, directions) = try extent()
    var names: Set<String> = []
    for layer in layers.indices {
      for direction in directions {
        for parameter in parameters {
          names.insert(PyTorchName(parameter: parameter, layer: layer, direction: direction).text)
        }
      }
    }
    return names
  }

  /// `bias`, where a cell or a module of one layer in one direction has one bias instead of two.
  private func onlyBias(_ archive: ModelArchive) -> String? {
    guard Set(tensors.keys.map(\.layer)).count == 1,
      !tensors.keys.contains(where: { $0.direction == .reverse })
    else { return nil }
    return ["bias", "bias_l0"].map { path + $0 }.first { archive[$0] != nil }
  }

  /// Its layers, from 0 up without a gap, and its directions; a cell is one layer without a number.
  private func extent() throws(ModelFileError) -> (layers: [Int?], directions: [Direction]) {
    let layers = Set(tensors.keys.map(\.layer)).sorted { ($0 ?? -1) < ($1 ?? -1) }
    let directions: [Direction] =
      tensors.keys.contains { $0.direction == .reverse } ? [.forward, .reverse] : [.forward]
    guard layers != [nil] else { return ([nil], directions) }
    for (expected, layer) in layers.enumerated() where layer != expected {
      guard let layer else {
        throw .mismatch(
          "names", "weights of a cell and of layers in one module, \(Excerpt.literal(prefix))",
          "a module has weight_hh or weight_hh_l0, weight_hh_l1, …")
      }
      throw .mismatch(
        "names", "weights of layer \(layer) without layer \(expected)",
        "layers are numbered from l0 up without a gap; save all of them")
    }
    return (layers, directions)
  }

  /// The whole name of a parameter, which must be there.
  private func name(
    _ parameter: RecurrentParameter, _ layer: Int?, _ direction: Direction
  ) throws(ModelFileError) -> String {
    let name = PyTorchName(parameter: parameter, layer: layer, direction: direction)
    if let whole = tensors[name] { return whole }
    let others = tensors.values.sorted()
    throw .mismatch(
      WeightReader.place(path + name.text), "missing",
      "the file has \(Excerpt.literals(others)); save the whole module, or, if it has factors or parts of weights in place of "
        + "them, the weights themselves")
  }
}
