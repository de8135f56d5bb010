import GradientFlow
import TestSupport
import Testing

@Suite("Dropout between layers")
struct DropoutTests {
  private static func draw(_ rate: Double, iteration: Int = 3) -> DropoutDraw {
    DropoutDraw(rate: rate, rootSeed: 5, seed: 6, iteration: iteration)
  }

  // The share of zeros of n numbers has the standard deviation √(p (1 − p) / n) = 0.0023.
  @Test(arguments: [0.1, 0.3, 0.9]) func aMaskHasZerosAtItsRateAndScalesTheRest(rate: Double) {
    let count = 40_000
    let values = DropoutMask<Double>(Self.draw(rate), count: count, part: 0).values
    let zeros = values.count { $0 == 0 }
    let deviation = (rate * (1 - rate) / Double(count)).squareRoot()
    #expect((Double(zeros) / Double(count) - rate).magnitude < 4 * deviation)
    #expect(values.allSatisfy { $0 == 0 || $0 == 1 / (1 - rate) })
    // No neighbour tells of the next.
    let pairs = zip(values, values.dropFirst()).count { $0 == 0 && $1 == 0 }
    #expect((Double(pairs) / Double(count) - rate * rate).magnitude < 0.02)
  }

  @Test func aMaskIsThatOfItsUpdateAndLayerAlone() {
    func mask(_ iteration: Int, _ part: Int) -> [Double] {
      DropoutMask<Double>(Self.draw(0.5, iteration: iteration), count: 64, part: part).values
    }
    #expect(mask(3, 0) == mask(3, 0))
    #expect(Set([mask(3, 0), mask(3, 1), mask(4, 0), mask(4, 1)]).count == 4)
    // As single numbers of the stream are compared.
    var stream = RandomStream(rootSeed: 5, trialSeed: 6, purpose: .dropout(iteration: 3), part: 1)
    #expect(mask(3, 1) == (0..<64).map { _ in stream.uniform() < 0.5 ? 0 : 2 })
    let single = DropoutMask<Float>(Self.draw(0.5), count: 64, part: 1).values
    #expect(single == mask(3, 1).map { Float($0) })
  }

  @Test(arguments: [1, 2]) func theSameUpdateGivesTheSameBits(directions: Int) {
    let item = SmallNetwork(layers: 3, directions: directions)
    let inputs = item.inputs(BatchShape(steps: 6, batch: 2))
    let pass = item.pass(LSTMCell<Double>.self, inputs, dropout: Self.draw(0.4))
    let loss = FinalDotLoss<Double>(direction: Array(repeating: 1, count: 4 * directions))
    let (outputs, gradients) = (pass.outputs, pass.backward(loss: loss).gradients)
    pass.run(item.network(), on: inputs, dropout: Self.draw(0.4, iteration: 4))
    #expect(pass.outputs != outputs)
    pass.run(item.network(), on: inputs, dropout: Self.draw(0.4))
    #expect(pass.outputs == outputs && pass.backward(loss: loss).gradients == gradients)
  }

  @Test(arguments: [1, 2]) func aRateOfZeroGivesTheBitsOfNone(directions: Int) {
    let item = SmallNetwork(cell: .gru, directions: directions)
    let inputs = item.inputs(BatchShape(steps: 6, batch: 2))
    let loss = FinalDotLoss<Double>(direction: Array(repeating: 1, count: 4 * directions))
    let without = item.pass(GRUCell<Double>.self, inputs)
    let with = item.pass(GRUCell<Double>.self, inputs, dropout: Self.draw(0))
    #expect(with.outputs == without.outputs)
    #expect(with.backward(loss: loss).gradients == without.backward(loss: loss).gradients)
  }

  // Without masks a layer reads the states of the one below where they stand, with masks a copy of them.
  @Test func memoryOfTheLastRunChangesNothing() {
    let item = SmallNetwork(layers: 3)
    let inputs = item.inputs(BatchShape(steps: 6, batch: 2))
    let loss = FinalDotLoss<Double>(direction: Array(repeating: 1, count: 4))
    let pass = item.pass(LSTMCell<Double>.self, inputs, dropout: Self.draw(0.4))
    for dropout in [nil, Self.draw(0.4), nil, Self.draw(0)] {
      let anew = item.pass(LSTMCell<Double>.self, inputs, dropout: dropout)
      pass.run(item.network(), on: inputs, dropout: dropout)
      #expect(pass.outputs == anew.outputs)
      #expect(pass.backward(loss: loss).gradients == anew.backward(loss: loss).gradients)
      #expect(pass.layers[2][0].pass.inputs == anew.layers[2][0].pass.inputs)
    }
  }

  // PyTorch's dropout is between layers: what the last one gives is never masked.
  @Test func oneLayerHasNoDropout() {
    let item = SmallNetwork(layers: 1)
    let inputs = item.inputs(BatchShape(steps: 5, batch: 2))
    let without = item.pass(LSTMCell<Double>.self, inputs)
    #expect(item.pass(LSTMCell<Double>.self, inputs, dropout: Self.draw(0.5)).outputs == without.outputs)
  }

  // Of a linear network the expectation of outputs is what they are without dropout: the mean of n draws is off by s/√n.
  @Test func theExpectationOfALinearNetworkStays() {
    let item = SmallNetwork(cell: .rnnLinear)
    let inputs = item.inputs(BatchShape(steps: 3, batch: 2))
    let expected = item.pass(LinearCell<Double>.self, inputs).outputs
    let (network, pass, draws) = (item.network(), NetworkPass<LinearCell<Double>>(), 2_000)
    var (sums, squares) = (expected.map { _ in 0.0 }, expected.map { _ in 0.0 })
    for iteration in 1...draws {
      pass.run(network, on: inputs, dropout: Self.draw(0.3, iteration: iteration))
      for (k, value) in pass.outputs.enumerated() {
        sums[k] += value
        squares[k] += value * value
      }
    }
    for k in expected.indices {
      let mean = sums[k] / Double(draws)
      let error = ((squares[k] / Double(draws) - mean * mean) / Double(draws)).squareRoot()
      #expect((mean - expected[k]).magnitude <= 5 * error + 1e-12, "number \(k)")
    }
  }
}
