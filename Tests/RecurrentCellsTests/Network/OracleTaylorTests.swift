import Foundation
import GradientFlow
import TestSupport
import Testing

/// The Taylor remainder of a network's loss along a random direction in which every parameter moves: a check
/// of gradients that needs no second implementation.
///
///     r(ε) = |L(θ + ε d) − L(θ) − ε ⟨∇L, d⟩| = O(ε²)   if and only if ∇L is right
struct TaylorRemainder {
  /// The slope of log r against log ε by least squares over the ε given: 2.
  let order: Double
  let remainders: [Double]

  /// - Parameter loss: of the library's network.
  init(
    of network: Network<Double>, gradients: NetworkGradients<Double>, powers: ClosedRange<Int> = 9...13,
    seed: UInt64, loss: (Network<Double>) -> Double
  ) {
    var stream = RandomStream(rootSeed: 77, trialSeed: seed, purpose: .other(7))
    let known = Dictionary(uniqueKeysWithValues: gradients.entries.map { ($0.name, $0.gradient.doubles) })
    let directions = zip(network.arrayPlaces, network.arrays).map { place, values in
      // What a loss without readout does not depend on stays.
      known[place.name] == nil
        ? values.map { _ in 0 } : stream.normals(values.count, standardDeviation: 0.2)
    }
    var slope = 0.0
    for (place, direction) in zip(network.arrayPlaces, directions) {
      if let gradient = known[place.name] { slope += Double.dot(gradient, direction) }
    }
    let start = loss(network)
    remainders = powers.map { power in
      let size = scalbn(1.0, -power)
      var moved = network
      moved.arrays = zip(network.arrays, directions).map { zip($0, $1).map { $0 + size * $1 } }
      return (loss(moved) - start - size * slope).magnitude
    }
    let (x, y) = (powers.map { -Double($0) }, remainders.map { log2($0) })
    let (meanX, meanY) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
    order =
      zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
      / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
  }
}

@Suite("Taylor remainders of networks")
struct OracleTaylorTests {
  /// Cells with depths, directions, tied readouts, encoders and lengths. Without rectified linear units,
  /// which have kinks.
  static let cases: [OracleCase] = [NaiveNetwork.Cell.tanh, .linear, .lstm, .gru].flatMap { cell in
    (0..<12).map { index in
      var form = OracleCase.Form(cell)
      form.layers = 1 + index % 3
      form.reads = OracleCase.Reads.allCases[index % 4]
      form.reading = OracleLoss.Reading.allCases[(index / 2) % 3]
      form.measure = index % 5 == 4 ? .meanSquare : .crossEntropy
      form.lengths = index % 2 == 0 ? [5, 4, 2] : [4, 4]
      form.hasInitialState = index % 3 == 0
      form.ignoresSome = index % 2 == 1
      if index % 3 == 2 {
        (form.sources, form.hasInitialState) = (form.lengths.map { $0 + 1 }, false)
      } else {
        form.directions = 1 + (index / 3) % 2
      }
      return OracleCase(form, seed: UInt64(index))
    }
  }

  private static func loss(_ item: OracleCase, _ network: Network<Double>) -> NetworkBackwardResult<Double> {
    func run<Cell: RecurrentCell<Double>>(_ type: Cell.Type) -> NetworkBackwardResult<Double> {
      let pass = NetworkPass<Cell>()
      pass.run(network, on: item.inputs(Double.self))
      let loss = item.withReadout(of: network).libraryLoss(Double.self)
      return pass.backward(loss: loss, reading: item.libraryReading)
    }
    return run(item.network.kind.type(for: Double.self))
  }

  // Between ε = 2⁻⁹ and 2⁻¹³ the third-order term bends the slope by about ε, and rounding (1e-16 against a
  // remainder near 1e-8) by less.
  @Test(arguments: cases) func areSecondOrder(_ item: OracleCase) {
    let network = item.network.library(Double.self)
    let gradients = Self.loss(item, network).gradients
    let found = TaylorRemainder(of: network, gradients: gradients, seed: 3) { Self.loss(item, $0).loss }
    #expect((found.order - 2).magnitude <= 0.06, "order \(found.order), remainders \(found.remainders)")
  }

  // (L(+ε) − L(−ε)) / 2ε is off by ε² L'''/6 and ulp(L)/ε, about 1e-9 for ε = 1e-5. The seeds keep every ReLU
  // from its kink.
  @Test(arguments: NaiveNetwork.Cell.allCases) func centralDifferencesAgree(cell: NaiveNetwork.Cell) throws {
    for (directions, sources) in [(1, nil), (2, nil), (1, [4, 2])] as [(Int, [Int]?)] {
      var form = OracleCase.Form(cell)
      (form.layers, form.directions, form.hiddenSize) = (2, directions, 2)
      (form.reads, form.reading, form.lengths, form.sources) = (.tied, .everyStep, [4, 2], sources)
      let item = OracleCase(form, seed: 11)
      let network = item.network.library(Double.self)
      let gradients = Self.loss(item, network).gradients
      #expect(gradients.entries.map(\.name) == network.arrayPlaces.map(\.name))
      for (p, entry) in gradients.entries.enumerated() {
        let found = entry.gradient.doubles
        let slopes = found.indices.map { k -> Double in
          let losses = [1e-5, -1e-5].map { size -> Double in
            var moved = network
            var arrays = network.arrays
            arrays[p][k] += size
            moved.arrays = arrays
            return Self.loss(item, moved).loss
          }
          return (losses[0] - losses[1]) / 2e-5
        }
        #expect(
          difference(found, slopes, relative: 1e-7, absolute: 2e-9) == nil, "\(entry.name) in \(item)")
      }
    }
  }
}
