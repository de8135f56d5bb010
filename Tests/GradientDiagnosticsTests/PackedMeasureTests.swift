import Foundation
import GradientFlow
import TestSupport
import Testing

/// What is measured of sequences of different lengths is what each of them has, from its own start.
@Suite("Measures of sequences of different lengths")
struct PackedMeasureTests {
  static let lengths = [9, 7, 7, 4, 1]

  private static func batch(_ kind: CellKind, _ loss: PackedBatch.Loss = .finalDot) -> PackedBatch {
    PackedBatch(kind, loss, lengths: lengths, seed: 8)
  }

  /// log10 √Σ (10^x)².
  private static func combined(_ logs: [Double]) -> Double {
    log10(logs.reduce(0) { $0 + pow(100, $1) }) / 2
  }

  /// By t = first…T of the batch: of each sequence that has it, a number of its own.
  private static func atEachStep(
    _ shape: SequenceShape, from first: Int, _ alone: [[Double]], _ body: ([Double]) -> Double
  ) -> [Double] {
    (first...shape.steps).map { t in
      let count = first == 0 ? shape.states(at: t) : shape.count(at: t)
      return body((0..<count).map { alone[$0][t - shape.start(of: $0) - first] })
    }
  }

  // Norms of ∂L/∂h, c and a over the sequences that have the step; means over those too.
  @Test(arguments: CellKind.allCases)
  func normsAreOverTheSequencesThatHaveTheStep(_ kind: CellKind) {
    let batch = Self.batch(kind)
    func check<Cell: RecurrentCell>(_ type: Cell.Type) where Cell.Element == Double {
      var pass = batch.pass(type)
      let shape = pass.shape
      let steps = pass.diagnose(loss: batch.loss(Double.self)).steps
      let alone = (0..<batch.batch).map { b in
        var single = batch.pass(type, alone: b)
        return single.diagnose(loss: batch.loss(Double.self, alone: b)).steps
      }
      #expect(steps.sequences == [1, 1, 3, 3, 3, 4, 4, 4, 5, 5])
      #expect(steps.stepSequences == [1, 1, 3, 3, 3, 4, 4, 4, 5])
      func agrees(_ found: [Double], _ first: Int, _ series: (StepGradients) -> [Double]) -> String? {
        difference(
          found, Self.atEachStep(shape, from: first, alone.map(series), Self.combined), absolute: 1e-12)
      }
      #expect(agrees(steps.hidden, 0, \.hidden) == nil)
      #expect(agrees(steps.preactivation, 1, \.preactivation) == nil)
      #expect(agrees(steps.recurrentPreactivation, 1, \.recurrentPreactivation) == nil)
      if Cell.carriesCellState { #expect(agrees(steps.cell, 0, \.cell) == nil) }
      let means = Self.atEachStep(shape, from: 0, alone.map(\.hidden)) {
        $0.reduce(0, +) / Double($0.count)
      }
      #expect(difference(steps.hiddenMean, means, absolute: 1e-12) == nil)
      // One sequence has none; nor has a step with a gradient of zero, as of units that are off.
      for t in 0...9 {
        let own = (0..<shape.states(at: t)).map { steps.hiddenByExample[t * 5 + $0] }
        #expect(steps.hiddenDeviation[t].isFinite == (own.count > 1 && own.allSatisfy(\.isFinite)))
      }
      #expect((steps.log10RatioFirstLast - alone[0].log10RatioFirstLast).magnitude < 1e-12)
      #expect(steps.immediate[9] > -.infinity && steps.immediate[..<9].allSatisfy { $0 == -.infinity })
    }
    check(kind.type(for: Double.self))
  }

  // ‖Σ_b γ_b h_bᵀ‖ entry by entry, from what was recorded.
  @Test(arguments: CellKind.allCases)
  func contributionsAreOfTheSequencesThatHaveTheStep(_ kind: CellKind) {
    let batch = Self.batch(kind, .everyClass)
    func check<Cell: RecurrentCell>(_ type: Cell.Type) where Cell.Element == Double {
      var pass = batch.pass(type)
      let (shape, loss) = (pass.shape, batch.loss(Double.self))
      let diagnosis = pass.diagnose(loss: loss)
      var recorder = GradientRecorder<Double>(
        shape: shape, gateCount: Cell.gateCount, carriesCellState: Cell.carriesCellState)
      _ = pass.backward(loss: loss, probe: &recorder)
      var aligned = ContributionAlignment(
        shape: shape, gateCount: Cell.gateCount, total: diagnosis.result.gradients.weightHH)
      _ = pass.backward(loss: loss, probe: &aligned)
      let norms = aligned.alignment.log10Norms()
      let (h, n, width) = (shape.hiddenSize, shape.inputSize, Cell.gateCount * shape.hiddenSize)
      for t in 1...shape.steps {
        let own = shape.count(at: t)
        func rows(_ list: [Double], _ width: Int, from first: Int = 0) -> [[Double]] {
          cut(list[first..<first + own * width], width: width)
        }
        let first = (t - 1) * shape.batch * width
        let gamma = rows(recorder.gradients.preactivation, width, from: first)
        let hidden = rows(recorder.gradients.recurrentPreactivation, width, from: first)
        let states = rows(pass.hiddenState(t - 1) ?? [], h)
        let inputs = rows(pass.inputs, n, from: shape.firstRow(of: t) * n)
        let weightHH = explicitLog10Norm(hidden, states)
        #expect((diagnosis.steps.weightHH[t - 1] - weightHH).magnitude < 1e-11)
        #expect((norms[t - 1] - weightHH).magnitude < 1e-11)
        #expect((diagnosis.steps.weightIH[t - 1] - explicitLog10Norm(gamma, inputs)).magnitude < 1e-11)
      }
    }
    check(kind.type(for: Double.self))
  }

  @Test(arguments: CellKind.allCases)
  func activityOfGatesAndUnitsIsOverOwnSteps(_ kind: CellKind) {
    let batch = Self.batch(kind)
    func check<Cell: RecurrentCell>(_ type: Cell.Type) where Cell.Element == Double {
      var pass = batch.pass(type)
      let shape = pass.shape
      let together = pass.gateActivity()
      func unitNorms(_ pass: inout SequencePass<Cell>, _ loss: any SequenceLoss<Double>) -> [Double] {
        var probe = UnitGradientNorms(hiddenSize: shape.hiddenSize, gateCount: Cell.gateCount)
        _ = pass.backward(loss: loss, probe: &probe)
        return probe.log10Norms
      }
      let unit = unitNorms(&pass, batch.loss(Double.self))
      var (product, units, memory): ([Double], [[Double]], [Double]) = ([], [], [])
      var means = Array(repeating: 0.0, count: Cell.gateCount * shape.hiddenSize)
      for b in 0..<batch.batch {
        var single = batch.pass(type, alone: b)
        let alone = single.gateActivity()
        product += alone.log10MemoryProduct
        memory += alone.log10Memory
        units.append(unitNorms(&single, batch.loss(Double.self, alone: b)))
        for k in means.indices { means[k] += alone.byUnits[k].mean * Double(batch.lengths[b]) }
      }
      #expect(difference(together.log10MemoryProduct, product, relative: 1e-13) == nil)
      #expect(
        difference(
          together.byUnits.map(\.mean), means.map { $0 / Double(shape.rowCount) }, relative: 1e-12,
          absolute: 1e-14) == nil)
      let combined = unit.indices.map { k in Self.combined(units.map { $0[k] }) }
      #expect(difference(unit, combined, absolute: 1e-12) == nil)
      if let mean = together.meanLog10Memory {
        #expect((mean - memory.reduce(0, +) / Double(memory.count)).magnitude < 1e-13)
      }
    }
    check(kind.type(for: Double.self))
  }

