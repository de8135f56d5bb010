import Foundation
import GradientFlow
import Testing

@Suite("Batch elements that die") struct DeadElementTests {
  /// One ReLU unit, W_hh = 1/2. The first batch element is on at every step, so that its gradient halves each step;
  /// the others are off after step `off`, where their gradient and their state become exactly zero.
  private func steps(_ count: Int, off: [Int]) -> StepGradients {
    let batch = off.count + 1
    let shape = SequenceShape(steps: count, batch: batch, inputSize: 1, hiddenSize: 1)
    let parameters = RecurrentParameters<Double>(
      weightIH: Matrix(rows: 1, columns: 1, values: [1]),
      weightHH: Matrix(rows: 1, columns: 1, values: [0.5]), biasIH: [0], biasHH: [0])
    let inputs: [Double] = (1...count).flatMap { t -> [Double] in
      [1.0] + off.map { t > $0 ? -10.0 : 1.0 }
    }
    var pass = SequencePass(cell: ReLUCell(parameters: parameters), shape: shape, inputs: inputs)
    return pass.diagnose(loss: FinalDotLoss(direction: [1])).steps
  }

  @Test func leaveTheContributionsOfTheOthersRightFarBelowTheRange() {
    let found = steps(2500, off: [0, 7])
    for t in 2...2500 {
      let expected = -Double(2500 - t) * log10(2.0)
      #expect((found.preactivation[t - 1] - expected).magnitude < 1e-9)
      // x_t = 1, and h_{t−1} of the living element is between 1 and 2.
      #expect((found.weightIH[t - 1] - expected).magnitude < 1e-9)
      #expect((0...0.31).contains(found.weightHH[t - 1] - expected))
      #expect((found.biasIH[t - 1] - expected).magnitude < 1e-9)
    }
  }

  @Test func makeTheMeanOfTheLogarithmsMinusInfinity() {
    let found = steps(20, off: [0])
    #expect(found.hiddenMean[5] == -.infinity)
    #expect(found.hidden[5].isFinite)
    // The rate can only be fitted where every element still has a gradient: at lag 0.
    #expect(found.decayRate == nil)
  }
}
