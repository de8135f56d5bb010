import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

/// Weights and inputs at the ends of the range: every measurement is made, and none ends the program.
@Suite("A diagnosis at the ends of the range") struct ExtremeDiagnosisTests {
  private func diagnose(
    _ cell: CellKind, steps: Int = 7, batch: Int = 2, hidden: Int = 3, weights: Double, inputs: Double = 1
  ) throws -> ModelDiagnosis {
    let model = SmallModel(cell, layers: 1, hiddenSize: hidden)
    let problem = ModelProblem(
      name: "net",
      model: model.model { given in
        RecurrentParameters(
          weightIH: given.weightIH.scaled(by: weights), weightHH: given.weightHH.scaled(by: weights),
          biasIH: given.biasIH.map { $0 * weights }, biasHH: given.biasHH.map { $0 * weights })
      }, steps: steps, batch: batch, inputs: SmallModel.numbers(steps * batch * 3).map { $0 * inputs },
      loss: FinalDotLoss(direction: Array(repeating: 1, count: hidden)))
    var plan = DiagnosisPreset.full.plan
    plan.element = batch - 1
    return try ModelDiagnosis(problem, plan: plan)
  }

  @Test(arguments: CellKind.allCases, [0, 1e-300, 1e-150, 1e50, 1e120, 1e160, 1e300])
  func anyWeightsAreDiagnosedOrRefused(_ cell: CellKind, _ weights: Double) throws {
    for inputs in [0, 1, 1e150, 1e300] {
      do {
        let found = try diagnose(cell, weights: weights, inputs: inputs)
        #expect(found.layers[0].steps.hidden.allSatisfy { $0 < .infinity })
        #expect(!found.report.isEmpty && !found.summary.text.contains("nan"))
      } catch let error as DiagnosisError {
        #expect(weights > 1 || inputs > 1, "\(error)")
        #expect(error.description.hasPrefix("net: "))
      } catch let error as LinearAlgebraError {
        #expect(weights > 1e100, "\(error)")
      }
    }
  }

  @Test(arguments: CellKind.allCases) func theSmallestSizesAreDiagnosed(_ cell: CellKind) throws {
    for (steps, batch, hidden) in [(1, 1, 1), (1, 3, 2), (2, 1, 1), (30, 1, 1)] {
      let found = try diagnose(cell, steps: steps, batch: batch, hidden: hidden, weights: 1)
      #expect(found.layers[0].steps.hidden.count == steps + 1)
      #expect(!found.report.isEmpty)
    }
  }

  @Test func aGateThatStaysOpenHasAMemoryWithoutEnd() throws {
    let directory = try TemporaryDirectory()
    for (bias, memory) in [(1e6, Double.infinity), (-1e6, 1e-6)] {
      let problem = ModelProblem(
        name: "net",
        model: SmallModel(.lstm, hiddenSize: 2).model { given in
          var parameters = given
          for k in 2..<4 { parameters.biasIH[k] = bias }
          return parameters
        }, steps: 5, batch: 1, inputs: SmallModel.numbers(15), loss: FinalDotLoss(direction: [1, 1]))
      try ModelDiagnosis(problem).write(to: directory.path)
      let units = CSVRows(try directory.read("gate_units.csv")).rows(where: ["gate": "f"])
      let found = units.map { Double($0["memory_steps"] ?? "") ?? .nan }
      #expect(difference(found, [memory, memory], relative: 1e-5) == nil, "\(found)")
    }
  }

  @Test func aPredictionBeyondNumbersLeavesNoResidual() throws {
    let directory = try TemporaryDirectory()
    let model = SmallModel(.rnn, readoutSize: 2)
    let problem = ModelProblem(
      name: "net",
      model: model.model { given in
        var parameters = given
        parameters.weightHH = parameters.weightHH.scaled(by: 0)
        return parameters
      }, steps: 6, batch: 1, inputs: SmallModel.numbers(18),
      loss: MeanSquaredErrorLoss(
        targets: SmallModel.numbers(12, seed: 2), readout: try #require(model.readout), placement: .everyStep)
    )
    try ModelDiagnosis(problem, plan: DiagnosisPreset.light.plan).write(to: directory.path)
    let theory = CSVRows(try directory.read("theory.csv"))
    #expect(theory.rows.count == 4)
    for row in theory.rows {
      #expect(row["decades_per_step"] == "-inf" && row["residual"] == "")
    }
  }

  @Test func anElementThatTheBatchDoesNotHaveIsRefused() throws {
    let problem = ModelProblem(
      name: "net", model: SmallModel(.gru).model(), steps: 2, batch: 2, inputs: SmallModel.numbers(12),
      loss: FinalDotLoss(direction: [1, 1, 1, 1]))
    for element in [-1, 2, .max] {
      var plan = DiagnosisPreset.light.plan
      plan.element = element
      #expect(throws: DiagnosisError.noSuchElement(model: "net", element: element, batch: 2)) {
        try ModelDiagnosis(problem, plan: plan)
      }
    }
  }
}
