import Experiments
import Figures
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("What the figures of a diagnosis draw")
struct DiagnosisDrawingTests {
  private func drawing(_ diagnosis: ModelDiagnosis, _ name: DiagnosisFigureName) throws -> FigureDrawing {
    let (drawings, omitted) = try DiagnosisFigureSet(diagnosis, names: [name], directory: "unused").drawings()
    return try #require(drawings.first, "omitted: \(omitted)")
  }

  private func omission(_ diagnosis: ModelDiagnosis, _ name: DiagnosisFigureName) throws -> String? {
    let set = DiagnosisFigureSet(diagnosis, names: [name], directory: "unused")
    guard case .omitted(name, let reason)? = try set.drawings().omitted.first else { return nil }
    return reason
  }

  private func table(_ diagnosis: ModelDiagnosis, _ name: DiagnosisFigureName) throws -> [[String: String]] {
    rows(ofCSV: try drawing(diagnosis, name).table.csv)
  }

  @Test func decayHoldsTheMeanNormsByLag() throws {
    let diagnosis = try DiagnosisProblem().diagnosis(.light)
    let steps = diagnosis.layers[0].steps
    let found = try table(diagnosis, .decay)
    for (curve, values) in [("h", steps.hiddenMean), ("c", steps.cellMean)] {
      let numbers = found.filter { $0["curve"] == curve }.map { $0["log10_norm"] }
      #expect(numbers == values.dropFirst().reversed().map { CSVField.number($0) })
    }
  }

  @Test func predictionsStartAtTheMeasuredValueOfLagZero() throws {
    let diagnosis = try DiagnosisProblem(cell: .rnn).diagnosis()
    let layer = diagnosis.layers[0]
    let found = try table(diagnosis, .decay)
    let start = try #require(layer.steps.hiddenMean.last)
    for prediction in [SlopePrediction.linear, .pascanuBound, .lyapunov] {
      let slope = try #require(layer.predictions[prediction])
      let line = found.filter { $0["curve"] == prediction.rawValue }
      #expect(line.map { $0["lag"] } == ["0", "11"])
      #expect(line.map { $0["log10_norm"] } == [start, start + 11 * slope].map { CSVField.number($0) })
    }
  }

  @Test func aSteepPredictionDoesNotStretchThePicture() throws {
    let diagnosis = try DiagnosisProblem(cell: .rnn, hidden: 32, steps: 80, radius: 1.2).diagnosis()
    let bound = try #require(diagnosis.layers[0].predictions[.pascanuBound])
    let norms = diagnosis.layers[0].steps.hiddenMean.dropFirst()
    let script = try drawing(diagnosis, .decay).script
    let range = try #require(script.firstMatch(of: /set yrange \[(.*):(.*)\]/))
    let high = try #require(Double(range.2))
    let greatest = try #require(norms.max())
    #expect(high < greatest + 0.5 * 79 * bound)
    #expect(script.contains("log_{10} γσ_{max}: +"))
  }

  @Test func aLossAtEveryStepIsWarnedOf() throws {
    let diagnosis = try DiagnosisProblem(cell: .rnn, readsEveryStep: true).diagnosis()
    for name in [DiagnosisFigureName.decay, .lyapunov] {
      #expect(try drawing(diagnosis, name).script.contains("refreshes the gradient"))
    }
    let final = try DiagnosisProblem(cell: .rnn).diagnosis(.light)
    #expect(try !drawing(final, .decay).script.contains("refreshes the gradient"))
  }

  @Test func captionNamesModelSizesAndLoss() throws {
    let diagnosis = try DiagnosisProblem(layers: 2, isBidirectional: true).diagnosis()
    let script = try drawing(diagnosis, .states).script
    for part in [
      "model model", "lstm of 2 layers, both directions", "hidden size 5", "T = 12", "batch 4",
      "loss cross-entropy at the final step", "batch element 0", "layer 1 reverse: cell state c",
    ] {
      #expect(script.contains(part.replacing("_", with: "\\_")), "\(part)")
    }
  }

