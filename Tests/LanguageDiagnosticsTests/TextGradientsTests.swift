import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("What a prediction depends on")
struct TextGradientsTests {
  /// ∂L_s/∂x_t of numbers that stand for one-hot rows, by central differences.
  @Test(arguments: [CellKind.rnn, .gru, .lstm]) func inputsAreDifferencesOfTheLoss(cell: CellKind) throws {
    let model = try SmallLanguageModel.make(cell)
    let tokens = SmallLanguageModel.tokens(7)
    let found = try model.textGradients(tokens)
    let (steps, size, delta) = (6, model.vocabulary.count, 1e-6)
    let rows = SequenceInputs<Double>.tokens(tokens.dropLast().map { Int($0) }, count: size).dense
    func losses(_ x: [Double]) -> [Double] {
      let shape = BatchShape(steps: steps, batch: 1)
      let all = model.network.distributions(on: NetworkInputs(shape: shape, inputs: .dense(x))) ?? []
      return (0..<steps).map { -log(all[$0 * size + Int(tokens[$0 + 1])]) }
    }
    #expect(difference(found.losses, losses(rows), absolute: 1e-12) == nil)
    for t in 0..<steps {
      var squares = [Double](repeating: 0, count: steps)
      for k in 0..<size {
        var (above, below) = (rows, rows)
        above[t * size + k] += delta
        below[t * size + k] -= delta
        for (s, pair) in zip(losses(above), losses(below)).enumerated() {
          let slope = (pair.0 - pair.1) / (2 * delta)
          squares[s] += slope * slope
        }
      }
      for s in 0..<steps {
        if s < t {
          #expect(squares[s] == 0)
        } else {
          #expect((pow(10, found.inputs[s][t]) - squares[s].squareRoot()).magnitude < 1e-7)
        }
      }
    }
  }

  /// The gradient of the state of all layers is the root of the sum of squares of each layer's.
  @Test func statesAreThoseOfAllLayers() throws {
    let model = try SmallLanguageModel.make(.lstm, layers: 2)
    let tokens = SmallLanguageModel.tokens(9)
    let found = try model.textGradients(tokens)
    #expect(found.steps == 8)
    #expect(found.states.map(\.count) == Array(1...8))
    let problem = NetworkPass<LSTMCell<Double>>()
    problem.run(
      model.network,
      on: NetworkInputs(
        shape: BatchShape(steps: 8, batch: 1),
        inputs: .tokens(tokens.dropLast().map { Int($0) }, count: model.vocabulary.count)))
    for s in [1, 4, 8] {
      var squares = [Double](repeating: 0, count: 9)
      let loss = CrossEntropyLoss(
        classes: tokens.dropFirst().map { Int($0) }, readout: model.network.readout, placement: .steps([s]))
      _ = problem.backward(loss: loss) { walk in
        let diagnosis = walk.diagnose()
        for (t, norm) in diagnosis.steps.hidden.enumerated() { squares[t] += pow(10, 2 * norm) }
        return diagnosis.result
      }
      for t in 1...s {
        #expect((found.states[s - 1][t - 1] - log10(squares[t]) / 2).magnitude < 1e-12)
      }
    }
  }

  @Test func onlyTheLossesThatAreAskedForAreFollowed() throws {
    let model = try SmallLanguageModel.make(.rnn, layers: 1)
    let tokens = SmallLanguageModel.tokens(6)
    let (all, some) = (try model.textGradients(tokens), try model.textGradients(tokens, of: [3]))
    #expect(some.inputs[2] == all.inputs[2])
    #expect(some.inputs[1].isEmpty && some.losses[1].isNaN)
  }
}
