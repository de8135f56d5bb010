import Foundation
import GradientFlow
import TestSupport
import Testing

/// Heads and criteria against central differences, and against losses step by step where both say the same.
@Suite("Heads of any depth") struct HeadLossTests {
  private static let lengths = SequenceLengths([5, 4, 2])
  private static let shape = BatchShape(lengths)
  /// D·H and O.
  private static let (width, outputs) = (6, 3)

  private static func numbers(_ count: Int, _ seed: UInt64) -> [Double] {
    SmallModel.numbers(count, seed: seed)
  }

  private static func linear(_ inputs: Int, _ outputs: Int, _ seed: UInt64) -> HeadLinear {
    HeadLinear(
      name: "fc\(seed)",
      Readout(
        weight: Matrix(rows: outputs, columns: inputs, values: numbers(outputs * inputs, seed)),
        bias: numbers(outputs, seed + 1)))
  }

  private static let norm = HeadLayerNorm(name: "norm", weight: numbers(6, 21), bias: numbers(6, 22))
  private static let batchNorm = HeadBatchNorm(
    name: "bn", weight: numbers(6, 23), bias: numbers(6, 24), mean: numbers(6, 25),
    variance: numbers(6, 26).map { 0.3 + $0 * $0 })

  /// Heads from 6 to 3 numbers, every layer at least once.
  static let heads: [(name: String, layers: [any HeadLayer])] =
    [
      ("linear", [linear(6, 3, 1)]), ("norm, linear", [norm, linear(6, 3, 3)]),
      ("batch norm, linear", [batchNorm, linear(6, 3, 5)]),
      ("sum, linear", [HeadMerge.sum, linear(3, 3, 7)]), ("mul, linear", [HeadMerge.mul, linear(3, 3, 7)]),
      ("ave, linear", [HeadMerge.ave, linear(3, 3, 7)]),
    ]
    + HeadActivation.allCases.map {
      ("two layers with \($0.rawValue)", [linear(6, 5, 9), $0, linear(5, 3, 11)])
    }

  private static func given(_ outputs: [Double]) -> NetworkOutputs {
    let rows = shape.firstRow(of: shape.steps)
    let final = (0..<2).map { d -> [Double] in
      (0..<shape.batch).flatMap { b -> ArraySlice<Double> in
        let first = (rows + b) * 6 + d * 3
        return outputs[first..<first + 3]
      }
    }
    return NetworkOutputs(
      shape: shape, layerCount: 2, directions: 2, outputs: outputs, finalStates: final)
  }

  private static func criteria(rows: Int) -> [any Criterion] {
    let classes = (0..<rows).map { $0 % 4 == 3 ? ignoredClass : $0 * 7 % 3 }
    return [
      OutputSum(), OutputSum(direction: numbers(3, 31)), MeanSquares(targets: numbers(rows * 3, 32)),
      WeightedCrossEntropy(classes: classes), WeightedCrossEntropy(classes: classes, weights: [0.2, 3, 1]),
      BinaryCrossEntropy(targets: numbers(rows * 3, 33).map { $0 < -0.4 ? 0 : $0 > 0.4 ? 1 : 0.3 }),
    ]
  }

  /// ∂L/∂outputs along a direction; of final states, which here are the rows of the last step, theirs.
  private static func slope(_ found: NetworkUpstream<Double>, _ direction: [Double]) -> Double {
    var sum = 0.0
    if let rows = found.outputs {
      for (i, value) in rows.values.enumerated() {
        sum += scalbn(value, rows.exponents[i / 6]) * direction[i]
      }
    }
    let first = shape.firstRow(of: shape.steps)
    for (d, state) in (found.finalStates?.last ?? []).enumerated() {
      guard let rows = state.hidden else { continue }
      for b in 0..<shape.batch {
        for k in 0..<3 {
          sum += scalbn(rows.values[b * 3 + k], rows.exponents[b]) * direction[(first + b) * 6 + d * 3 + k]
        }
      }
    }
    return sum
  }

  private static func derivative(_ value: (Double) -> Double) -> Double {
    let h = 1e-4
    return (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h)
  }

  @Test(arguments: OutputReading.allCases, heads.indices)
  func gradientsAreThoseOfDifferences(_ reading: OutputReading, _ head: Int) throws {
    let rows = reading == .everyStep ? Self.shape.rowCount : Self.shape.batch
    let outputs = Self.numbers(Self.shape.rowCount * 6, 41)
    let direction = Self.numbers(outputs.count, 42)
    for criterion in Self.criteria(rows: rows) {
      let loss = HeadLoss(reading: reading, layers: Self.heads[head].layers, criterion: criterion)
      #expect(loss.outputSize(of: 6) == 3)
      func value(_ step: Double) -> Double {
        let moved = zip(outputs, direction).map { $0 + step * $1 }
        return loss.gradients(of: Self.given(moved)).upstream.loss ?? .nan
      }
      let found = loss.gradients(of: Self.given(outputs)).upstream
      let (own, expected) = (Self.slope(found, direction), Self.derivative(value))
      let error = (own - expected).magnitude / max(1, expected.magnitude)
      #expect(error < 1e-8, "\(Self.heads[head].name), \(criterion.name): \(own), by differences \(expected)")
    }
  }

