import Foundation
import GradientFlow
import Specification

/// A user's own model and its data, as files: what `gradflow diagnose MODEL` is given.
public struct ModelFilesRequest: Sendable {
  /// Weights: safetensors or npz.
  public var model: String
  /// x [T, B, I], [B, T, I], or [T, I] for one sequence; or token ids, without the axis of I.
  public var inputs: String
  /// T_b [B], of sequences of different lengths; nil: all have T steps.
  public var lengths: String?
  /// What the loss compares with; nil for ``LossKind/finalSum``.
  public var targets: String?
  /// nil: the one that suits the targets.
  public var loss: LossKind?
  /// What a loss that reads each sequence once reads; nil: final states, where one direction leaves no doubt.
  public var reading: OutputReading?
  /// Layers and activations between the recurrent layers and the loss, in their order; nil: one linear layer, found by
  /// its width.
  public var head: [String]?
  /// The target that takes no part in a cross entropy.
  public var ignored = ignoredClass
  /// Of a cross entropy, by class [O].
  public var classWeights: String?
  /// ∂L/∂outputs [T, B, D·H], ∂L/∂h_n and ∂L/∂c_n [L·D, B, H], in place of a loss.
  public var upstream, upstreamHidden, upstreamCell: String?
  /// Which axis of inputs, and of targets at every step, are the steps; nil: found where shapes tell.
  public var layoutOfBatch: BatchLayout?
  /// h_0 and c_0: [L·D, B, H] as PyTorch has them, [L·D, 1, H] for all sequences; nil: as the model learned them, else
  /// zero.
  public var initialHidden, initialCell: String?
  /// How the file names and lays out its weights; nil: found from the names.
  public var layout: ModelLayout?
  /// Prefix of the recurrent layer's names; nil: detected.
  public var prefix: String?
  /// Recurrent modules one behind the other, with layers and activations that stand between them; nil: one module.
  public var stack: [String]?
  /// Keras's merge_mode of layers in two directions; nil: concat.
  public var merge: HeadMerge?
  /// Keras's layers with go_backwards, by the last part of their paths; empty: none.
  public var backwards: [String] = []
  /// Keras's activation and recurrent_activation of its cells, which files do not have; nil: its defaults.
  public var activation, recurrentActivation: String?
  /// φ of a plain RNN, where the file does not say.
  public var nonlinearity: Activation?
  /// Prefix of the readout's names; nil: detected.
  public var readout: String?
  /// Prefix of the embedding's names, whose rows token ids are; nil: detected.
  public var embedding: String?

  public init(model: String, inputs: String) {
    self.model = model
    self.inputs = inputs
  }

  /// The model's name: that of its file without the ending.
  public var name: String {
    let file = PathName.last(of: model)
    guard let dot = file.lastIndex(of: "."), dot > file.startIndex else { return file }
    return String(file[..<dot])
  }

