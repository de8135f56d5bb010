import GradientFlow
import Specification

/// What a request asks to be differentiated.
extension ModelFilesRequest {
  /// Whether gradients are given in place of a loss.
  private var hasUpstream: Bool { upstream != nil || upstreamHidden != nil || upstreamCell != nil }

  /// - Parameter absent: becomes the parameters of the readout that the model does not have, too.
  func loss(
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

  /// The linear layer of a loss that has the weights of the embedding.
  func tiedLayer(_ embedding: StoredEmbedding, _ loss: ModelLoss) -> String? {
    switch loss {
    case .sequence(let loss, _): return loss.readout?.weight == embedding.weight ? "the readout" : nil
    case .head(let head):
      return head.layers.lazy.compactMap { $0 as? HeadLinear }.first { $0.layer.weight == embedding.weight }?
        .name
    case .upstream: return nil
    }
  }
}
