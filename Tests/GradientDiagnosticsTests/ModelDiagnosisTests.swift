// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation
import GradientFlow
import TestSupport
import Testing

extension NaiveStack {
  fileprivate var problem: ModelProblem {
    ModelProblem(
      name: "stack", model: model, steps: head.sizes.steps, batch: head.sizes.batch, inputs: inputs,
      initialStates: initialStates, loss: head.libraryLoss(Double.self), reading: reading)
  }
}

@Suite("Diagnoses of models")
struct ModelDiagnosisTests {
  private static func stack(
    _ cell: NaiveNetwork.Cell = .lstm, layers: Int = 2, directions: Int = 2,
    loss: NaiveLoss.Kind = .crossEntropyEveryStep, readsFinalStates: Bool = true, steps: Int = 7
  ) -> NaiveStack {
    NaiveStack(
      cell, NaiveSizes(steps, 2, 3, 4, seed: 80), layers: layers, directions: directions, loss: loss,
      readsFinalStates: readsFinalStates)
  }

  /// Diagnoses of every layer by hand, forward before reverse.
  private static func manual<Cell: RecurrentCell<Double>>(
    _ type: Cell.Type, _ stack: NaiveStack, source: Int? = nil
  ) -> (loss: Double, layers: [GradientDiagnosis<Double>]) {
    let pass = stack.pass(type)
    let directions = stack.layers[0].count
    var found = [GradientDiagnosis<Double>?](repeating: nil, count: stack.layers.count * directions)
    let whole = stack.head.libraryLoss(Double.self)
    let part = source.map { StepLoss(whole: whole, step: $0) }
    let result = pass.backward(loss: part ?? whole, reading: stack.reading) { walk in
      let diagnosis = walk.diagnose()
      found[walk.place.layer * directions + walk.place.direction.index] = diagnosis
      return diagnosis.result
    }
    return (result.loss, found.compactMap { $0 })
  }

  @Test(arguments: [
    (NaiveLoss.Kind.crossEntropyEveryStep, true), (.finalMeanSquare, true), (.finalMeanSquare, false),
  ])
  func normsAreThoseOfPassesByHand(loss: NaiveLoss.Kind, readsFinalStates: Bool) throws {
    let stack = Self.stack(loss: loss, readsFinalStates: readsFinalStates)
    let found = try ModelDiagnosis(stack.problem, plan: DiagnosisPreset.light.plan)
    let manual = Self.manual(LSTMCell<Double>.self, stack)
    #expect(found.loss == manual.loss)
    #expect(found.layers.map(\.layer) == [0, 0, 1, 1])
    #expect(found.layers.map(\.direction) == [.forward, .reverse, .forward, .reverse])
    #expect(found.layers.map { $0.label(directions: 2) }.last == "layer 1 reverse")
    for (layer, expected) in zip(found.layers, manual.layers) {
      #expect(layer.steps == expected.steps && layer.unclippedSteps == expected.steps)
      #expect(layer.spectra.count == 4 && layer.shape.inputSize == (layer.layer == 0 ? 3 : 8))
      #expect(layer.gates == nil && layer.paths == nil && layer.alignment == nil && layer.states == nil)
      #expect(layer.decay == expected.steps.decayRate)
    }
    #expect(found.twoTime == nil)

    let gradients = manual.layers.flatMap { $0.result.gradients.named.prefix(4).map(\.gradient) }
    let entries = found.gradients.entries
    #expect(entries.prefix(16).map(\.gradient) == gradients)
    let names = ["l0", "l0_reverse", "l1", "l1_reverse"].flatMap { suffix in
      ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map { "\($0)_\(suffix)" }
    }
    #expect(entries.map(\.name) == names + ["readout.weight", "readout.bias"])
    for entry in entries {
      #expect(entry.gradient.values.count == entry.shape.reduce(1, *), "\(entry.name)")
    }
    let square = entries.reduce(0.0) { $0 + $1.gradient.doubles.reduce(0) { $0 + $1 * $1 } }
    #expect((found.gradients.normBefore.double - square.squareRoot()).magnitude < 1e-14)
    #expect(found.gradients.normAfter == found.gradients.normBefore && found.gradients.cosine == 1)
  }

