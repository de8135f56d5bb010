import RecurrentCells

/// The recurrent layers of a Keras model, one behind the other, each with its directions.
struct KerasStack {
  /// By layer, then by direction.
  private let layers: [[KerasGroup]]

  /// Puts the recurrent groups of a file in order.
  ///
  /// - Parameter prefix: the layer or model to read; nil for all.
  init(_ groups: [KerasGroup], prefix: String?, _ archive: ModelArchive) throws(ModelFileError) {
    let wanted = KerasName.parts(prefix ?? "")
    var members: [String: Member] = [:]
    for group in groups {
      guard let start = Self.end(of: wanted, in: group.path) else { continue }
      let (layer, direction) = Self.layer(group.path, from: start)
      guard members[layer, default: Member()].add(group, direction) else {
        throw .unsupported(
          "names", "several cells in one direction of \(Excerpt.literal(layer))",
          "a layer has one cell for each direction")
      }
    }
    guard !members.isEmpty else {
      throw .mismatch(
        "prefix \(Excerpt.literal(prefix ?? ""))", "no recurrent layer of this name",
        "the file has \(Excerpt.literals(groups.map(\.text)))")
    }
    let layers = try members.sorted { NaturalOrder.precedes($0.key, $1.key) }
      .map { (_, member) throws(ModelFileError) in try member.directions() }
    self.layers = try Self.ordered(layers, names: Array(members.keys), archive)
    if let refusal = UnsupportedVariant.refusal(inside: Set(paths), in: archive) { throw refusal }
    try checkOthers(archive)
  }

  /// The paths of its cells.
  var paths: [String] { layers.joined().map(\.text) }

  /// What the paths of some layers start with.
  private static func prefix(of layers: [[KerasGroup]]) -> String {
    var common = layers[0][0].path[...]
    for group in layers.joined() {
      common = zip(common, group.path).prefix { $0 == $1 }.map(\.0)[...]
    }
    return common.joined(separator: "/")
  }

  /// What else is inside a cell is a part of its equation, which is then another one.
  private func checkOthers(_ archive: ModelArchive) throws(ModelFileError) {
    let cells = Set(layers.joined().map(\.path))
    for name in archive.names {
      let parts = KerasName.parts(name)
      guard cells.contains(Array(parts.dropLast())), KerasName(name) == nil else { continue }
      throw .unsupported(
        WeightReader.place(name), "no weight of Keras's SimpleRNN, LSTM or GRU",
        "the cell's equation is another one; give a file without it")
    }
  }

  /// The names of the layers, that of the forward direction where there are two.
  private var names: String { Excerpt.literals(layers.map { $0[0].text }) }
}

// MARK: - Layers and directions from paths

extension KerasStack {
  /// What is known of a layer.
  private struct Member {
    private var groups: [Direction?: KerasGroup] = [:]

    /// Adds the weights of a direction; nil where the layer has but one. False if there are some already.
    mutating func add(_ group: KerasGroup, _ direction: Direction?) -> Bool {
      let isFree = groups[direction] == nil && (groups.isEmpty || (direction != nil && groups[.none] == nil))
      groups[direction] = group
      return isFree
    }

    func directions() throws(ModelFileError) -> [KerasGroup] {
      if let only = groups[.none] { return [only] }
      guard let forward = groups[.forward], let reverse = groups[.reverse] else {
        let (here, other) = groups[.forward].map { ($0, "backward_") } ?? (groups[.reverse]!, "forward_")
        throw .mismatch(
          "names", "\(Excerpt.literal(here.text)) without the \(other) layer of the other direction",
          "save both, or choose this one with --prefix")
      }
      return [forward, reverse]
    }
  }

  /// The layer of a group and, in a Bidirectional layer, its direction: the part of the path that names it.
  private static func layer(_ path: [String], from start: Int) -> (layer: String, direction: Direction?) {
    for (index, part) in path.enumerated().dropFirst(start) {
      for (mark, direction) in [("forward_", Direction.forward), ("backward_", .reverse)]
      where part.hasPrefix(mark) {
        let layer = path[..<index] + [String(part.dropFirst(mark.count))]
        return (layer.joined(separator: "/"), direction)
      }
    }
    return (path.joined(separator: "/"), nil)
  }

  /// The index behind the first occurrence of some parts in a path.
  private static func end(of parts: [String], in path: [String]) -> Int? {
    guard parts.count <= path.count else { return nil }
    return (parts.count...path.count).first { path[($0 - parts.count)..<$0] == parts[...] }
  }

