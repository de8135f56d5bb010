import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("The report of a diagnosis") struct DiagnosisReportTests {
  private func report(
    _ model: SmallModel, steps: Int = 12, everyStep: Bool = false, preset: DiagnosisPreset = .standard,
    _ change: (RecurrentParameters<Double>) -> RecurrentParameters<Double> = { $0 }
  ) throws -> String {
    let readout = Readout<Double>(
      weight: .identity(model.outputSize), bias: Array(repeating: 0, count: model.outputSize))
    let problem = ModelProblem(
      name: "net", model: model.model(change), steps: steps, batch: 2, inputs: SmallModel.numbers(steps * 6),
      loss: everyStep
        ? MeanSquaredErrorLoss(
          targets: SmallModel.numbers(steps * 2 * model.outputSize, seed: 2), readout: readout,
          placement: .everyStep)
        : FinalDotLoss(direction: Array(repeating: 1, count: model.outputSize)))
    let text = try ModelDiagnosis(problem, plan: preset.plan).report
    #expect(text.hasSuffix("\n") && !text.contains(" \n") && !text.contains("nan") && !text.contains("inf"))
    return text
  }

  @Test(arguments: CellKind.allCases, DiagnosisPreset.allCases)
  func everyLayerHasItsVerdict(_ cell: CellKind, _ preset: DiagnosisPreset) throws {
    let text = try report(SmallModel(cell, layers: 2, directions: 2), everyStep: true, preset: preset)
    #expect(text.hasPrefix("net: \(cell.rawValue), 2 layers, both directions, H = 4, T = 12, B = 2, loss "))
    for label in ["layer 0 forward", "layer 0 reverse", "layer 1 forward", "layer 1 reverse"] {
      #expect(text.contains("\n\(label)\n"))
    }
    #expect(text.components(separatedBy: "\n  → ").count == 5, "\(text)")
    // Before the paragraphs, what each layer does.
    let overview = text.components(separatedBy: "\nlayer 0 forward\n")[0].split(separator: "\n").dropFirst()
    #expect(
      !overview.isEmpty && overview.allSatisfy { $0.hasPrefix("layer ") && $0.contains(": ") }, "\(text)")
    #expect(text.contains("note: gradients enter at several steps"))
    #expect(text.contains("The single losses show it.") == (preset != .light))
  }

  private func scaled(_ factor: Double) -> (RecurrentParameters<Double>) -> RecurrentParameters<Double> {
    {
      var parameters = $0
      parameters.weightHH = Matrix<Double>.identity(4).scaled(by: factor)
      return parameters
    }
  }

  @Test func aLinearNetworkDoesAsItsRadiusSays() throws {
    for (factor, verdict) in [(0.5, "vanishes"), (1.0, "survives"), (2.0, "explodes")] {
      let text = try report(SmallModel(.rnnLinear), scaled(factor))
      #expect(text.contains("→ \(verdict): as its spectral radius alone predicts"), "\(text)")
    }
  }

  @Test func withoutRecurrentWeightsNothingReachesBack() throws {
    #expect(
      try report(SmallModel(.rnn), scaled(0)).contains(
        "→ no gradient reaches back: every norm but the last is exactly zero"))
    // A loss at every step leaves no norm at zero; its single terms tell.
    let every = try report(SmallModel(.rnn), everyStep: true, scaled(0))
    #expect(every.contains("→ no gradient reaches back: every single loss ends at its own step"), "\(every)")
  }

  /// The reverse direction begins with what the loss reads: nothing is before it, and nothing is zero "but the last".
  @Test func aLossAtTheFirstStepAloneHasNoWayBack() throws {
    let model = SmallModel(.rnn, directions: 2)
    let problem = ModelProblem(
      name: "net", model: model.model(), steps: 12, batch: 2, inputs: SmallModel.numbers(12 * 6),
      loss: FinalDotLoss(direction: Array(repeating: 1, count: model.outputSize)), reading: .lastOutput)
    let text = try ModelDiagnosis(problem, plan: DiagnosisPreset.standard.plan).report
    #expect(
      text.contains(
        "→ no way back: the loss reads only the first step, and every later norm is exactly zero"), "\(text)"
    )
    #expect(!text.contains("every norm but the last"))
  }

  /// A norm that falls first and then grows is not halved, and one whose slope and ends disagree does neither.
  @Test func theWordsFitTheNumbers() throws {
    func text(_ entries: [Double], steps: Int) throws -> String {
      try report(SmallModel(.rnnLinear, hiddenSize: 2), steps: steps) {
        var parameters = $0
        parameters.weightHH = Matrix(rows: 2, columns: 2, values: entries)
        return parameters
      }
    }
    // (1, 1) W = (0.1, 0.2), after which the eigenvalue 2.8 takes over.
    let dipping = try text([1.5, -1.3, -1.4, 1.5], steps: 12)
    #expect(dipping.contains("→ explodes"), "\(dipping)")
    #expect(dipping.contains("below half after 1 step, but above it again later"), "\(dipping)")
    #expect(!dipping.contains("halved after"), "\(dipping)")
    // 0.995 a step takes ten decades in 4,600 steps.
    let slow = try text([0.995, 0, 0, 0.995], steps: 5000)
    #expect(slow.contains("→ vanishes"), "\(slow)")
  }

  /// Four times over twelve steps is no explosion, and a drop near the end of the sequence no half-life.
  @Test func smallChangesAreToldByTheirSize() throws {
    let fourfold = try report(SmallModel(.rnnLinear), scaled(1.134))
    #expect(fourfold.contains("→ grows 3.99 times over 11 steps"), "\(fourfold)")
    let quarter = try report(SmallModel(.rnnLinear), scaled(1 / 1.134))
    #expect(quarter.contains("→ shrinks to 0.251 of its size over 11 steps"), "\(quarter)")
    // (1, 1) W = (0.3, 0.1), of which 0.22 stays along the eigenvalue 1.
    let dropping = try report(SmallModel(.rnnLinear, hiddenSize: 2), steps: 50) {
      var parameters = $0
      parameters.weightHH = Matrix(rows: 2, columns: 2, values: [1, 0, -0.7, 0.1])
      return parameters
    }
    #expect(dropping.contains("below half within 1 step, then no steady fall"), "\(dropping)")
  }

  @Test func rectifiedUnitsAreOffAndLinearOnesAreNeither() throws {
    let relu = try report(SmallModel(.rnnRelu))
    #expect(relu.contains(" % off)") && !relu.contains("% low"), "\(relu)")
    let linear = try report(SmallModel(.rnnLinear))
    #expect(!linear.contains(" off") && !linear.contains("% low"), "\(linear)")
    #expect(try report(SmallModel(.rnn)).contains("% low"))
  }

  @Test func aStateThatNeverLeavesZeroIsSaidToBeLinearised() throws {
    let model = SmallModel(.rnn)
    let still = model.model {
      var parameters = $0
      parameters.biasIH = [0, 0, 0, 0]
      parameters.biasHH = [0, 0, 0, 0]
      return parameters
    }
    let problem = ModelProblem(
      name: "net", model: still, steps: 12, batch: 2, inputs: Array(repeating: 0, count: 12 * 6),
      loss: FinalDotLoss(direction: [1, 1, 1, 1]))
    let found = try ModelDiagnosis(problem, plan: DiagnosisPreset.standard.plan)
    #expect(found.layers[0].staysAtZero && found.layers[0].predictions[.meanFieldLower] == nil)
    #expect(found.report.contains("linearised at 0"), "\(found.report)")
  }

  @Test func oneStepHasNoVerdict() throws {
    for cell in CellKind.allCases {
      #expect(try !report(SmallModel(cell), steps: 1).contains("→"))
    }
  }

  @Test func deadUnitsHaveNoGradient() throws {
    let text = try report(SmallModel(.rnnRelu)) { given in
      var parameters = given
      parameters.biasIH = Array(repeating: -1e3, count: 4)
      return parameters
    }
    #expect(text.contains("→ no gradient reaches back: every norm but the last is exactly zero"), "\(text)")
  }
}