  @Test func parametersOfAHeadHaveTheirGradients() {
    let outputs = Self.numbers(Self.shape.rowCount * 6, 41)
    let criterion = MeanSquares(targets: Self.numbers(Self.shape.rowCount * 3, 32))
    func loss(_ norm: HeadLayerNorm, _ linear: HeadLinear) -> HeadGradients {
      HeadLoss(reading: .everyStep, layers: [norm, linear], criterion: criterion)
        .gradients(of: Self.given(outputs))
    }
    let linear = Self.linear(6, 3, 1)
    let found = loss(Self.norm, linear).parameters
    #expect(found.map(\.name) == ["norm.weight", "norm.bias", "fc1.weight", "fc1.bias"])
    #expect(found.map(\.shape) == [[6], [6], [3, 6], [3]])
    for parameter in found {
      let direction = Self.numbers(parameter.gradient.values.count, 51)
      func moved(_ values: [Double], _ name: String, _ step: Double) -> [Double] {
        parameter.name == name ? zip(values, direction).map { $0 + step * $1 } : values
      }
      let expected = Self.derivative { step in
        let norm = HeadLayerNorm(
          name: "norm", weight: moved(Self.norm.weight, "norm.weight", step),
          bias: moved(Self.norm.bias, "norm.bias", step))
        let fc = HeadLinear(
          name: "fc1",
          Readout(
            weight: Matrix(
              rows: 3, columns: 6, values: moved(linear.layer.weight.values, "fc1.weight", step)),
            bias: moved(linear.layer.bias, "fc1.bias", step)))
        return loss(norm, fc).upstream.loss ?? .nan
      }
      let own = Double.dot(direction.count, direction, parameter.gradient.doubles)
      #expect((own - expected).magnitude < 1e-8 * max(1, expected.magnitude), "\(parameter.name)")
    }
  }

  @Test func oneLinearLayerIsALossStepByStep() throws {
    let model = SmallModel(.lstm, layers: 2, directions: 2, readoutSize: 5)
    let readout = try #require(model.readout)
    let inputs = SmallModel.numbers(Self.shape.rowCount * 3)
    for (reading, placement) in [
      (OutputReading.everyStep, LossPlacement.everyStep), (.finalStates, .finalStep),
      (.lastOutput, .finalStep),
    ] {
      let rows = placement == .everyStep ? Self.shape.rowCount : Self.shape.batch
      let classes = (0..<rows).map { $0 % 5 }
      let data = NetworkInputs<Double>(shape: Self.shape, inputs: .dense(inputs))
      let byStep = try ModelDiagnosis(
        ModelProblem(
          name: "m", network: Network(recurrent: model.model(), readout: readout), data: data,
          loss: CrossEntropyLoss(classes: classes, readout: readout, placement: placement),
          reading: reading.final ?? .finalStates), plan: DiagnosisPlan())
      let byHead = try ModelDiagnosis(
        ModelProblem(
          name: "m", network: Network(model.model()), data: data,
          loss: .head(
            HeadLoss(
              reading: reading, layers: [HeadLinear(name: "readout", readout)],
              criterion: WeightedCrossEntropy(classes: classes)))), plan: DiagnosisPlan())
      #expect(difference([try #require(byHead.loss)], [try #require(byStep.loss)], relative: 1e-13) == nil)
      for (own, other) in zip(byHead.layers, byStep.layers) {
        #expect(difference(own.steps.hidden, other.steps.hidden, relative: 1e-12) == nil, "\(reading)")
      }
      for entry in byStep.gradients.entries {
        let own = try #require(byHead.gradients.entries.first { $0.name == entry.name })
        #expect(
          difference(own.gradient.doubles, entry.gradient.doubles, relative: 1e-9) == nil, "\(entry.name)")
        #expect(own.shape == entry.shape)
      }
    }
  }

  @Test(arguments: [800.0, 5000, 1e5]) func certainAnswersHaveGradientsBelowTheRange(_ logit: Double) {
    var (y, exponents) = ([logit, -logit], [0, 0])
    let loss = BinaryCrossEntropy(targets: [1, 0]).evaluate(rows: 0..<2, y: &y, exponents: &exponents)
    #expect(loss == 0)
    for k in 0..<2 {
      let size = ScaledNumber(y[k].magnitude, exponent: exponents[k])
      // σ(−logit) / 2 in decades.
      #expect((size.log10 - (-logit / M_LN10 - Foundation.log10(2.0))).magnitude < 1e-9 * logit)
    }
    #expect(y[0] < 0 && y[1] > 0)
  }
}