  /// The layers as the model has them.
  ///
  /// Keras numbers layers of one kind. Layers with names of their own follow from each other only if but one of two
  /// reads another width than the other gives.
  private static func ordered(
    _ layers: [[KerasGroup]], names: [String], _ archive: ModelArchive
  ) throws(ModelFileError) -> [[KerasGroup]] {
    let stems = Set(names.map { $0.filter { !"_0123456789".contains($0) } })
    guard stems.count > 1 else { return layers }
    func reads(_ layer: [KerasGroup]) -> Int? { layer[0].shape(.kernel, archive)?.first }
    func gives(_ layer: [KerasGroup]) -> Int? {
      layer[0].shape(.recurrentKernel, archive)?.first.map { $0 &* layer.count }
    }
    if layers.count == 2 {
      let (follows, precedes) = (reads(layers[1]) == gives(layers[0]), reads(layers[0]) == gives(layers[1]))
      if follows != precedes { return follows ? layers : [layers[1], layers[0]] }
    }
    throw .mismatch(
      "names",
      "\(layers.count) recurrent layers of unknown order: \(Excerpt.literals(layers.map { $0[0].text }))",
      "choose one with --prefix, or number them like lstm, lstm_1, …")
  }
}

// MARK: - Weights

extension KerasStack {
  /// Reads the layers, which must follow from each other: as one module where all have the same cell, width and
  /// directions, otherwise each as one.
  ///
  /// - Parameter apart: whether each is one in any case.
  func read(
    _ reader: inout WeightReader, apart: Bool, _ notes: inout [String]
  ) throws(ModelFileError) -> [FoundModule] {
    var read:
      [(
        cell: CellKind, hidden: Int, layer: [RecurrentParameters<Double>],
        absent: [(RecurrentParameter, Direction)]
      )] =
        []
    // What a layer gives; of two directions, merged, half as much.
    var given: (widths: [Int], reason: String)?
    for layer in layers {
      let first = layer[0]
      let recurrent = try reader.shape(of: first.recurrentKernel, rank: 2)
      let hidden = recurrent[0]
      let cell = try CellKind(
        rows: recurrent[1], columns: hidden, among: KerasGroup.cells, of: first.recurrentKernel,
        shape: recurrent, axes: (long: "columns", short: "rows"))
      let inputs = try reader.shape(of: first.kernel(), rank: 2)[0]
      if let given, !given.widths.contains(inputs) {
        throw .mismatch(
          WeightReader.place(try first.kernel()), "reads \(inputs) numbers",
          "\(given.reason); choose one of \(names) with --prefix if they are not a stack")
      }
      let fits = "as \(Excerpt.literal(first.recurrentKernel)) is \(Excerpt.shape(recurrent))"
      let parameters = try layer.map { (group) throws(ModelFileError) in
        try group.parameters(&reader, cell: cell, inputs: inputs, hidden: hidden, reason: fits)
      }
      read.append((cell, hidden, parameters, Self.absent(layer, cell)))
      given = (
        layer.count == 2 ? [2 * hidden, hidden] : [hidden],
        "\(Excerpt.literal(first.text)), the layer before it, gives \(layer.count * hidden)"
      )
    }
    notes += assumptions(read.map(\.cell))
    let isUniform = read.allSatisfy {
      $0.cell == read[0].cell && $0.hidden == read[0].hidden && $0.layer.count == read[0].layer.count
    }
    // Merged directions are read by a module of its own.
    let areSideBySide = read.dropFirst().allSatisfy { $0.layer[0].inputSize == $0.layer.count * $0.hidden }
    if isUniform, areSideBySide, !apart {
      return [
        FoundModule(
          prefix: Self.prefix(of: layers), layers: read.map(\.layer),
          absent: Set(read.enumerated().flatMap { l, found in Self.names(found.absent, layer: l) }))
      ]
    }
    return zip(layers, read).map { layer, found in
      FoundModule(
        prefix: Self.prefix(of: [layer]), layers: [found.layer],
        absent: Set(Self.names(found.absent, layer: 0)))
    }
  }

  /// The biases that a layer does not have: only a GRU's are of both sides.
  private static func absent(
    _ layer: [KerasGroup], _ cell: CellKind
  ) -> [(RecurrentParameter, Direction)] {
    zip(layer, Direction.allCases).flatMap { group, direction in
      (group.hasBias ? cell == .gru ? [] : [RecurrentParameter.biasHH] : [.biasIH, .biasHH]).map {
        ($0, direction)
      }
    }
  }

  private static func names(_ absent: [(RecurrentParameter, Direction)], layer: Int) -> [String] {
    absent.map { PyTorchName(parameter: $0.0, layer: layer, direction: $0.1).text }
  }

  /// What Keras does not store.
  private func assumptions(_ cells: [CellKind]) -> [String] {
    let hasBiases = layers.joined().contains(where: \.hasBias)
    var notes: [String] = []
    if layers.count > 1 {
      notes.append(
        "\(layers.count) layers, taken as a stack in this order: \(names); each reads, at every step, what the one before it gives"
      )
    }
    if layers.contains(where: { $0.count > 1 }) {
      notes.append("merge_mode is not stored: concat is assumed")
    }
    if !hasBiases {
      notes.append(
        "no biases are stored: they are zero" + (cells.contains(.gru) ? "; reset_after=True is assumed" : ""))
    }
    return notes
  }
}
