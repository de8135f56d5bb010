import Foundation
import GradientFlow
import Specification

/// A user's own model and its data, as files: what `gradflow diagnose MODEL` is given.
public struct ModelFilesRequest: Sendable {
  /// Weights: safetensors or npz.
  public var model: String
  /// x [T, B, I], [B, T, I] with ``batchFirst``, or [T, I] for one sequence.
  public var inputs: String
  /// What the loss compares with; nil for ``LossKind/finalSum``.
  public var targets: String?
  /// nil: the one that suits the shape of the targets.
  public var loss: LossKind?
  /// What a loss at the final step reads of a bidirectional model.
  public var reading = FinalReading.finalStates
  /// Whether inputs, and targets of every step, have the batch first.
  public var batchFirst = false
  /// h_0 and c_0: [L·D, B, H] as PyTorch has them, or [B, H] for one layer; zero if nil.
  public var initialHidden, initialCell: String?
  /// How the file names and lays out its weights; nil: found from the names.
  public var layout: ModelLayout?
  /// Prefix of the recurrent layer's names; nil: detected.
  public var prefix: String?
  /// φ of a plain RNN, where the file does not say.
  public var nonlinearity: Activation?
  /// Prefix of the readout's names; nil: detected.
  public var readout: String?

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
  public func read() throws -> (problem: ModelProblem, notes: [String]) {
    let trained = try TrainedModel(
      contentsOf: model, layout: layout, prefix: prefix, nonlinearity: nonlinearity, readout: readout)
    let model = trained.model
    var notes = trained.notes
    let (values, steps, batch) = try CheckedArray(path: inputs, sizes: .ofModel)
      .sequences(batchFirst: batchFirst, width: model.inputSize)
    let targets = try self.targets.map { path throws(ModelFileError) in
      try CheckedArray(path: path, sizes: .ofModel)
    }
    guard let kind = loss ?? LossKind.suited(to: targets?.array) else {
      throw CaseError(
        .malformed, place: targets?.place ?? inputs,
        problem: "targets of shape \(targets?.array.shape ?? []) match no loss; "
          + LossKind.ofModels.map { "\($0.rawValue): \($0.targetShape)" }.joined(separator: "; "))
    }
    if loss == nil {
      notes.append(
        targets == nil
          ? "loss: \(kind.rawValue), since there are no targets; use --targets and --loss for another"
          : "loss: \(kind.rawValue), which matches the targets; use --loss for another")
    }
    var problem = ModelProblem(
      name: name, model: model,
      steps: steps, batch: batch, inputs: values,
      initialStates: try initialStates(model, batch: batch),
      loss: try loss(kind, targets, trained, steps: steps, batch: batch))
    problem.reading = reading
    return (problem, notes)
  }

  private func loss(
    _ kind: LossKind, _ targets: CheckedArray?, _ trained: TrainedModel, steps: Int, batch: Int
  ) throws -> any SequenceLoss<Double> {
    let width = trained.model.outputSize
    guard kind != .finalSum else {
      guard targets == nil else {
        throw CaseError(
          .malformed, place: targets?.place ?? "",
          problem: "final-sum takes no targets; omit one of the two"
        )
      }
      return FinalDotLoss(direction: Array(repeating: 1, count: width))
    }
    guard kind != .task else {
      throw CaseError(.malformed, place: inputs, problem: "'task' is no loss of a model; give another")
    }
    guard let targets else {
      throw CaseError(
        .missing, place: inputs,
        problem: "\(kind.rawValue) needs targets \(kind.targetShape): give --targets FILE.npy")
    }
    let readsAll = kind.placement == .everyStep
    switch kind {
    case .finalSum, .finalDot, .task:
      return FinalDotLoss(direction: try targets.doubles(shape: [width]))
    case .finalMeanSquaredError, .meanSquaredErrorEveryStep:
      // Without a readout the outputs themselves are compared.
      let readout = try trained.readout ?? identity(targets, width: width, trained)
      let outputs = readout.outputSize
      return MeanSquaredErrorLoss(
        targets: try readsAll
          ? targets.timeMajor(steps, batch, outputs, batchFirst: batchFirst)
          : targets.doubles(shape: [batch, outputs]),
        readout: readout, placement: kind.placement)
    case .crossEntropyFinal, .crossEntropyEveryStep:
      let readout = try trained.requiredReadout()
      let isTransposed = readsAll && batchFirst
      let classes = try targets.classes(
        shape: isTransposed ? [batch, steps] : readsAll ? [steps, batch] : [batch], count: readout.outputSize)
      return CrossEntropyLoss(
        classes: isTransposed ? transposed(classes, rows: batch, columns: steps, width: 1) : classes,
        readout: readout, placement: kind.placement)
    }
  }

  /// The identity, where targets are as wide as the outputs; otherwise the error that names the candidates.
  private func identity(
    _ targets: CheckedArray, width: Int, _ trained: TrainedModel
  ) throws -> Readout<Double> {
    guard targets.array.shape.last == width else { return try trained.requiredReadout() }
    return Readout(weight: .identity(width), bias: Array(repeating: 0, count: width))
  }

  private func initialStates(
    _ model: RecurrentModel<Double>, batch: Int
  ) throws -> [[InitialState<Double>]]? {
    guard initialHidden != nil || initialCell != nil else { return nil }
    let (hidden, directions) = (model.hiddenSize, model.directions.count)
    let count = model.layers.count * directions
    func values(_ path: String?) throws -> [Double] {
      guard let path else { return Array(repeating: 0, count: count * batch * hidden) }
      let array = try CheckedArray(path: path, sizes: .ofModel)
      return try count == 1 && array.array.shape.count == 2
        ? array.doubles(shape: [batch, hidden]) : array.doubles(shape: [count, batch, hidden])
    }
    if let initialCell, !model.cell.carriesCellState {
      throw CaseError(
        .malformed, place: initialCell,
        problem: "the model's cell, \(model.cell.rawValue), has no cell state; omit --c0")
    }
    let (h, c) = (try values(initialHidden), try values(initialCell))
    return (0..<model.layers.count).map { l in
      (0..<directions).map { d in
        let rows = (l * directions + d) * batch * hidden..<(l * directions + d + 1) * batch * hidden
        return InitialState(
          hidden: Array(h[rows]), cell: model.cell.carriesCellState ? Array(c[rows]) : nil)
      }
    }
  }
}
