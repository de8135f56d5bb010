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
      #expect(numbers == values.dropFirst().reversed().map { eightDigits($0) })
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
      #expect(line.map { $0["log10_norm"] } == [start, start + 11 * slope].map { eightDigits($0) })
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
    #expect(script.contains("Pascanu bound γσ_{max}, an upper bound: +"))
  }

  /// Noise within a decade must not look like a change.
  @Test func aLevelGradientLooksLevel() throws {
    let diagnosis = try DiagnosisProblem(readsEveryStep: true).diagnosis(.light)
    let script = try drawing(diagnosis, .decay).script
    let range = try #require(script.firstMatch(of: /set yrange \[(.*):(.*)\]/))
    let (low, high) = (try #require(Double(range.1)), try #require(Double(range.2)))
    #expect(high - low >= 2)
    #expect(!script.contains("10^{−2.5}"))
  }

  @Test func aLossAtEveryStepIsWarnedOf() throws {
    let diagnosis = try DiagnosisProblem(cell: .rnn, readsEveryStep: true).diagnosis()
    #expect(try drawing(diagnosis, .decay).plot.caption.warning?.contains("refreshes the gradient") == true)
    #expect(try drawing(diagnosis, .decay).plot.statement.contains("the loss of a single step: "))
    let final = try DiagnosisProblem(cell: .rnn).diagnosis(.light)
    #expect(try drawing(final, .decay).plot.caption.warning == nil)
  }

  /// Where something else decides the slope of the gradient, nothing that speaks of it stands beside it, and the caption
  /// says why.
  @Test func noTheoryIsDrawnBesideARefreshedGradient() throws {
    for (problem, reason) in [
      (DiagnosisProblem(readsEveryStep: true), "the loss at several steps decides the slope"),
      (DiagnosisProblem(layers: 2), "gradients enter from above at every step and decide the slope"),
    ] {
      let diagnosis = try problem.diagnosis()
      for (name, curve, words) in [
        (DiagnosisFigureName.decay, "lyapunov", "no predictions"),
        (.lyapunov, "gradient_slope", "no slope of the gradient"), (.paths, "forget_path", "no forget path"),
      ] {
        let found = try table(diagnosis, name).filter { ($0["curve"] ?? $0["path"]) == curve }
        #expect(found.allSatisfy { $0["layer"] == "1" }, "\(name)")
        let caption = try drawing(diagnosis, name).plot.caption.parts
        #expect(caption.contains { $0.hasPrefix(words) && $0.hasSuffix(reason) }, "\(caption)")
      }
    }
  }

  @Test func captionNamesModelSizesAndLoss() throws {
    let diagnosis = try DiagnosisProblem(layers: 2, isBidirectional: true).diagnosis()
    let drawing = try drawing(diagnosis, .states)
    let caption = drawing.plot.caption.parts.joined(separator: " · ")
    for part in [
      "model model", "lstm of 2 layers, both directions", "hidden size 5", "T = 12", "batch 4",
      "loss cross-entropy at the final step", "batch element 0",
    ] {
      #expect(caption.contains(part), "\(part)")
    }
    #expect(drawing.script.contains("layer 1 reverse: c_t"))
  }

  @Test func spectrumHoldsEverySingularValueOfFewAndItsZeros() throws {
    let diagnosis = try DiagnosisProblem(cell: .rnn).diagnosis()
    let jacobian = try #require(diagnosis.layers[0].jacobians.first)
    let found = try table(diagnosis, .spectrum)
    for k in 0..<5 {
      let curve = found.filter { $0["curve"] == "\(k + 1)" }.map { $0["log10_sigma"] }
      #expect(curve == jacobian.singularValues.map { eightDigits($0[k].log10) })
    }
    let dead = try ModelDiagnosis(
      ModelProblem(ReferenceCase(directory: ReferenceCases.directory + "/rnn_relu_dead")))
    #expect(try drawing(dead, .spectrum).script.contains("exactly 0: 8 of 8"))
    #expect(try drawing(dead, .lyapunov).script.contains("−∞: a step is singular"))
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
    #expect(exponents.map { $0["exponent"] } == report.spectrum.exponents.map { eightDigits($0) })
    for row in exponents {
      let nats = try #require(row["exponent"].flatMap(Double.init))
      let decades = try #require(row["decades_per_step"].flatMap(Double.init))
      #expect(abs(nats - decades * 2.302585092994046) < 1e-6)
    }
    #expect(found.first { $0["curve"] == "separation" }?["exponent"] == eightDigits(report.separation))
  }

  @Test func gatesHoldMeansSaturationAndGradients() throws {
    let diagnosis = try DiagnosisProblem(cell: .gru).diagnosis()
    let layer = diagnosis.layers[0]
    let activity = try #require(layer.gates)
    let found = try table(diagnosis, .gates)
    #expect(found.count == 36)
    let row = try #require(found.first { $0["gate"] == "z" && $0["step"] == "7" })
    let summary = activity.bySteps[6 * 3 + 1]
    #expect(row["mean"] == eightDigits(summary.mean))
    #expect(row["saturated_low"] == eightDigits(summary.low))
    #expect(row["saturated_high"] == eightDigits(summary.high))
    #expect(row["log10_gradient"] == eightDigits(layer.steps.preactivationByGate[6 * 3 + 1]))
  }

  @Test func onlySquashedUnitsSaturate() throws {
    let relu = try drawing(try DiagnosisProblem(cell: .rnnRelu).diagnosis(), .gates).script
    #expect(!relu.contains("saturated units") && relu.contains("units that are off"))
    #expect(relu.contains("of the units are off"))
    let linear = try drawing(try DiagnosisProblem(cell: .rnnLinear).diagnosis(), .gates).script
    #expect(!linear.contains("saturated units") && !linear.contains("units that are off"))
    let squashed = try drawing(try DiagnosisProblem(cell: .rnn).diagnosis(), .gates)
    #expect(squashed.script.contains("saturated units"))
    // A single unit must not fill the panel: shares reach half at least.
    #expect(squashed.script.contains("'0.5' 0.5"))
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
      #expect(abs(sum - 1) < 1e-6)
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
    let states = found.filter { $0["state"] == "h" }
    #expect(states.count <= 8000)
    #expect(Set(states.map { $0["step"] }).count == 500)
    #expect(Set(states.map { $0["unit"] }).count == 16)
    #expect(states.contains { $0["step"] == "1200" })
    let caption = try drawing(diagnosis, .states).plot.caption.parts
    #expect(caption.contains("16 of 300 units, evenly spaced in this order"))
    #expect(caption.contains("500 of 1201 steps"))
  }

  @Test func unitsAreInTheOrderOfTheirMeanState() throws {
    let found = try table(try DiagnosisProblem(cell: .gru).diagnosis(), .states).filter { $0["state"] == "h" }
    let means = (0..<5).map { place in
      found.filter { $0["place"] == "\(place)" }.compactMap { $0["activation"].flatMap(Double.init) }.reduce(
        0, +)
    }
    #expect(means == means.sorted())
    #expect(Set(found.map { $0["unit"] }) == ["1", "2", "3", "4", "5"])
  }

  @Test func theInputsOfTheElementThatIsFollowedStandBelowItsStates() throws {
    let problem = try DiagnosisProblem().problem()
    let diagnosis = try ModelDiagnosis(problem, plan: DiagnosisPlan(measures: [.states]))
    let inputs = try table(diagnosis, .states).filter { $0["state"] == "x" }
    #expect(inputs.count == 3 * 12)
    guard case .dense(let read) = problem.data.inputs else {
      Issue.record("inputs are numbers")
      return
    }
    for row in inputs {
      let (step, unit) = (
        try #require(row["step"].flatMap { Int($0) }), try #require(row["unit"].flatMap { Int($0) })
      )
      let shown = try #require(row["activation"].flatMap(Double.init))
      #expect(abs(shown - read[(step - 1) * 4 * 3 + unit - 1]) < 1e-3)
    }
  }

  @Test func contributionsHoldNormsAndDirections() throws {
    let diagnosis = try DiagnosisProblem().diagnosis()
    let alignment = try #require(diagnosis.layers[0].alignment)
    let found = try table(diagnosis, .contributions).filter { $0["gate"] == "all" }
    #expect(found.map { $0["log10_norm"] } == alignment.log10Norms().reversed().map { eightDigits($0) })
    #expect(found.map { $0["cosine"] } == alignment.cosines().reversed().map { eightDigits($0) })
    let ratio = try #require(alignment.cancellation())
    #expect(try drawing(diagnosis, .contributions).plot.statement.contains(Brief.percent(ratio)))
  }

  @Test func figuresThatDoNotApplySayWhy() throws {
    let light = try DiagnosisProblem(cell: .rnn).diagnosis(.light)
    for name in DiagnosisFigureName.allCases where name != .decay {
      let reason = try #require(try omission(light, name))
      #expect(reason.contains("the plan omits") || name == .paths || name == .twoTime, "\(name): \(reason)")
    }
    #expect(try omission(light, .paths)?.contains("no cell state") == true)
    #expect(try omission(light, .twoTime)?.contains("only one step") == true)
    let oneStep = try DiagnosisProblem(steps: 1).diagnosis(.light)
    #expect(try omission(oneStep, .decay)?.contains("one step") == true)
    let clipped = try DiagnosisProblem(clip: .stepNorm(1e-3)).diagnosis()
    #expect(try omission(clipped, .paths)?.contains("step clip") == true)
  }

  @Test func aStepClipIsDrawnBesideWhatItClips() throws {
    let diagnosis = try DiagnosisProblem(clip: .stepNorm(1e-3)).diagnosis(.light)
    let found = try table(diagnosis, .decay).filter { $0["curve"] == "h_unclipped" }
    let values = diagnosis.layers[0].unclippedSteps.hiddenMean.dropFirst().reversed()
    #expect(found.map { $0["log10_norm"] } == values.map { eightDigits($0) })
  }
}
