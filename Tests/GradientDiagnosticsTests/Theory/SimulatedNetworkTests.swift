import Foundation
import GradientFlow
import Testing

/// Theories for infinitely wide networks against the package's own passes through networks of 200 units.
@Suite("Theory against simulated networks")
struct SimulatedNetworkTests {
  private struct Simulation: CellVisitor {
    typealias Element = Double
    let weight: Double, input: Double
    var bias = 0.0
    var forgetBias = 0.0
    var initializer = Initializer.gaussian
    let kind: CellKind
    let seed: UInt64

    /// The gradients of one network, 30 steps, 4 sequences of white noise, loss v · h_T.
    func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> StepGradients where Cell.Element == Double {
      let shape = SequenceShape(steps: 30, batch: 4, inputSize: 50, hiddenSize: 200)
      var stream = RandomStream(rootSeed: 2, trialSeed: seed, purpose: .targets)
      let recipe = ParameterRecipe(
        cell: kind, hiddenSize: 200, inputSize: 50, spectralRadius: 1, inputScale: input,
        forgetBias: forgetBias, seed: seed)
      do {
        var parameters = try recipe.parameters { gate throws(LinearAlgebraError) in
          var weights = RandomStream(rootSeed: 2, trialSeed: seed, purpose: .hiddenWeights(block: gate))
          return try initializer.draw(size: 200, from: &weights).scaled(by: weight)
        }
        if bias != 0 { parameters.biasHH = stream.normals(200, standardDeviation: bias) }
        var pass = SequencePass(
          cell: Cell(parameters: parameters), shape: shape, inputs: stream.normals(shape.inputCount))
        return pass.diagnose(loss: FinalDotLoss(direction: stream.normals(200))).steps
      } catch {
        fatalError("\(error)")
      }
    }
  }

  /// Mean and standard error.
  private func moments(_ values: [Double]) -> (mean: Double, error: Double) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1) / n).squareRoot())
  }

  // Slopes of single networks scatter by 0.006 and more; at this width their mean is off by a few thousandths.
  @Test(
    arguments: [
      (.rnn, 0.9, 0.5, 0.1), (.rnn, 1, 1, 0), (.rnn, 1.3, 0.5, 0.1), (.rnn, 2, 0.3, 0),
      (.rnnLinear, 1, 1, 0), (.rnnRelu, 1, 1, 0),
    ] as [(CellKind, Double, Double, Double)], [Initializer.gaussian, .orthogonal])
  func slopesOfPlainNetworks(
    network: (cell: CellKind, weight: Double, input: Double, bias: Double), initializer: Initializer
  ) throws {
    let slopes = try (0..<8).map { seed in
      let steps = network.cell.accept(
        Simulation(
          weight: network.weight, input: network.input, bias: network.bias, initializer: initializer,
          kind: network.cell, seed: UInt64(seed)))
      return try #require(steps.decayRate).rate
    }
    let theory = MeanField(
      activation: try #require(Activation(network.cell)), recurrentScale: network.weight,
      inputScale: network.input, biasScale: network.bias)
    let (mean, error) = moments(slopes)
    #expect(error < 0.005)
    #expect((mean - theory.decadesPerStep).magnitude < 3 * error + 0.004)
  }

  // log10 of the r.m.s. over sequences, whose mean over networks is lower than the theory's by what it scatters.
  @Test(
    arguments: [(1, 1, 1), (2, 0.5, 0)] as [(Double, Double, Double)], [Initializer.gaussian, .orthogonal])
  func gradientsOfTiedLSTMs(network: (weight: Double, input: Double, bias: Double), initializer: Initializer)
  {
    let runs = (0..<16).map { seed in
      CellKind.lstm.accept(
        Simulation(
          weight: network.weight, input: network.input, forgetBias: network.bias,
          initializer: initializer, kind: .lstm, seed: UInt64(seed))
      ).hidden
    }
    let theory = TiedLSTMMeanField(
      recurrentScale: network.weight, inputScale: network.input, forgetBias: network.bias, steps: 30,
      sites: 2000, replicas: 4)
    for t in 0..<30 {
      let (mean, error) = moments(runs.map { $0[t] - $0[30] })
      #expect(error < 0.05)
      #expect((mean - theory.log10Norms[t]).magnitude < 3 * hypot(error, theory.log10Errors[t]) + 0.03)
    }
  }
}
