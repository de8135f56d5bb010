import Foundation
import GradientFlow
import Trials

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
        .missing, place: directory, problem: "no such directory; pass the directory of a case")
    }
    func path(_ file: String) -> String { PathName.joined(directory, file) }
    let about = try CaseDescription(contentsOf: path("case.json"))
    name = about.name
    cell = about.cell
    shape = about.shape
    let (t, b, i, h) = (shape.steps, shape.batch, shape.inputSize, shape.hiddenSize)

    inputs = try CheckedArray(path: path("inputs.npy"), sizes: .ofCase).doubles(shape: [t, b, i])
    let weights = try CaseWeights(path("weights.safetensors"))
    let rows = cell.gates.count * h
    parameters = RecurrentParameters(
      weightIH: Matrix(rows: rows, columns: i, values: try weights["weight_ih_l0", [rows, i]]),
      weightHH: Matrix(rows: rows, columns: h, values: try weights["weight_hh_l0", [rows, h]]),
      biasIH: try weights["bias_ih_l0", [rows]], biasHH: try weights["bias_hh_l0", [rows]])

    switch about.initialState {
    case .zero:
      initialState = nil
    case .file:
      initialState = InitialState(
        hidden: try CheckedArray(path: path("h0.npy"), sizes: .ofCase).doubles(shape: [b, h]),
        cell: cell.carriesCellState
          ? try CheckedArray(path: path("c0.npy"), sizes: .ofCase).doubles(shape: [b, h]) : nil)
    }

    readout = try about.readoutSize.map { size in
      Readout(
        weight: Matrix(rows: size, columns: h, values: try weights["readout.weight", [size, h]]),
        bias: try weights["readout.bias", [size]])
    }
    let targets = try CheckedArray(path: path("targets.npy"), sizes: .ofCase)
    let outputs = about.readoutSize ?? 0
    switch about.lossKind {
    case .finalDot:
      loss = .finalDot(direction: try targets.doubles(shape: [h]))
    case .finalMeanSquaredError:
      loss = .finalMeanSquaredError(targets: try targets.doubles(shape: [b, outputs]))
    case .crossEntropyEveryStep:
      loss = .crossEntropyEveryStep(classes: try targets.classes(shape: [t, b], count: outputs))
    case .crossEntropyFinal:
      loss = .crossEntropyFinal(classes: try targets.classes(shape: [b], count: outputs))
    }
  }

  /// The case in a precision.
  public func problem<Element: Scalar>(_ type: Element.Type) -> GradientProblem<Element> {
    func narrow(_ values: [Double]) -> [Element] { Element.array(values) }
    let loss: any SequenceLoss<Element>
    switch (self.loss, readout?.converted(to: type)) {
    case (.finalMeanSquaredError(let targets), let readout?):
      loss = MeanSquaredErrorLoss(targets: narrow(targets), readout: readout, placement: .finalStep)
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