  @Test(arguments: NaiveNetwork.Cell.allCases)
  func measuresOfALayerAreThoseOfItsProbes(cell: NaiveNetwork.Cell) throws {
    let stack = Self.stack(cell)
    var plan = DiagnosisPlan(measures: [.gates, .paths, .contributions, .states])
    plan.element = 1
    let found = try ModelDiagnosis(stack.problem, plan: plan)
    compare(stack.layers[0][0].kind.type(for: Double.self), stack, found)
    #expect(found.times.map(\.name).prefix(2) == ["forward", "norms"])
    #expect(Set(found.times.map(\.name)).count == found.times.count)
  }

  private func compare<Cell: RecurrentCell<Double>>(
    _ type: Cell.Type, _ stack: NaiveStack, _ found: ModelDiagnosis
  ) {
    let pass = stack.pass(type)
    _ = pass.backward(loss: stack.head.libraryLoss(Double.self), reading: stack.reading) { walk in
      let layer = walk.layer
      let own = found.layers[2 * layer.layer + layer.direction.index]
      let shape = layer.pass.shape
      let result = walk.diagnose()
      #expect(own.gates == layer.pass.gateActivity())
      var units = UnitGradientNorms(hiddenSize: shape.hiddenSize, gateCount: Cell.gateCount)
      walk.observe(calling: &units)
      #expect(own.unitGradients == units.log10Norms)
      var alignment = ContributionAlignment(
        shape: shape, gateCount: Cell.gateCount, total: result.result.gradients.weightHH)
      walk.observe(calling: &alignment)
      #expect(own.alignment?.log10Norms() == alignment.alignment.log10Norms())
      #expect((own.paths != nil) == Cell.carriesCellState)
      // The second batch element of h_t, t = 0…T.
      let (h, count) = (shape.hiddenSize, shape.stateCount)
      let states = (0...shape.steps).flatMap { (layer.pass.hiddenState($0) ?? [])[h..<2 * h] }
      #expect(own.states?.hidden == states && own.states?.element == 1 && count == 2 * h)
      let cells = (0...shape.steps).flatMap { (layer.pass.cellState($0) ?? []).dropFirst(h) }
      #expect(own.states?.cell == cells)
      return result.result
    }
  }

