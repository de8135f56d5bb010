import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Optimisers")
struct OptimiserTests {
  static let optimisers: [Optimiser] = [
    .sgd, .momentum(0.9), .rmsprop(decay: 0.99), .adam(decay1: 0.9, decay2: 0.999), .adagrad,
  ]
  /// η of each update: a schedule moves it.
  private static let rates = [0.1, 0.02, 0.02, 0.005, 0.003]

  /// torch.optim on one weight, in double.
  private struct PlainWeight {
    var w: Double
    var first = 0.0
    var second = 0.0

    /// Update n with gradient g.
    mutating func step(_ optimiser: Optimiser, _ n: Int, _ g: Double, _ rate: Double) {
      switch optimiser {
      case .sgd:
        w -= rate * g
      case .momentum(let momentum):
        // The buffer of the first update is the gradient itself.
        first = n == 1 ? g : momentum * first + g
        w -= rate * first
      case .rmsprop(let alpha):
        first = alpha * first + (1 - alpha) * g * g
        w -= rate * g / (first.squareRoot() + 1e-8)
      case .adagrad:
        first += g * g
        w -= rate * g / (first.squareRoot() + 1e-10)
      case .adam(let beta1, let beta2):
        first = beta1 * first + (1 - beta1) * g
        second = beta2 * second + (1 - beta2) * g * g
        let mean = first / (1 - pow(beta1, Double(n)))
        let square = second / (1 - pow(beta2, Double(n)))
        w -= rate * mean / (square.squareRoot() + 1e-8)
      }
    }
  }

  /// Random gradients, each array with an exponent of its own.
  private static func gradients<Element: Scalar>(
    _ weights: Network<Element>, update n: Int
  ) -> NetworkGradients<Element> {
    var stream = RandomStream(rootSeed: 4, trialSeed: UInt64(n), purpose: .other(2))
    return NetworkGradients(
      entries: weights.arrayPlaces.enumerated().map { array, place in
        let count = place.shape.reduce(1, *)
        return .init(
          name: place.name,
          gradient: ScaledArray(
            values: Element.array(stream.normals(count)), exponent: [0, 7, -3, 2, -40, 0][array % 6]))
      })
  }

  /// Both ways, over several updates.
  private static func compare<Element: Scalar>(
    _ optimiser: Optimiser, _: Element.Type, relative: Double, factor: ScaledNumber
  ) {
    var weights = Network.random(.rnn, for: TemporalOrder(), hidden: 7).converted(to: Element.self)
    var scalars = weights.arrays.flatMap { Element.doubles($0) }.map { PlainWeight(w: $0) }
    var state = OptimiserState(optimiser, for: weights)
    for (index, rate) in rates.enumerated() {
      let n = index + 1
      let gradients = gradients(weights, update: n)
      let change = state.step(&weights, gradients, factor: factor, learningRate: rate)
      let plain = gradients.entries.flatMap { $0.gradient.doubles }
      let before = scalars.map(\.w)
      for k in scalars.indices { scalars[k].step(optimiser, n, plain[k] * factor.double, rate) }
      let found = weights.arrays.flatMap { Element.doubles($0) }
      #expect(difference(found, scalars.map(\.w), relative: relative, absolute: relative) == nil)
      let expected = norm(zip(scalars, before).map { $0.w - $1 })
      #expect((change / expected - 1).magnitude < 10 * relative, "update \(n)")
      #expect(state.updates == n)
      for (slot, values) in zip(state.slots, [scalars.map(\.first), scalars.map(\.second)]) {
        let found = slot.flatMap { Element.doubles($0) }
        #expect(difference(found, values, relative: 10 * relative, absolute: relative) == nil)
      }
    }
    #expect(state.slots.count == optimiser.slotCount && optimiser.slotNames.count == optimiser.slotCount)
  }

  // Five updates of rounding, and that of 1 − β₂ = 1e-3 in single precision.
  @Test(arguments: optimisers) func areThoseOfTorchInDouble(optimiser: Optimiser) {
    Self.compare(optimiser, Double.self, relative: 1e-14, factor: ScaledNumber(1))
    Self.compare(optimiser, Double.self, relative: 1e-14, factor: ScaledNumber(0.37))
  }