  /// Reads and checks everything.
  ///
  /// - Throws: `ModelFileError` or ``CaseError``, naming the file, what is wrong and what is allowed.
  public func read() throws -> (problem: StackProblem, notes: [String]) {
    let split = try splitStack()
    var trained = try TrainedModel(
      contentsOf: model, layout: layout, prefix: prefix, stack: split.modules, apart: !backwards.isEmpty,
      nonlinearity: nonlinearity, readout: readout)
    var notes = trained.notes.filter { merge == nil || !$0.hasPrefix("merge_mode") }
    notes += try checkedActivations(trained)
    let first = trained.modules[0].model
    let learned = try trained.learnedStates()
    let inputs = try ModelInputs(
      self, &trained, evidence: evidence(outputs: trained.readout?.outputSize))
    notes += inputs.notes
    for (state, given, symbol) in [
      (learned.hidden, initialHidden, "h_0"), (learned.cell, initialCell, "c_0"),
    ] {
      if let state {
        notes.append(
          given == nil
            ? "\(symbol): \(state.name) of the model's file, the same for every sequence"
            : "\(symbol): as given; \(state.name) of the model's file is not used")
      }
    }
    let states = try GivenStates(inputs: inputs, model: first).read(
      hidden: initialHidden, cell: initialCell, learned: learned)

    var modules = trained.modules.map { module in
      StackProblem.Module(
        name: module.prefix.isEmpty ? name : module.prefix, network: Network(module.model),
        absent: module.absent)
    }
    for (k, names) in split.links.enumerated() {
      let merged = mergeLayers(trained.modules[k].model)
      let before = trained.modules[k].model
      let head = try HeadReader(
        names, &trained, width: width(before, through: merged),
        directions: merged.isEmpty ? before.directions.count : 1)
      modules[k].link = merged + head.layers
      notes += head.notes
    }
    for k in try backwardModules(trained, inputs) { modules[k].goesBackwards = true }
    if modules.count > 1, split.links.isEmpty {
      // Directions side by side are what a layer of their whole width reads.
      for k in modules.indices.dropLast()
      where modules[k + 1].network.recurrent.inputSize != trained.modules[k].model.outputSize {
        modules[k].link = mergeLayers(trained.modules[k].model)
      }
    }
    try checkWidths(modules)
    if modules.count > 1 {
      notes.append(
        "each module is taken to read, at every step, what the one before it gives"
          + (split.links.allSatisfy(\.isEmpty) ? "" : " through what --stack names between them")
          + ": no sums around them, no states handed on")
    }
    if states == nil, trained.hasOtherModules {
      notes.append("h_0: zero; --h0 for what another module hands on")
    }
    let loss = try loss(&trained, inputs, &notes, &modules[modules.count - 1].absent)
    if let embedding = inputs.embedding {
      modules[0].network = Network(
        embedding: embedding.weight, recurrent: first, readout: modules[0].network.readout)
    }
    if case .sequence(let sequence, _) = loss, let readout = sequence.readout, modules.count > 0 {
      let last = modules.count - 1
      modules[last].network = Network(
        embedding: modules[last].network.embedding, recurrent: trained.modules[last].model, readout: readout)
    }
    if let embedding = inputs.embedding, let tied = tiedLayer(embedding, loss) {
      notes.append(
        "\(tied) and \(embedding.name) have the same numbers: if they are one parameter, its gradient is the sum of both"
      )
    }
    var problem = StackProblem(
      name: name, modules: modules,
      data: NetworkInputs(
        shape: inputs.shape, inputs: inputs.inputs, initialState: states.map { NetworkState(layers: $0) }),
      loss: loss)
    problem.sequences = inputs.order?.sequences
    notes += trained.unused().notes
    problem.notes = notes
    return (problem, notes)
  }

  // MARK: - Layers that go backwards

  private func backwardModules(_ trained: TrainedModel, _ inputs: ModelInputs) throws(CaseError) -> [Int] {
    var found: [Int] = []
    for name in backwards {
      let own = trained.modules.indices.filter { k in
        trained.modules[k].prefix.split(separator: "/").contains { $0 == name }
      }
      guard own.count == 1, trained.layout == .keras, inputs.order == nil else {
        throw CaseError(
          .malformed, place: "--go-backwards \(Excerpt.shortened(name))",
          problem: inputs.order != nil
            ? "sequences of different lengths are not read backwards; omit --lengths"
            : "no recurrent layer of a Keras model; there are "
              + Excerpt.list(trained.modules.map(\.prefix)))
      }
      found.append(own[0])
    }
    return found
  }

  // MARK: - Activations

  /// Those of gated cells: only the ones that this program's equations have.
  ///
  /// - Returns: what is assumed.
  private func checkedActivations(_ trained: TrainedModel) throws(ModelFileError) -> [String] {
    let isGated = trained.modules.contains { $0.model.cell.gates.count > 1 }
    let given = [
      ("--activation", activation, "tanh"), ("--recurrent-activation", recurrentActivation, "sigmoid"),
    ]
    let other = trained.modules.lazy.compactMap { Activation($0.model.cell) }.first { $0 != .tanh }
    if let activation, activation == "tanh", let other {
      throw ModelFileError(
        .mismatch, file: model, place: "--activation", found: Excerpt.quoted(activation),
        advice: "the plain RNN's is \(other.rawValue), by --nonlinearity or by the file; omit one of the two")
    }
    for (option, name, known) in given {
      guard let name, name != known else { continue }
      throw ModelFileError(
        .unsupported, file: model, place: option, found: Excerpt.quoted(name),
        advice: isGated
          ? "LSTMs and GRUs have \(known) there: with \(Excerpt.shortened(name)) it is another equation, which is not computed"
          : "of a plain RNN give --nonlinearity")
    }
    let isSaid = activation != nil && recurrentActivation != nil
    return trained.layout == .keras && isGated && !isSaid
      ? [
        "activations are not stored: tanh and sigmoid are assumed; say others with --activation, --recurrent-activation"
      ]
      : []
  }