  // A map by source is the norms of single-source passes, whose gradients add up to the whole (see the passes).
  @Test(arguments: [NaiveNetwork.Cell.tanh, .lstm], [1, 2])
  func theTwoTimeMapIsThatOfSingleSources(cell: NaiveNetwork.Cell, directions: Int) throws {
    let stack = Self.stack(cell, directions: directions)
    var plan = DiagnosisPlan(measures: [.twoTime])
    let map = try #require(try ModelDiagnosis(stack.problem, plan: plan).twoTime)
    #expect(map.sources == Array(1...7) && map.norms.count == 2 * directions)
    check(stack.layers[0][0].kind.type(for: Double.self), stack, map)
    // In the last layer, L_s reaches h_t with t ≤ s in the layer's own time, and no other.
    for (place, direction) in [Direction.forward, .reverse].prefix(directions).enumerated() {
      for (source, norms) in zip(map.sources, map.norms[directions + place]) {
        let own = direction == .forward ? source : 8 - source
        #expect(
          norms[0...own].allSatisfy { $0.isFinite } && norms[(own + 1)...].allSatisfy { $0 == -.infinity })
      }
      // The mean of the slopes over own times 1…s, of the sources that have five or more.
      let rates = zip(map.sources, map.norms[directions + place]).compactMap { source, norms -> Double? in
        let own = direction == .forward ? source : 8 - source
        return own < 5 ? nil : DecayRate(log10Norms: norms[1...own].reversed())?.rate
      }
      #expect(rates.count == 3)
      #expect(
        map.decayRate(layer: directions + place, direction: direction)
          == rates.reduce(0, +) / 3)
    }
    plan.sourceLimit = 3
    let fewer = try #require(try ModelDiagnosis(stack.problem, plan: plan).twoTime)
    #expect(fewer.sources == [1, 4, 7])
    #expect(fewer.norms.map { $0[1] } == map.norms.map { $0[3] })
  }

  private func check<Cell: RecurrentCell<Double>>(
    _ type: Cell.Type, _ stack: NaiveStack, _ map: TwoTimeMap
  ) {
    for (index, source) in map.sources.enumerated() {
      let single = Self.manual(type, stack, source: source)
      for (place, layer) in single.layers.enumerated() {
        #expect(map.norms[place][index] == layer.steps.hidden, "source \(source)")
      }
    }
  }

  @Test func aLossOfTheFinalStepHasNoTwoTimeMap() throws {
    let found = try ModelDiagnosis(
      Self.stack(loss: .finalDot).problem, plan: DiagnosisPlan(measures: [.twoTime]))
    #expect(found.twoTime == nil)
    #expect(found.gradients.entries.count == 16)
  }

  // What is shown is the clipped way back beside the unclipped one, each with what the layer above hands down under
  // it.
  @Test(
    arguments: [GradientClip.stepNorm(1e-3), .stepNormExample(1e-3), .globalNorm(1e-3), .value(1e-4)],
    [(1, 1), (2, 1), (2, 2)])
  func everyLayerIsClipped(clip: GradientClip, size: (layers: Int, directions: Int)) throws {
    let stack = Self.stack(.gru, layers: size.layers, directions: size.directions)
    var problem = stack.problem
    problem.clip = clip
    let found = try ModelDiagnosis(problem, plan: DiagnosisPreset.light.plan)
    let pass = stack.pass(GRUCell<Double>.self)
    let loss = stack.head.libraryLoss(Double.self)
    func walk(_ clip: StepClip) -> (NetworkBackwardResult<Double>, [LayerPlace: StepGradients]) {
      var steps: [LayerPlace: StepGradients] = [:]
      let result = pass.backward(loss: loss, reading: stack.reading) { walk in
        let found = walk.diagnose(clip: clip)
        steps[walk.place] = found.steps
        return found.result
      }
      return (result, steps)
    }
    let (unclipped, clipped) = (walk(.none), walk(clip.stepClip))
    #expect(found.layers.map(\.place) == problem.network.places)
    for layer in found.layers {
      #expect(layer.unclippedSteps == unclipped.1[layer.place])
      #expect(layer.steps == clipped.1[layer.place])
    }
    let expected = ClippedGradients(clip, clipped: clipped.0, unclipped: unclipped.0)
    #expect(found.gradients.entries.map(\.gradient) == expected.gradients.entries.map(\.gradient))
    #expect(found.gradients.normBefore == expected.normBefore)
    #expect(found.gradients.normAfter == expected.normAfter)
    #expect(found.gradients.cosine == expected.cosine)
    #expect(found.gradients.clippedFraction == expected.clippedFraction && expected.clippedFraction > 0)
  }

  // MARK: - Lengths

  // L = Σ_b v · h_T[b] is a sum over sequences: so are its gradients, and norms by lag those of the sequences that
  // have it.
  @Test(arguments: NaiveNetwork.Cell.allCases, [1, 2])
  func aPackedBatchIsTheSumOfItsSequences(cell: NaiveNetwork.Cell, directions: Int) throws {
    let stack = Self.stack(cell, directions: directions)
    let (lengths, width) = ([7, 4, 2], 3)
    let order = SequenceOrder(lengths)
    let padded = (1...7 * 3 * width).map { sin(Double($0)) }
    let loss = FinalDotLoss<Double>(direction: (1...directions * 4).map { 0.3 * Double($0) })
    var plan = DiagnosisPreset.full.plan
    plan.element = 1
    let whole = try ModelDiagnosis(
      ModelProblem(
        name: "packed", model: stack.model, steps: 7, batch: 3, lengths: order.lengths,
        inputs: order.pack(padded, width: width), loss: loss), plan: plan)
    let alone = try lengths.enumerated().map { b, length in
      let rows = (0..<length).map { ($0 * 3 + b) * width }
      let inputs = rows.flatMap { padded[$0..<$0 + width] }
      return try ModelDiagnosis(
        ModelProblem(
          name: "alone", model: stack.model, steps: length, batch: 1, inputs: inputs, loss: loss),
        plan: DiagnosisPreset.full.plan)
    }
    let sum = try alone.reduce(0) { $0 + (try #require($1.loss)) }
    #expect((try #require(whole.loss) - sum).magnitude < 1e-12)
    for (k, entry) in whole.gradients.entries.enumerated() {
      let parts = alone.map { $0.gradients.entries[k].gradient.doubles }
      let sums = parts[0].indices.map { i in parts.reduce(0) { $0 + $1[i] } }
      #expect(
        difference(entry.gradient.doubles, sums, relative: 1e-10, absolute: 1e-12) == nil, "\(entry.name)")
    }
    for (l, layer) in whole.layers.enumerated() {
      let own = alone.map { $0.layers[l] }
      #expect(layer.steps.sequences == [1, 1, 1, 2, 2, 3, 3, 3])
      for lag in 0...7 {
        let squares = own.filter { $0.shape.steps >= lag }.map {
          pow(10, 2 * $0.steps.hidden[$0.shape.steps - lag])
        }
        let norm = pow(10, layer.steps.hidden[7 - lag])
        #expect((norm - squares.reduce(0, +).squareRoot()).magnitude <= 1e-10 * norm, "lag \(lag)")
      }
      // Of the second sequence alone.
      let states = try #require(layer.states)
      #expect(states.hidden.count == 5 * 4)
      #expect(difference(states.hidden, own[1].states?.hidden ?? [], relative: 1e-10, absolute: 1e-12) == nil)
      #expect(layer.jacobians.map { $0.lags } == own[1].jacobians.map { $0.lags })
      let exponents = layer.lyapunov?.spectrum.exponents ?? []
      #expect(
        difference(exponents, own[1].lyapunov?.spectrum.exponents ?? [], relative: 1e-8, absolute: 1e-8)
          == nil)
    }
  }

  // MARK: - Errors

  @Test(arguments: [-1, 2]) func anElementOutOfRangeIsRefused(element: Int) {
    var plan = DiagnosisPreset.light.plan
    plan.element = element
    #expect(throws: DiagnosisError.noSuchElement(model: "stack", element: element, batch: 2)) {
      try ModelDiagnosis(Self.stack().problem, plan: plan)
    }
  }

  @Test func aDivergedPassIsRefusedWithItsPlace() throws {
    var stack = Self.stack(.linear, steps: 600)
    stack.layers[1][1].W_hh = stack.layers[1][1].W_hh.map { $0.map { 40 * $0 } }
    let error = #expect(throws: DiagnosisError.self) {
      try ModelDiagnosis(stack.problem, plan: DiagnosisPreset.light.plan)
    }
    guard case .diverged(let model, let divergence) = try #require(error) else {
      Issue.record("another error: \(String(describing: error))")
      return
    }
    #expect(model == "stack" && divergence.place == LayerPlace(layer: 1, direction: .reverse))
    #expect((1...600).contains(divergence.step))
  }

  // A target of 1e200: its squared error is above the range.
  @Test func aLossThatIsNoNumberIsRefused() {
    var stack = Self.stack(loss: .finalMeanSquare)
    stack.head.loss = .finalMeanSquare(targets: [[1e200, 0, 0], [0, 0, 0]])
    #expect(throws: DiagnosisError.notFinite(model: "stack")) {
      try ModelDiagnosis(stack.problem, plan: DiagnosisPreset.light.plan)
    }
  }
}
