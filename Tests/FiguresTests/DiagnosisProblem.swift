import Experiments
import Foundation
import GradientFlow

/// Small models with data and loss, to be diagnosed.
struct DiagnosisProblem {
  var cell = CellKind.lstm
  var hidden = 5
  var steps = 12
  var batch = 4
  var layers = 1
  var isBidirectional = false
  var radius = 1.0
  var readsEveryStep = false
  var clip = GradientClip.none

  func problem() throws -> ModelProblem {
    let directions = isBidirectional ? 2 : 1
    let inputs = 3
    let model = RecurrentModel<Double>(
      cell: cell,
      layers: try (0..<layers).map { layer in
        try (0..<directions).map { direction in
          try ParameterRecipe(
            cell: cell, hiddenSize: hidden, inputSize: layer == 0 ? inputs : directions * hidden,
            spectralRadius: radius, seed: UInt64(10 * layer + direction)
          ).parameters()
        }
      })
    var stream = RandomStream(rootSeed: 1, trialSeed: 0, purpose: .inputWeights(block: 9))
    let classes = (0..<(readsEveryStep ? steps * batch : batch)).map { $0 % 2 }
    var problem = ModelProblem(
      name: "model", model: model, steps: steps, batch: batch,
      inputs: stream.normals(steps * batch * inputs),
      loss: CrossEntropyLoss(
        classes: classes,
        readout: Readout(
          weight: Matrix(
            rows: 2, columns: model.outputSize, values: stream.normals(2 * model.outputSize)),
          bias: [0, 0]), placement: readsEveryStep ? .everyStep : .finalStep))
    problem.clip = clip
    return problem
  }

  func diagnosis(_ preset: DiagnosisPreset = .standard) throws -> ModelDiagnosis {
    try ModelDiagnosis(try problem(), plan: preset.plan)
  }
}

/// As the data of curves have a number: to eight digits.
func eightDigits(_ value: Double?) -> String {
  guard let value, value.isFinite else { return CSVField.number(value ?? .nan) }
  return CSVField.number(Double(String(format: "%.8g", value)))
}
