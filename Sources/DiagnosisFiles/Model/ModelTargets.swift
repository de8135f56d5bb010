import GradientFlow
import Specification

/// What a loss compares with, from a file, in the order in which the inputs are packed.
struct ModelTargets {
  let array: CheckedArray
  let inputs: ModelInputs

  /// Row-major extents without those that unbatched inputs do not have.
  private var shape: [Int] { array.array.shape }
  private var isWhole: Bool { !array.array.storedType.isFloatingPoint }

  // MARK: - Which loss

  /// The loss that suits the targets, by their type and shape.
  ///
  /// - Parameter outputs: O, how many numbers the head gives; nil without a head.
  /// - Throws: ``CaseError`` where they suit none or several, with what each would need.
  func kind(outputs: Int?) throws -> LossKind {
    let (steps, batch) = (inputs.steps, inputs.batch)
    let plane = inputs.layout == .batchFirst ? [batch, steps] : [steps, batch]
    let ofSequences = [[batch]] + (inputs.isUnbatched ? [[], [1]] : [])
    let ofSteps = [plane] + (inputs.isUnbatched ? [[steps]] : [])
    if let outputs {
      let values =
        outputs == 1
        ? ofSequences + [[batch, 1]] : [[batch, outputs]] + (inputs.isUnbatched ? [[outputs]] : [])
      let valuesOfSteps =
        [plane + [outputs]] + (outputs == 1 ? ofSteps : []) + (inputs.isUnbatched ? [[steps, outputs]] : [])
      if isWhole, outputs == 1 {
        if values.contains(shape) { return .binaryCrossEntropyFinal }
        if valuesOfSteps.contains(shape) { return .binaryCrossEntropyEveryStep }
      }
      if isWhole {
        if ofSequences.contains(shape) { return .crossEntropyFinal }
        if ofSteps.contains(shape) { return .crossEntropyEveryStep }
      } else {
        try refuseLabels(outputs: outputs, values: values, valuesOfSteps: valuesOfSteps, ofSequences, ofSteps)
        if values.contains(shape) { return .finalMeanSquaredError }
        if valuesOfSteps.contains(shape) { return .meanSquaredErrorEveryStep }
      }
      if isWhole { try refuseLabels(outputs: outputs, values: values, valuesOfSteps: valuesOfSteps, [], []) }
    } else if !isWhole {
      let width = shape.last ?? 1
      if shape == [batch, width], shape.count == 2 { return .finalMeanSquaredError }
      if shape == plane + [width], shape.count == 3 { return .meanSquaredErrorEveryStep }
    } else {
      if ofSequences.contains(shape) { return .crossEntropyFinal }
      if ofSteps.contains(shape) { return .crossEntropyEveryStep }
    }
    throw CaseError(
      .malformed, place: array.place,
      problem:
        "\(array.array.storedType) targets of shape \(shape) match no loss for T = \(steps), B = \(batch)"
        + (outputs.map { " and \($0) outputs" }
          ?? " and no readout: no linear layer is known to read the recurrent layers; name it with --head, or give the gradient "
          + "with --upstream") + "; "
        + LossKind.ofModels.filter { $0 != .finalSum }.map { "\($0.rawValue): \($0.targetShape)" }
        .joined(separator: "; "))
  }

  /// Labels in a form that a loss by shape alone would read as something else.
  private func refuseLabels(
    outputs: Int, values: [[Int]], valuesOfSteps: [[Int]], _ ofSequences: [[Int]], _ ofSteps: [[Int]]
  ) throws {
    let numbers = array.array.doubles()
    let isFinal = values.contains(shape) || ofSequences.contains(shape)
    let (squares, classes): (LossKind, LossKind) =
      isFinal
      ? (.finalMeanSquaredError, .crossEntropyFinal) : (.meanSquaredErrorEveryStep, .crossEntropyEveryStep)
    let binary: LossKind = isFinal ? .binaryCrossEntropyFinal : .binaryCrossEntropyEveryStep
    let areZerosAndOnes = numbers.allSatisfy { $0 == 0 || $0 == 1 }
    if outputs == 1, areZerosAndOnes, values.contains(shape) || valuesOfSteps.contains(shape) {
      throw CaseError(
        .malformed, place: array.place,
        problem: "zeros and ones, and one output: say --loss \(binary.rawValue) if they are labels, or "
          + "--loss \(squares.rawValue)")
    }
    if outputs > 1, values.contains(shape) || valuesOfSteps.contains(shape) {
      let rows = stride(from: 0, to: numbers.count, by: outputs).map { numbers[$0..<$0 + outputs] }
      if !areZerosAndOnes,
        rows.allSatisfy({ row in
          row.allSatisfy { $0 >= 0 } && abs(row.reduce(0, +) - 1) < 1e-4
        })
      {
        throw CaseError(
          .malformed, place: array.place,
          problem:
            "each row sums to 1, as probabilities of classes: a cross entropy with them is not computed; hand "
            + "over its gradient with --upstream, or say --loss \(squares.rawValue) or --loss \(binary.rawValue) if "
            + "that is what was minimised")
      }
      // Of one sequence, numbers as many as outputs may be labels of as many steps.
      guard areZerosAndOnes else {
        return try refuseWholeNumbers(numbers, outputs: outputs, classes, [], ofSteps)
      }
      let isOneHot = rows.allSatisfy { row in row.count { $0 == 1 } == 1 }
      throw CaseError(
        .malformed, place: array.place,
        problem: isOneHot
          ? "one-hot labels: for \(classes.rawValue) save the classes, numpy.argmax(y, -1); or say --loss "
            + "\(squares.rawValue) or --loss \(binary.rawValue) if that is what was minimised"
          : "zeros and ones, \(outputs) of them a row: say --loss \(binary.rawValue) for labels that may come together, "
            + "or --loss \(squares.rawValue)")
    }
    try refuseWholeNumbers(numbers, outputs: outputs, classes, ofSequences, ofSteps)
  }

