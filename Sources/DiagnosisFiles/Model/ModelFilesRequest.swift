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

  /// Whether gradients are given in place of a loss.
  private var hasUpstream: Bool { upstream != nil || upstreamHidden != nil || upstreamCell != nil }

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

  /// The linear layer of a loss that has the weights of the embedding.
  private func tiedLayer(_ embedding: StoredEmbedding, _ loss: ModelLoss) -> String? {
    switch loss {
    case .sequence(let loss, _): return loss.readout?.weight == embedding.weight ? "the readout" : nil
    case .head(let head):
      return head.layers.lazy.compactMap { $0 as? HeadLinear }.first { $0.layer.weight == embedding.weight }?
        .name
    case .upstream: return nil
    }
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
  private func mergeLayers(_ model: RecurrentModel<Double>) -> [any HeadLayer] {
    model.directions.count == 2 ? merge.map { [$0] } ?? [] : []
  }

  private func width(_ model: RecurrentModel<Double>, through layers: [any HeadLayer]) -> Int {
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

  // MARK: - The loss

  /// - Parameter absent: becomes the parameters of the readout that the model does not have, too.
  private func loss(
    _ trained: inout TrainedModel, _ inputs: ModelInputs, _ notes: inout [String], _ absent: inout Set<String>
  ) throws -> ModelLoss {
    let model = trained.model
    if hasUpstream {
      let isAlone = trained.modules.count == 1
      guard loss == nil, targets == nil, head == nil, readout == nil, reading == nil,
        classWeights == nil, ignored == ignoredClass, merge == nil || !isAlone
      else {
        throw CaseError(
          .malformed, place: upstream ?? upstreamHidden ?? upstreamCell ?? "",
          problem:
            "gradients are given in place of a loss; omit --loss, --targets, --head, --readout, --reads, "
            + "--class-weights, --ignore-index\(isAlone ? " and --merge" : "")")
      }
      trained.releaseReadout()
      notes.append("loss: none; ∂L/∂outputs and final states as given")
      return .upstream(
        try GivenGradients(inputs: inputs, model: model).read(
          outputs: upstream, hidden: upstreamHidden, cell: upstreamCell))
    }
    let merged = mergeLayers(model)
    let width = width(model, through: merged)
    var given: [any HeadLayer]?
    if let head {
      trained.releaseReadout()
      let reader = try HeadReader(
        head, &trained, width: width, directions: merged.isEmpty ? model.directions.count : 1)
      notes += reader.notes
      given = merged + reader.layers
    }
    let targets = try self.targets.map { path throws(ModelFileError) in
      ModelTargets(array: try CheckedArray(path: path, sizes: .ofModel), inputs: inputs)
    }
    let outputs = given.map { layers in layers.reduce(model.outputSize) { $1.outputSize(of: $0) ?? $0 } }
    let found = outputs ?? trained.readout?.outputSize
    let kind = try loss ?? targets?.kind(outputs: found) ?? .finalSum
    if kind == .finalSum || kind == .finalDot, head == nil {
      // It reads no readout: what the file has of one is not used.
      guard readout == nil else {
        throw CaseError(
          .malformed, place: "--readout",
          problem:
            "\(kind.rawValue) is of what the recurrent layers give; omit it, or say what reads them with --head"
        )
      }
      trained.releaseReadout()
    }
    try checkIsUsed(kind, trained)
    let reading: OutputReading = kind.placement == .everyStep ? .everyStep : self.reading ?? .finalStates
    let isAmbiguous = self.reading == nil && reading != .everyStep && model.directions.count == 2
    if isAmbiguous, targets != nil {
      throw CaseError(
        .malformed, place: "--reads",
        problem:
          "of two directions, \(kind.rawValue) may read h_n (--reads final-states), output[:, -1] (--reads last-output), "
          + "or the mean or max of the outputs, which are different losses; say which")
    }
    notes.append(
      "loss: \(kind.rawValue)"
        + (loss != nil
          ? "" : targets == nil ? ", since there are no targets" : ", which matches the targets")
        + (reading == .everyStep ? "" : ", of \(reading.words)")
        + (self.reading == nil && reading != .everyStep && targets != nil
          ? "; --reads last-output, mean or max for others" : "")
        + (loss == nil && targets == nil ? "; --targets and --loss for another" : ""))
    notes += ignoredNotes(kind, targets)
    guard kind != .task else {
      throw CaseError(.malformed, place: self.inputs, problem: "'task' is no loss of a model; give another")
    }
    if kind == .finalSum || kind == .finalDot {
      return try plain(kind, targets, given ?? merged, reading, width: outputs ?? width)
    }
    guard let targets else {
      throw CaseError(
        .missing, place: self.inputs,
        problem: "\(kind.rawValue) needs targets \(kind.targetShape): give --targets FILE.npy")
    }
    let layers =
      try given ?? merged + self.readoutLayers(kind, targets, trained, width: width, merged: merged, &notes)
    let size = layers.reduce(model.outputSize) { $1.outputSize(of: $0) ?? $0 }
    // One linear layer, or none, has losses step by step.
    let only =
      layers.isEmpty
      ? HeadLinear(
        name: "", Readout(weight: .identity(size), bias: Array(repeating: 0, count: size)), hasBias: false)
      : layers.count == 1 ? layers[0] as? HeadLinear : nil
    let criterion = try criterion(kind, targets, outputs: size)
    if let only, let final = reading.final ?? (reading == .everyStep ? .finalStates : nil),
      let loss = stepwise(criterion, only.layer, kind.placement)
    {
      if layers.isEmpty { absent.insert("readout.weight") }
      if !only.hasBias { absent.insert("readout.bias") }
      return .sequence(loss, reading: final)
    }
    return .head(HeadLoss(reading: reading, layers: layers, criterion: criterion))
  }

  /// Makes sure that nothing was asked for that this loss does not have.
  private func checkIsUsed(_ kind: LossKind, _ trained: TrainedModel) throws(CaseError) {
    func unused(_ option: String, _ reason: String) -> CaseError {
      CaseError(.malformed, place: option, problem: "\(reason); omit it")
    }
    if kind.placement == .everyStep, let reading {
      throw unused("--reads \(reading.rawValue)", "\(kind.rawValue) reads every step by itself")
    }
    if ignored != ignoredClass, !kind.needsClasses {
      throw unused("--ignore-index", "\(kind.rawValue) has no classes")
    }
    if classWeights != nil, !kind.needsClasses {
      throw unused("--class-weights", "\(kind.rawValue) has no classes")
    }
    if readout != nil, head != nil {
      throw unused("--readout", "--head says what reads the recurrent layers")
    }
    if merge != nil, !trained.modules.contains(where: { $0.model.directions.count == 2 }) {
      throw unused("--merge", "no layer of the model reads in both directions")
    }
  }

  /// What targets that take no part behind the ends of sequences suggest.
  private func ignoredNotes(_ kind: LossKind, _ targets: ModelTargets?) -> [String] {
    guard kind == .crossEntropyEveryStep, lengths == nil, let targets, targets.endIgnored(ignored) else {
      return []
    }
    return [
      "targets at the ends of some sequences are \(ignored): if inputs are padding there, give --lengths; now they are read as "
        + "data"
    ]
  }

  /// A sum of outputs, or of their products with a vector.
  private func plain(
    _ kind: LossKind, _ targets: ModelTargets?, _ layers: [any HeadLayer], _ reading: OutputReading,
    width: Int
  ) throws -> ModelLoss {
    guard kind == .finalDot else {
      guard targets == nil else {
        throw CaseError(
          .malformed, place: targets?.array.place ?? "",
          problem: "final-sum takes no targets; omit one of the two")
      }
      return sum(Array(repeating: 1, count: width), layers, reading)
    }
    guard let targets else {
      throw CaseError(
        .missing, place: inputs, problem: "final-dot needs targets [\(width)]: give --targets FILE.npy")
    }
    return sum(try targets.array.doubles(shape: [width]), layers, reading)
  }

  private func sum(_ direction: [Double], _ layers: [any HeadLayer], _ reading: OutputReading) -> ModelLoss {
    if layers.isEmpty, let final = reading.final {
      return .sequence(FinalDotLoss(direction: direction), reading: final)
    }
    return .head(HeadLoss(reading: reading, layers: layers, criterion: OutputSum(direction: direction)))
  }

  /// The readout of the file; the outputs themselves where targets are as wide as they are and there is none.
  private func readoutLayers(
    _ kind: LossKind, _ targets: ModelTargets, _ trained: TrainedModel, width: Int, merged: [any HeadLayer],
    _ notes: inout [String]
  ) throws -> [any HeadLayer] {
    if trained.readout == nil, !kind.needsHead, targets.array.array.shape.last == width {
      let between = trained.unused().filter { $0.reason == .mayStandBetween }
      guard between.isEmpty else {
        throw CaseError(
          .malformed, place: model,
          problem:
            "what the loss reads may be the outputs themselves, but more may stand between: "
            + between.prefix(6).map(\.text).joined(separator: ", ")
            + "; say all that reads the recurrent layers with --head, or --head identity for nothing")
      }
      return []
    }
    guard merged.isEmpty else {
      throw CaseError(
        .malformed, place: "--merge",
        problem: "the layer that reads merged directions is not found by its width; name it with --head")
    }
    notes += trained.readoutNotes
    return [
      HeadLinear(
        name: trained.readoutPrefix ?? "", try trained.requiredReadout(), hasBias: trained.readoutHasBias)
    ]
  }

  private func criterion(
    _ kind: LossKind, _ targets: ModelTargets, outputs: Int
  ) throws -> any Criterion {
    let readsAll = kind.placement == .everyStep
    switch kind {
    case .finalSum, .finalDot, .task: return OutputSum()
    case .finalMeanSquaredError, .meanSquaredErrorEveryStep:
      return MeanSquares(
        targets: readsAll ? try targets.ofSteps(width: outputs) : try targets.ofSequences(width: outputs))
    case .binaryCrossEntropyFinal, .binaryCrossEntropyEveryStep:
      let values = readsAll ? try targets.ofSteps(width: outputs) : try targets.ofSequences(width: outputs)
      if let k = values.firstIndex(where: { !(0...1).contains($0) }) {
        throw CaseError(
          .malformed, place: targets.array.place,
          problem: "a target is \(values[k]); \(kind.rawValue) compares with numbers in 0…1")
      }
      return BinaryCrossEntropy(targets: values)
    case .crossEntropyFinal, .crossEntropyEveryStep:
      let classes = try targets.classes(everyStep: readsAll, count: outputs, ignored: ignored)
      let weights = try classWeights.map { path in
        try CheckedArray(path: path, sizes: .ofModel).doubles(shape: [outputs])
      }
      if let weights, let classWeights {
        let total = classes.reduce(0.0) { $1 == ignoredClass ? $0 : $0 + weights[$1] }
        guard weights.allSatisfy({ $0 >= 0 }), total > 0 else {
          throw CaseError(
            .malformed, place: classWeights,
            problem: "class weights must be 0 or more, and more than 0 for some target")
        }
      }
      return WeightedCrossEntropy(classes: classes, weights: weights)
    }
  }

  /// The loss that reads step by step through one linear layer, where there is one.
  private func stepwise(
    _ criterion: any Criterion, _ readout: Readout<Double>, _ placement: LossPlacement
  ) -> (any SequenceLoss<Double>)? {
    if let squares = criterion as? MeanSquares {
      return MeanSquaredErrorLoss(targets: squares.targets, readout: readout, placement: placement)
    }
    if let entropy = criterion as? WeightedCrossEntropy, entropy.weights == nil {
      return CrossEntropyLoss(classes: entropy.classes, readout: readout, placement: placement)
    }
    return nil
  }
}