  @Test func pathsAddUpOverTheSequences() {
    let batch = Self.batch(.lstm)
    func paths(_ pass: inout SequencePass<LSTMCell<Double>>, _ loss: any SequenceLoss<Double>)
      -> GradientPaths
    {
      var probe = PathDecomposition(shape: pass.shape, parameters: batch.parameters)
      _ = pass.backward(loss: loss, probe: &probe)
      return probe.paths
    }
    var pass = batch.pass(LSTMCell<Double>.self)
    let together = paths(&pass, batch.loss(Double.self))
    let alone = (0..<batch.batch).map { b in
      var single = batch.pass(LSTMCell<Double>.self, alone: b)
      return paths(&single, batch.loss(Double.self, alone: b))
    }
    for path in GradientPath.allCases {
      let expected = Self.atEachStep(
        pass.shape, from: 0, alone.map { $0.log10Norms(path) }, Self.combined)
      #expect(difference(together.log10Norms(path), expected, absolute: 1e-11) == nil)
    }
    for t in 0...9 {
      let sum = GradientPath.allCases.reduce(0) { $0 + together.shares($1)[t] }
      #expect((sum - 1).magnitude < 1e-12)
    }
  }

  // Ordinary units, and saturated ones, whose Jacobians are taken in factors.
  @Test(arguments: [CellKind.rnn, .lstm, .gru], [0.0, 12])
  func jacobiansAndExponentsAreOfTheOwnTrajectory(_ kind: CellKind, _ bias: Double) {
    var batch = Self.batch(kind)
    for k in stride(from: 0, to: batch.parameters.biasIH.count, by: 2) { batch.parameters.biasIH[k] += bias }
    func check<Cell: RecurrentCell>(_ type: Cell.Type) where Cell.Element == Double {
      var pass = batch.pass(type)
      for b in [0, 2, 3] {
        var single = batch.pass(type, alone: b)
        let lags = [1, batch.lengths[b] / 2, batch.lengths[b]]
        for block in Cell.carriesCellState ? StateBlock.allCases : [.hidden] {
          let mine = pass.jacobianSpectrum(block, element: b, lags: lags)
          let other = single.jacobianSpectrum(block, lags: lags)
          #expect(mine.lags == other.lags)
          for (x, y) in zip(mine.singularValues.joined(), other.singularValues.joined()) {
            // NaN where neither can vouch for it.
            let (x, y) = (x.log10, y.log10)
            #expect(x == y || x.isNaN && y.isNaN || (x - y).magnitude < 1e-8)
          }
        }
        let mine = pass.lyapunovSpectrum(element: b, count: 3, transient: 1, start: .axes)
        let other = single.lyapunovSpectrum(count: 3, transient: 1, start: .axes)
        #expect(mine.steps == batch.lengths[b] - 1)
        for (x, y) in zip(mine.exponents, other.exponents) {
          #expect(x == y || x.isNaN && y.isNaN || (x - y).magnitude < 1e-6 * max(1, y.magnitude))
        }
        func stream() -> RandomStream { RandomStream(rootSeed: 1, trialSeed: 1, purpose: .other(2)) }
        var (first, second) = (stream(), stream())
        let apart = pass.separationExponent(element: b, transient: 1, stream: &first)
        #expect(
          (apart - single.separationExponent(transient: 1, stream: &second)).magnitude < 1e-6)
      }
      // One sequence alone has all nine steps.
      func stream() -> RandomStream { RandomStream(rootSeed: 1, trialSeed: 1, purpose: .other(3)) }
      var (first, second) = (stream(), stream())
      var longest = batch.pass(type, alone: 0)
      let rates = pass.trajectoryRates(elements: 4, stream: &first)
      let own = longest.trajectoryRates(elements: 1, stream: &second)
      #expect((rates.lyapunov - own.lyapunov).magnitude < 1e-12 * max(1, own.lyapunov.magnitude))
      #expect(rates.forgetPath.map { ($0 - (own.forgetPath ?? .nan)).magnitude < 1e-12 } ?? true)
    }
    check(kind.type(for: Double.self))
  }

  @Test func normsArePreservedOverOwnSteps() {
    let batch = Self.batch(.rnn)
    func preservation(
      _ pass: inout SequencePass<TanhCell<Double>>, _ loss: any SequenceLoss<Double>
    ) -> (omega: Double, gradient: [Double], count: Int) {
      var probe = NormPreservation<Double>(shape: pass.shape)
      _ = pass.backward(loss: loss, probe: &probe)
      return (probe.penalty, probe.gradient.values, probe.count)
    }
    var pass = batch.pass(TanhCell<Double>.self)
    let together = preservation(&pass, batch.loss(Double.self))
    var (omega, gradient) = (0.0, together.gradient.map { _ in 0.0 })
    for b in 0..<batch.batch {
      var single = batch.pass(TanhCell<Double>.self, alone: b)
      let alone = preservation(&single, batch.loss(Double.self, alone: b))
      omega += alone.omega / 5
      gradient = zip(gradient, alone.gradient).map { $0 + $1 / 5 }
    }
    #expect(together.count == 28)
    #expect((together.omega - omega).magnitude < 1e-12 * omega)
    #expect(difference(together.gradient, gradient, relative: 1e-11, absolute: 1e-13) == nil)
  }
}
