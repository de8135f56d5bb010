import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("A four-letter network by hand")
struct LetterPassTests {
  private static func training() throws -> LetterTraining {
    try LetterTraining(word: "hello", hiddenSize: 3, seed: 1)
  }

  @Test func lettersComeInTheOrderOfTheWord() throws {
    let pass = try Self.training().pass
    #expect(pass.letters == ["h", "e", "l", "o"])
    #expect(pass.steps.map(\.input) == [0, 1, 2, 2])
    #expect(pass.steps.map(\.target) == [1, 2, 2, 3])
  }

  /// h, y, p and the loss by the equations, from the weights that are shown.
  @Test func forwardIsTheEquations() throws {
    let pass = try Self.training().pass
    let w = Dictionary(uniqueKeysWithValues: pass.weights.map { ($0.symbol, $0) })
    func times(_ symbol: String, _ x: [Double]) -> [Double] {
      guard let weights = w[symbol] else { return [] }
      return (0..<weights.rows).map { r in
        (0..<weights.columns).reduce(0) { $0 + weights.values[r * weights.columns + $1] * x[$1] }
      }
    }
    var h = [0.0, 0, 0]
    var total = 0.0
    for step in pass.steps {
      let x = (0..<4).map { $0 == step.input ? 1.0 : 0 }
      let (input, recurrent, bias) = (times("W_xh", x), times("W_hh", h), w["b_h"]?.values ?? [])
      h = (0..<3).map { tanh(input[$0] + recurrent[$0] + bias[$0]) }
      #expect(difference(step.hidden, h, absolute: 1e-13) == nil)
      let y = zip(times("W_hy", h), w["b_y"]?.values ?? []).map(+)
      #expect(difference(step.logits, y, absolute: 1e-13) == nil)
      let powers = y.map { exp($0) }
      let p = powers.map { $0 / powers.reduce(0, +) }
      #expect(difference(step.probabilities, p, absolute: 1e-13) == nil)
      #expect((step.loss + log(p[step.target])).magnitude < 1e-13)
      total -= log(p[step.target])
    }
    #expect((pass.loss - total / 4).magnitude < 1e-13)
  }

  /// Every weight's gradient against a central difference of the loss.
  @Test func gradientsAreDifferencesOfTheLoss() throws {
    let training = try Self.training()
    let (model, pass) = (training.model, training.pass)
    let word = try model.vocabulary.encode("hello")
    let names = [
      "W_xh": "weight_ih_l0", "W_hh": "weight_hh_l0", "b_h": "bias_hh_l0", "W_hy": "readout.weight",
      "b_y": "readout.bias",
    ]
    let delta = 1e-5
    for weights in pass.weights {
      let place = model.network.arrayPlaces.firstIndex { $0.name == names[weights.symbol] } ?? -1
      for k in weights.values.indices {
        func loss(_ by: Double) throws -> Double {
          var network = model.network
          var arrays = network.arrays
          arrays[place][k] += by
          network.arrays = arrays
          return LetterPass(try LanguageModel(network, model.vocabulary), word: word).loss
        }
        let numerical = (try loss(delta) - loss(-delta)) / (2 * delta)
        #expect((weights.gradient[k] - numerical).magnitude < 1e-9, "\(weights.symbol)[\(k)]")
      }
    }
  }

  @Test func theGradientOfAStateIsWhatComesFromItsOutputAndFromTheNextStep() throws {
    let pass = try Self.training().pass
    guard let recurrent = pass.weights.first(where: { $0.symbol == "W_hh" }) else { return }
    for t in 0..<4 {
      let next = t < 3 ? pass.steps[t + 1].preactivationGradient : [0, 0, 0]
      for j in 0..<3 {
        let back = (0..<3).reduce(0) { $0 + recurrent.values[$1 * 3 + j] * next[$1] }
        let step = pass.steps[t]
        #expect((step.hiddenGradient[j] - step.immediateGradient[j] - back).magnitude < 1e-14)
        let slope = 1 - step.hidden[j] * step.hidden[j]
        #expect((step.preactivationGradient[j] - slope * step.hiddenGradient[j]).magnitude < 1e-14)
      }
    }
  }

  @Test func learnsToSpell() throws {
    var training = try Self.training()
    let before = training.pass.loss
    try training.train(updates: 200)
    #expect(training.updates == 200)
    #expect(training.pass.loss < 0.05 * before)
    // After "l" there are two right answers, which the state tells apart.
    for step in training.pass.steps {
      #expect(step.probabilities.firstIndex(of: step.probabilities.max() ?? 0) == step.target)
    }
  }
}
