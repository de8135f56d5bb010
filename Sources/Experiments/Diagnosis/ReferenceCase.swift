import Foundation
import GradientFlow

/// A network stored as a directory: `case.json`, `weights.safetensors`, `inputs.npy`, `targets.npy` and, where
/// the initial state is given, `h0.npy` and `c0.npy`. All numbers are widened to double precision.
public struct ReferenceCase: Sendable {
  /// The losses of the format.
  public enum Loss: Sendable, Equatable {
    /// Σ_b v · h_T[b].
    case finalDot(direction: [Double])
    /// Mean over b and o of (y − target)².
    case finalMeanSquaredError(targets: [Double])
    /// Mean over t and b of −log softmax(y_t)[class].
    case crossEntropyEveryStep(classes: [Int])
    /// Mean over b of −log softmax(y_T)[class].
    case crossEntropyFinal(classes: [Int])
  }

  public let name: String
  public let directory: String
  public let cell: CellKind
  public let shape: SequenceShape
  public let parameters: RecurrentParameters<Double>
  public let readout: Readout<Double>?
  public let inputs: [Double]
  public let initialState: InitialState<Double>?
  public let loss: Loss

  /// Reads and checks a directory.
  ///
  /// - Throws: ``CaseError`` or `ModelFileError`, naming the file, the place and what is wrong.
  public init(directory: String) throws {
    self.directory = directory
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory),
      isDirectory.boolValue
    else {
      throw CaseError(
        .missing, place: directory, problem: "no such directory; give the directory of a case")
    }
    func path(_ file: String) -> String { (directory as NSString).appendingPathComponent(file) }
    let about = try CaseDescription(contentsOf: path("case.json"))
    name = about.name
    cell = try about.cellKind(path: path("case.json"))
    let (t, b, i, h) = (
      about.sequenceLength, about.batchSize, about.inputSize, about.hiddenSize
    )
    shape = SequenceShape(steps: t, batch: b, inputSize: i, hiddenSize: h)

    inputs = try CaseArray(path("inputs.npy")).doubles(shape: [t, b, i])
    let weights = try CaseWeights(path("weights.safetensors"))
    let rows = cell.gates.count * h
    parameters = RecurrentParameters(
      weightIH: Matrix(rows: rows, columns: i, values: try weights["weight_ih_l0", [rows, i]]),
      weightHH: Matrix(rows: rows, columns: h, values: try weights["weight_hh_l0", [rows, h]]),
      biasIH: try weights["bias_ih_l0", [rows]], biasHH: try weights["bias_hh_l0", [rows]])

    switch about.initialState {
    case "zero":
      initialState = nil
    case "file":
      initialState = InitialState(
        hidden: try CaseArray(path("h0.npy")).doubles(shape: [b, h]),
        cell: cell.carriesCellState ? try CaseArray(path("c0.npy")).doubles(shape: [b, h]) : nil)
    default:
      throw CaseError(
        .malformed, place: "\(path("case.json")): initial_state",
        problem: "'\(about.initialState)' is not 'zero' or 'file'")
    }

    if let size = about.loss.readoutSize {
      guard size >= 1 else {
        throw CaseError(
          .malformed, place: "\(path("case.json")): loss.readout_size",
          problem: "\(size) is not at least 1")
      }
      readout = Readout(
        weight: Matrix(rows: size, columns: h, values: try weights["readout.weight", [size, h]]),
        bias: try weights["readout.bias", [size]])
    } else {
      readout = nil
    }
    loss = try Self.loss(
      about.loss, readoutSize: readout?.outputSize, targets: CaseArray(path("targets.npy")),
      shape: shape, place: path("case.json"))
  }

  private static func loss(
    _ loss: CaseDescription.Loss, readoutSize: Int?, targets: CaseArray, shape: SequenceShape,
    place: String
  ) throws -> Loss {
    func outputs() throws(CaseError) -> Int {
      guard let readoutSize else {
        throw CaseError(
          .malformed, place: "\(place): loss.readout_size",
          problem: "\(loss.kind) needs a readout; give its number of outputs")
      }
      return readoutSize
    }
    switch loss.kind {
    case "final_dot":
      return .finalDot(direction: try targets.doubles(shape: [shape.hiddenSize]))
    case "final_mse":
      return .finalMeanSquaredError(targets: try targets.doubles(shape: [shape.batch, outputs()]))
    case "cross_entropy_every_step":
      return .crossEntropyEveryStep(
        classes: try targets.classes(shape: [shape.steps, shape.batch], count: outputs()))
    case "cross_entropy_final":
      return .crossEntropyFinal(
        classes: try targets.classes(shape: [shape.batch], count: outputs()))
    default:
      throw CaseError(
        .malformed, place: "\(place): loss.kind",
        problem: "'\(loss.kind)' is not known; use final_dot, final_mse, cross_entropy_every_step or "
          + "cross_entropy_final")
    }
  }

  /// The case in a precision.
  public func problem<Element: Scalar>(_ type: Element.Type) -> GradientProblem<Element> {
    func narrow(_ values: [Double]) -> [Element] { Element.array(values) }
    let loss: any SequenceLoss<Element>
    switch (self.loss, readout?.converted(to: type)) {
    case (.finalMeanSquaredError(let targets), let readout?):
      loss = FinalMeanSquaredError(targets: narrow(targets), readout: readout)
    case (.crossEntropyEveryStep(let classes), let readout?):
      loss = CrossEntropyLoss(classes: classes, readout: readout, placement: .everyStep)
    case (.crossEntropyFinal(let classes), let readout?):
      loss = CrossEntropyLoss(classes: classes, readout: readout, placement: .finalStep)
    case (.finalDot(let direction), _):
      loss = FinalDotLoss(direction: narrow(direction))
    case (_, nil):
      preconditionFailure("a loss with a readout was read without one")
    }
    return GradientProblem(
      cell: cell, shape: shape, parameters: parameters.converted(to: type), inputs: narrow(inputs),
      initialState: initialState.map {
        InitialState(hidden: narrow($0.hidden), cell: $0.cell.map(narrow))
      },
      loss: loss)
  }
}
