import Foundation
import GradientFlow
import Specification
import TextFiles
import Trials

/// A network stored as a directory: `case.json`, `weights.safetensors`, `inputs.npy`, `targets.npy` and, where
/// the initial state is given, `h0.npy` and `c0.npy`. All numbers are widened to double precision.
public struct ReferenceCase: Sendable {
  public let name: String
  public let directory: String
  public let cell: CellKind
  public let shape: SequenceShape
  public let parameters: RecurrentParameters<Double>
  public let readout: Readout<Double>?
  public let inputs: [Double]
  public let initialState: InitialState<Double>?
  /// One of ``LossKind/ofCases``.
  public let loss: LossKind
  /// What it compares with: v, or values [B, O]; none where it compares with classes.
  let targets: [Double]
  /// [T, B] or [B]; none where it compares with values.
  let classes: [Int]

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
    func array(_ name: String) throws(ModelFileError) -> CheckedArray {
      try CheckedArray(path: path(name), sizes: .ofCase)
    }
    let about = try CaseDescription(contentsOf: path("case.json"))
    name = about.name
    cell = about.cell
    shape = about.shape
    let (t, b, i, h) = (shape.steps, shape.batch, shape.inputSize, shape.hiddenSize)

    inputs = try array("inputs.npy").doubles(shape: [t, b, i])
    let weightsPath = path("weights.safetensors")
    let file = try SafetensorsFile(contentsOf: weightsPath)
    func weights(_ name: String, _ shape: [Int]) throws(CaseError) -> [Double] {
      guard let array = file[name] else {
        throw CaseError(
          .malformed, place: weightsPath,
          problem: "has no tensor '\(name)'; it contains " + Excerpt.list(file.names))
      }
      return try CheckedArray(place: "\(weightsPath): \(name)", array: array, sizes: .ofCase)
        .doubles(shape: shape)
    }
    let rows = cell.gates.count * h
    parameters = RecurrentParameters(
      weightIH: Matrix(rows: rows, columns: i, values: try weights("weight_ih_l0", [rows, i])),
      weightHH: Matrix(rows: rows, columns: h, values: try weights("weight_hh_l0", [rows, h])),
      biasIH: try weights("bias_ih_l0", [rows]), biasHH: try weights("bias_hh_l0", [rows]))

    switch about.initialState {
    case .zero:
      initialState = nil
    case .file:
      initialState = InitialState(
        hidden: try array("h0.npy").doubles(shape: [b, h]),
        cell: cell.carriesCellState ? try array("c0.npy").doubles(shape: [b, h]) : nil)
    }

    readout = try about.readoutSize.map { size in
      Readout(
        weight: Matrix(rows: size, columns: h, values: try weights("readout.weight", [size, h])),
        bias: try weights("readout.bias", [size]))
    }
    let targets = try array("targets.npy")
    let outputs = about.readoutSize ?? 0
    loss = about.lossKind
    classes =
      loss.needsClasses
      ? try targets.classes(shape: loss.placement == .everyStep ? [t, b] : [b], count: outputs) : []
    self.targets = loss.needsClasses ? [] : try targets.doubles(shape: loss.hasReadout ? [b, outputs] : [h])
  }

  /// The case in a precision.
  public func problem<Element: Scalar>(_ type: Element.Type) -> GradientProblem<Element> {
    func narrow(_ values: [Double]) -> [Element] { Element.array(values) }
    let loss: any SequenceLoss<Element>
    if let readout = readout?.converted(to: type), self.loss.hasReadout {
      loss =
        self.loss.needsClasses
        ? CrossEntropyLoss(classes: classes, readout: readout, placement: self.loss.placement)
        : MeanSquaredErrorLoss(targets: narrow(targets), readout: readout, placement: self.loss.placement)
    } else {
      loss = FinalDotLoss(direction: narrow(targets))
    }
    return GradientProblem(
      cell: cell, shape: shape, parameters: parameters.converted(to: type), inputs: narrow(inputs),
      initialState: initialState.map {
        InitialState(hidden: narrow($0.hidden), cell: $0.cell.map(narrow))
      },
      loss: loss)
  }
}