  // MARK: - Stacks

  /// The recurrent modules of a stack, and the names of what stands behind each but the last.
  ///
  /// A name is that of a recurrent module unless the file has a layer of it; that shows when it is read.
  private func splitStack() throws -> (modules: [String]?, links: [[String]]) {
    guard let stack else { return (nil, []) }
    let archive = try ModelArchive(contentsOf: model)
    var (modules, links): ([String], [[String]]) = ([], [])
    for name in stack {
      if TrainedModel.hasRecurrentModule(name, in: archive) {
        modules.append(name)
        links.append([])
      } else if links.isEmpty {
        throw ModelFileError(
          .mismatch, file: model, place: "stack \(stack.joined(separator: ","))",
          found: "'\(name)' is no recurrent module", advice: "a stack begins with one")
      } else {
        links[links.count - 1].append(name)
      }
    }
    guard links.last?.isEmpty ?? true else {
      throw ModelFileError(
        .mismatch, file: model, place: "stack \(stack.joined(separator: ","))",
        found: "'\(links[links.count - 1][0])' stands behind the last recurrent module",
        advice: "what stands there is the head: --head")
    }
    return (modules, Array(links.dropLast()))
  }

  /// Makes sure that each module reads as many numbers as what stands before it gives.
  private func checkWidths(_ modules: [StackProblem.Module]) throws(CaseError) {
    for (before, module) in zip(modules, modules.dropFirst()) {
      let given = width(before.network.recurrent, through: before.link)
      let read = module.network.recurrent.inputSize
      guard given != read else { continue }
      let isHalf = before.network.recurrent.directions.count == 2 && 2 * read == given
      throw CaseError(
        .malformed, place: "\(before.name) and \(module.name)",
        problem: "the first gives \(given) numbers, the second reads \(read)"
          + (isHalf
            ? ": if both directions are merged, say how with --merge sum, mul or ave"
            : "; say what stands between with --stack \(before.name),LAYER,\(module.name), or choose one with --prefix")
      )
    }
  }

  /// How two directions are brought together.
  func mergeLayers(_ model: RecurrentModel<Double>) -> [any HeadLayer] {
    model.directions.count == 2 ? merge.map { [$0] } ?? [] : []
  }

  func width(_ model: RecurrentModel<Double>, through layers: [any HeadLayer]) -> Int {
    layers.reduce(model.outputSize) { $1.outputSize(of: $0) ?? $0 }
  }

  // MARK: - Numbers of sequences

  /// The extents B of the other arrays, for the leading extents of the inputs.
  private func evidence(outputs: Int?) -> (_ extents: [Int]) throws -> [(name: String, batch: Int)] {
    { extents in try evidence(outputs: outputs, extents: extents) }
  }

  private func evidence(outputs: Int?, extents: [Int]) throws -> [(name: String, batch: Int)] {
    var found: [(name: String, batch: Int)] = []
    func shape(_ path: String?) throws -> [Int]? {
      try path.map { try CheckedArray(path: $0, sizes: .ofModel).array.shape }
    }
    if let lengths = try shape(lengths), lengths.count == 1 { found.append(("--lengths", lengths[0])) }
    if let states = try shape(initialHidden), states.count == 3, states[1] > 1 {
      found.append(("--h0", states[1]))
    }
    if let states = try shape(upstreamHidden), states.count == 3 {
      found.append(("--upstream-hn", states[1]))
    }
    if let targets = try shape(targets), loss != .finalDot, loss?.placement != .everyStep {
      // What may be of every step tells nothing: [T, B], or [T] of one sequence.
      let isOfSteps = loss == nil && (targets == extents || extents.contains(1))
      // [B], or [B, O] where O is that of the readout.
      let isOfSequences =
        targets.count == 1 || (targets.count == 2 && (targets[1] == outputs || targets[1] == 1))
      if isOfSequences, !isOfSteps { found.append(("--targets", targets[0])) }
    }
    return found
  }
}