  /// Classes that are stored as floating-point numbers.
  private func refuseWholeNumbers(
    _ numbers: [Double], outputs: Int, _ classes: LossKind, _ ofSequences: [[Int]], _ ofSteps: [[Int]]
  ) throws {
    let classes = ofSteps.contains(shape) && !ofSequences.contains(shape) ? .crossEntropyEveryStep : classes
    let isLabel = outputs > 1 && (ofSequences.contains(shape) || ofSteps.contains(shape))
    if isLabel, numbers.allSatisfy({ $0 == $0.rounded() && $0 >= 0 && $0 < Double(outputs) }) {
      throw CaseError(
        .malformed, place: array.place,
        problem:
          "whole numbers below \(outputs), stored as \(array.array.storedType): say --loss \(classes.rawValue) if "
          + "they are classes, or save them as integers")
    }
  }

  // MARK: - In the order of the pack

  /// Numbers [B, width].
  func ofSequences(width: Int) throws(CaseError) -> [Double] {
    let batch = inputs.batch
    let shapes =
      [[batch, width]] + (width == 1 ? [[batch]] : [])
      + (inputs.isUnbatched ? [[width]] + (width == 1 ? [[]] : []) : [])
    let values = try array.doubles(shape: shapes.contains(shape) ? shape : shapes[0])
    return inputs.order?.packed(values, width: width) ?? values
  }

  /// Numbers [rows, width].
  func ofSteps(width: Int) throws(CaseError) -> [Double] {
    let plane = inputs.layout == .batchFirst ? [inputs.batch, inputs.steps] : [inputs.steps, inputs.batch]
    let shapes =
      [plane + [width]] + (width == 1 ? [plane] : [])
      + (inputs.isUnbatched ? [[inputs.steps, width]] + (width == 1 ? [[inputs.steps]] : []) : [])
    return packed(try array.doubles(shape: shapes.contains(shape) ? shape : shapes[0]), width: width)
  }

  /// Classes, each sequence's own or each step's; those that are `ignored` become ``ignoredClass``.
  func classes(everyStep: Bool, count: Int, ignored: Int) throws -> [Int] {
    let plane = inputs.layout == .batchFirst ? [inputs.batch, inputs.steps] : [inputs.steps, inputs.batch]
    let shapes =
      everyStep
      ? [plane] + (inputs.isUnbatched ? [[inputs.steps]] : [])
      : [[inputs.batch]] + (inputs.isUnbatched ? [[]] : [])
    let found = try array.classes(
      shape: shapes.contains(shape) ? shape : shapes[0], count: count, ignored: ignored)
    let classes = found.map { $0 == ignored ? ignoredClass : $0 }
    if !classes.isEmpty, classes.allSatisfy({ $0 == ignoredClass }) {
      throw CaseError(
        .malformed, place: array.place, problem: "every target is \(ignored): none takes part in the loss")
    }
    return everyStep ? packed(classes, width: 1) : inputs.order?.packed(classes, width: 1) ?? classes
  }

  /// Whether the targets of some sequences, but not of all, end in those that are `ignored`.
  func endIgnored(_ ignored: Int) -> Bool {
    guard let values = try? array.array.integers(), inputs.batch > 1,
      values.count == inputs.steps * inputs.batch
    else {
      return false
    }
    let (steps, batch) = (inputs.steps, inputs.batch)
    let last = (0..<batch).map { b in
      values[inputs.layout == .batchFirst ? b * steps + steps - 1 : (steps - 1) * batch + b] == ignored
    }
    return last.contains(true) && last.contains(false)
  }

  private func packed<Number>(_ values: [Number], width: Int) -> [Number] {
    let ordered =
      inputs.layout == .batchFirst
      ? transposed(values, rows: inputs.batch, columns: inputs.steps, width: width) : values
    guard let order = inputs.order else { return ordered }
    return order.pack(
      ModelInputs.cut(ordered, order, inputs.steps, inputs.batch, width: width), width: width)
  }
}