  @Test(arguments: optimisers) func areThoseOfTorchInFloat(optimiser: Optimiser) {
    Self.compare(optimiser, Float.self, relative: 2e-5, factor: ScaledNumber(1))
    Self.compare(optimiser, Float.self, relative: 2e-5, factor: ScaledNumber(0.37))
  }

  // Gradients of 2^500 that a clip brings back: neither number is one of single precision.
  @Test(arguments: optimisers) func exponentAndFactorMeetBeforeTheyAreRounded(optimiser: Optimiser) {
    var (near, far) = (Network<Float>.ones, Network<Float>.ones)
    var (nearState, farState) = (OptimiserState(optimiser, for: near), OptimiserState(optimiser, for: far))
    for n in 1...3 {
      let gradients = Self.gradients(near, update: n)
      let raised = gradients.mapEach { ScaledArray(values: $0.values, exponent: $0.exponent + 500) }
      _ = nearState.step(&near, gradients, factor: ScaledNumber(0.5), learningRate: 0.1)
      _ = farState.step(&far, raised, factor: ScaledNumber(0.5, exponent: -500), learningRate: 0.1)
    }
    #expect(near == far && nearState == farState)
  }

  @Test func aSquareBeyondTheRangeIsSeen() {
    var weights = Network<Float>.ones
    var state = OptimiserState<Float>(.adam(decay1: 0.9, decay2: 0.999), for: weights)
    #expect(state.isFinite)
    let gradients = Self.gradients(weights, update: 1)
    _ = state.step(&weights, gradients, factor: ScaledNumber(1e30), learningRate: 0.1)
    #expect(weights.isFinite && !state.isFinite)
  }

  // Changes whose squares no double holds: that of sgd and momentum is η g.
  @Test(arguments: [-700, 700]) func theNormOfAChangeWhoseSquareIsOutOfRange(exponent: Int) {
    for optimiser in [Optimiser.sgd, .momentum(0.9)] {
      var weights = Network.random(.rnn, for: TemporalOrder(), hidden: 3)
      var state = OptimiserState(optimiser, for: weights)
      let gradients = Self.gradients(weights, update: 1)
      let raised = gradients.mapEach { ScaledArray(values: $0.values, exponent: $0.exponent + exponent) }
      let change = state.step(&weights, raised, factor: ScaledNumber(1), learningRate: 0.125)
      let expected = (gradients.globalNorm * ScaledNumber(0.125, exponent: exponent)).log10
      #expect((log10(change) - expected).magnitude < 1e-12)
      if exponent > 0 { #expect((log10(weights.norm) - expected).magnitude < 1e-12) }
    }
    // Of a fresh adam every change is about η.
    var weights = Network.random(.rnn, for: TemporalOrder(), hidden: 3)
    var state = OptimiserState(.adam(decay1: 0.9, decay2: 0.999), for: weights)
    let change = state.step(
      &weights, Self.gradients(weights, update: 1), factor: ScaledNumber(1, exponent: 60),
      learningRate: 1e-200)
    let count = Double(weights.arrays.joined().count)
    #expect((log10(change) + 200 - log10(count) / 2).magnitude < 1e-6)
  }

  @Test func aStateGoesOnFromItsSlots() {
    for optimiser in Self.optimisers {
      var weights = Network<Double>.random(.gru, for: AddingProblem())
      var state = OptimiserState(optimiser, for: weights)
      _ = state.step(&weights, Self.gradients(weights, update: 1), factor: ScaledNumber(1), learningRate: 0.1)
      let kept = OptimiserState(optimiser, updates: state.updates, slots: state.slots)
      #expect(kept == state)
    }
  }
}

extension Network where Element == Float {
  fileprivate static var ones: Network {
    let one = Matrix<Float>(rows: 5, columns: 5, values: Array(repeating: 1, count: 25))
    let bias = [Float](repeating: 1, count: 5)
    return Network(
      cell: .rnn,
      parameters: RecurrentParameters(weightIH: one, weightHH: one, biasIH: bias, biasHH: bias),
      readout: Readout(weight: one, bias: bias))
  }
}