  @Test func spectrumHoldsEverySingularValueOfFewAndItsZeros() throws {
    let diagnosis = try DiagnosisProblem(cell: .rnn).diagnosis()
    let jacobian = try #require(diagnosis.layers[0].jacobians.first)
    let found = try table(diagnosis, .spectrum)
    for k in 0..<5 {
      let curve = found.filter { $0["curve"] == "\(k + 1)" }.map { $0["log10_sigma"] }
      #expect(curve == jacobian.singularValues.map { CSVField.number($0[k].log10) })
    }
    let dead = try ModelDiagnosis(
      ModelProblem(ReferenceCase(directory: ReferenceCases.directory + "/rnn_relu_dead")))
    #expect(try drawing(dead, .spectrum).script.contains("are exactly 0 at lag"))
    #expect(try drawing(dead, .lyapunov).script.contains("are −∞: a step is singular"))
  }

  @Test func anLSTMHasTheSpectrumOfItsWholeStateToo() throws {
    let found = try table(try DiagnosisProblem().diagnosis(), .spectrum)
    #expect(Set(found.map { $0["block"] }) == ["hidden", "state"])
    #expect(found.contains { $0["curve"] == "10" && $0["block"] == "state" })
  }

  @Test func lyapunovHoldsExponentsInNatsAndDecades() throws {
    let diagnosis = try DiagnosisProblem(cell: .gru, steps: 40).diagnosis()
    let report = try #require(diagnosis.layers[0].lyapunov)
    let found = try table(diagnosis, .lyapunov)
    let exponents = found.filter { $0["curve"] == "exponent" }
    #expect(exponents.map { $0["exponent"] } == report.spectrum.exponents.map { CSVField.number($0) })
    for row in exponents {
      let nats = try #require(row["exponent"].flatMap(Double.init))
      let decades = try #require(row["decades_per_step"].flatMap(Double.init))
      #expect(abs(nats - decades * 2.302585092994046) < 1e-12)
    }
    #expect(found.first { $0["curve"] == "separation" }?["exponent"] == CSVField.number(report.separation))
  }

  @Test func gatesHoldMeansSaturationAndGradients() throws {
    let diagnosis = try DiagnosisProblem(cell: .gru).diagnosis()
    let layer = diagnosis.layers[0]
    let activity = try #require(layer.gates)
    let found = try table(diagnosis, .gates)
    #expect(found.count == 36)
    let row = try #require(found.first { $0["gate"] == "z" && $0["step"] == "7" })
    let summary = activity.bySteps[6 * 3 + 1]
    #expect(row["mean"] == CSVField.number(summary.mean))
    #expect(row["saturated_low"] == CSVField.number(summary.low))
    #expect(row["saturated_high"] == CSVField.number(summary.high))
    #expect(row["log10_gradient"] == CSVField.number(layer.steps.preactivationByGate[6 * 3 + 1]))
  }

  @Test func onlySquashedUnitsSaturate() throws {
    let relu = try drawing(try DiagnosisProblem(cell: .rnnRelu).diagnosis(), .gates).script
    #expect(!relu.contains("saturated units") && relu.contains("units that are off"))
    #expect(relu.contains("of the units are off"))
    let linear = try drawing(try DiagnosisProblem(cell: .rnnLinear).diagnosis(), .gates).script
    #expect(!linear.contains("saturated units") && !linear.contains("units that are off"))
    #expect(
      try drawing(try DiagnosisProblem(cell: .rnn).diagnosis(), .gates).script.contains("saturated units"))
  }

  /// Where a loss at every step decides the slope, no line of theory belongs beside it.
  @Test func predictionsAreDrawnOfAPlainDecayAlone() throws {
    for everyStep in [false, true] {
      let curves = Set(
        try table(try DiagnosisProblem(cell: .rnn, readsEveryStep: everyStep).diagnosis(), .decay)
          .compactMap { $0["curve"] })
      #expect(curves.contains(SlopePrediction.linear.rawValue) == !everyStep, "\(curves)")
    }
  }

  @Test func sharesOfPathsSumToOne() throws {
    let found = try table(try DiagnosisProblem().diagnosis(), .paths)
    let shares = Dictionary(grouping: found.filter { $0["share"] != "" }) { $0["lag"] }
    #expect(shares.count == 12)
    for rows in shares.values {
      let sum = rows.compactMap { $0["share"].flatMap(Double.init) }.reduce(0, +)
      #expect(abs(sum - 1) < 1e-9)
    }
    // Without any way through h, the carousel is the whole.
    let first = found.filter { $0["lag"] == "0" }
    #expect(first.first { $0["path"] == "carousel" }?["share"] == "1")
    #expect(Set(found.map { $0["path"] }).isSuperset(of: ["whole", "forget_path"]))
  }

  @Test func twoTimeMapEndsWhereStatesComeAfterTheLoss() throws {
    let diagnosis = try DiagnosisProblem(
      cell: .rnn, isBidirectional: true, readsEveryStep: true
    ).diagnosis()
    let found = try table(diagnosis, .twoTime)
    func number(_ row: [String: String], _ name: String) -> Int { row[name].flatMap { Int($0) } ?? -1 }
    for row in found {
      let (source, step) = (number(row, "source"), number(row, "step"))
      let reaches = row["direction"] == "forward" ? step <= source : step >= source
      #expect((row["log10_norm"] != "-inf") == reaches, "\(row)")
    }
    #expect(Set(found.filter { $0["direction"] == "forward" }.map { number($0, "step") }) == Set(0...12))
    #expect(Set(found.filter { $0["direction"] == "reverse" }.map { number($0, "step") }) == Set(1...13))
  }

  @Test func longAndWideMapsAreThinned() throws {
    let plan = DiagnosisPlan(measures: [.states])
    let diagnosis = try ModelDiagnosis(
      try DiagnosisProblem(cell: .rnn, hidden: 300, steps: 1200, batch: 1).problem(), plan: plan)
    let found = try table(diagnosis, .states)
    #expect(Set(found.map { $0["step"] }).count == 500)
    #expect(Set(found.map { $0["unit"] }).count == 256)
    #expect(found.contains { $0["step"] == "1200" && $0["unit"] == "300" })
  }

  @Test func contributionsHoldNormsAndDirections() throws {
    let diagnosis = try DiagnosisProblem().diagnosis()
    let alignment = try #require(diagnosis.layers[0].alignment)
    let found = try table(diagnosis, .contributions).filter { $0["gate"] == "all" }
    #expect(found.map { $0["log10_norm"] } == alignment.log10Norms().reversed().map { CSVField.number($0) })
    #expect(found.map { $0["cosine"] } == alignment.cosines().reversed().map { CSVField.number($0) })
  }

  @Test func figuresThatDoNotApplySayWhy() throws {
    let light = try DiagnosisProblem(cell: .rnn).diagnosis(.light)
    for name in DiagnosisFigureName.allCases where name != .decay {
      let reason = try #require(try omission(light, name))
      #expect(reason.contains("the plan omits") || name == .paths || name == .twoTime, "\(name): \(reason)")
    }
    #expect(try omission(light, .paths)?.contains("no cell state") == true)
    #expect(try omission(light, .twoTime)?.contains("only one step") == true)
    let clipped = try DiagnosisProblem(clip: .stepNorm(1e-3)).diagnosis()
    #expect(try omission(clipped, .paths)?.contains("step clip") == true)
  }

  @Test func aStepClipIsDrawnBesideWhatItClips() throws {
    let diagnosis = try DiagnosisProblem(clip: .stepNorm(1e-3)).diagnosis(.light)
    let found = try table(diagnosis, .decay).filter { $0["curve"] == "h_unclipped" }
    let values = diagnosis.layers[0].unclippedSteps.hiddenMean.dropFirst().reversed()
    #expect(found.map { $0["log10_norm"] } == values.map { CSVField.number($0) })
  }
}
