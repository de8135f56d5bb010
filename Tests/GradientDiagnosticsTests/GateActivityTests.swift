import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Gate activity")
struct GateActivityTests {
  static let cells = NaiveNetwork.Cell.allCases
  static let sizes = [NaiveSizes(1, 1, 2, 3), NaiveSizes(9, 4, 3, 5, seed: 20)]

  private static func activity(_ network: NaiveNetwork, tapeBudget: Int = 1 << 28) -> GateActivity {
    func look<Cell: RecurrentCell<Double>>(_ type: Cell.Type) -> GateActivity {
      var pass = network.pass(type, tapeBudget: tapeBudget)
      return pass.gateActivity()
    }
    return look(network.kind.type(for: Double.self))
  }

  /// Gate values [T][B][G·H]; of a plain RNN its states.
  private static func values(_ network: NaiveNetwork) -> [[[Double]]] {
    let trace = network.forward()
    return network.cell.gateCount == 1 ? Array(trace.h.dropFirst()) : trace.gates
  }

  /// Mean, and shares outside the bounds; of rectified units the share that is off, of linear ones none.
  private static func summary(_ values: [Double], _ cell: NaiveNetwork.Cell, isTanh: Bool) -> [Double] {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    switch cell {
    case .linear: return [mean]
    case .relu: return [mean, Double(values.count { $0 == 0 }) / n]
    default:
      let low = isTanh ? -0.9 : 0.1
      return [mean, Double(values.count { $0 < low }) / n, Double(values.count { $0 > 0.9 }) / n]
    }
  }

  /// What there is of a summary.
  private static func numbers(_ found: GateActivity.Summary) -> [Double] {
    [found.mean, found.low, found.high].compactMap { $0 }
  }

  /// A rectified unit is dead when it is off at every step of every sequence, which none of the others can be.
  @Test func deadUnitsAreThoseNeverOn() {
    func pass<Cell: RecurrentCell<Double>>(_ type: Cell.Type) -> GateActivity {
      let parameters = RecurrentParameters<Double>(
        weightIH: Matrix(rows: 3, columns: 1, values: [1, 1, -1]), weightHH: Matrix(rows: 3, columns: 3),
        biasIH: [0, -5, 0], biasHH: [0, 0, 0])
      var pass = SequencePass(
        cell: Cell(parameters: parameters),
        shape: SequenceShape(steps: 2, batch: 2, inputSize: 1, hiddenSize: 3),
        inputs: [1, -1, 1, 2])
      return pass.gateActivity()
    }
    let found = pass(ReLUCell<Double>.self)
    #expect(found.deadUnits == 1)
    let off: [Double] = found.byUnits.compactMap(\.low)
    #expect(off == [0.25, 1, 0.75])
    #expect(found.byUnits.allSatisfy { $0.high == nil })
    let share = 4.0 / 6
    #expect(found.bySteps.allSatisfy { $0.saturated == share })
    #expect(pass(LinearCell<Double>.self).deadUnits == nil && pass(TanhCell<Double>.self).deadUnits == nil)
    #expect(pass(LinearCell<Double>.self).bySteps.allSatisfy { $0.saturated == nil })
  }

  // Strong weights, so that every gate saturates at both ends here and there.
  @Test(arguments: cells, sizes)
  func isThatOfTheNaiveGates(cell: NaiveNetwork.Cell, sizes: NaiveSizes) {
    var network = NaiveNetwork(cell, sizes, loss: .finalDot)
    network[.W_ih] = network[.W_ih].map { 4 * $0 }
    let values = Self.values(network)
    let found = Self.activity(network)
    let (h, gates) = (sizes.hiddenSize, cell.gateCount)
    #expect(found.gates == network.kind.gates)
    let isTanh = (0..<gates).map { gates == 1 || $0 == 2 }
    for t in 0..<sizes.steps {
      for g in 0..<gates {
        let step = found.bySteps[t * gates + g]
        let all = values[t].flatMap { $0[g * h..<(g + 1) * h] }
        #expect(
          difference(
            Self.numbers(step), Self.summary(all, cell, isTanh: isTanh[g]), absolute: 1e-13) == nil)
      }
    }
    for g in 0..<gates {
      for k in 0..<h {
        let unit = found.byUnits[g * h + k]
        let all = values.flatMap { $0.map { $0[g * h + k] } }
        #expect(
          difference(
            Self.numbers(unit), Self.summary(all, cell, isTanh: isTanh[g]), absolute: 1e-13) == nil)
      }
    }
    if sizes.steps > 1 && cell != .linear && cell != .relu {
      #expect(found.bySteps.contains { $0.low ?? 0 > 0 } && found.bySteps.contains { $0.high ?? 0 > 0 })
    }
  }

  // f of an LSTM, z of a GRU; other cells pass nothing on without a weight.
  @Test(arguments: cells, sizes)
  func memoryIsThatOfTheGateThatKeepsTheState(cell: NaiveNetwork.Cell, sizes: NaiveSizes) {
    let network = NaiveNetwork(cell, sizes, loss: .finalDot)
    let found = Self.activity(network)
    let (h, batch) = (sizes.hiddenSize, sizes.batch)
    guard cell.gateCount > 1 else {
      #expect(found.log10Memory.isEmpty && found.log10MemoryProduct.isEmpty)
      #expect(found.log10MemoryByUnit.isEmpty)
      return
    }
    let kept = network.forward().gates.map { $0.map { $0[h..<2 * h].map { log10($0) } } }
    let means = kept.map { $0.flatMap { $0 }.reduce(0, +) / Double(batch * h) }
    #expect(difference(found.log10Memory, means, relative: 1e-13, absolute: 1e-14) == nil)
    var products: [Double] = []
    for b in 0..<batch { for k in 0..<h { products.append(kept.reduce(0) { $0 + $1[b][k] }) } }
    #expect(difference(found.log10MemoryProduct, products, relative: 1e-13, absolute: 1e-14) == nil)
    let byUnit = (0..<h).map { k in
      (0..<batch).reduce(0.0) { $0 + products[$1 * h + k] } / Double(batch * sizes.steps)
    }
    #expect(difference(found.log10MemoryByUnit, byUnit, relative: 1e-13, absolute: 1e-14) == nil)
  }

  // Constant gates: log10 f = −log10(1 + e^−b) a step, a product of 10^−526 over 2,000 steps.
  @Test func aProductFarBelowTheRangeKeepsItsLogarithm() {
    var network = NaiveNetwork(.lstm, NaiveSizes(2_000, 1, 1, 2), loss: .finalDot)
    for variable in [NaiveVariable.W_hh, .W_ih, .b_hh] {
      network[variable] = network[variable].map { _ in 0 }
    }
    (network.b_ih[2], network.b_ih[3]) = (0, -1)
    let found = Self.activity(network)
    let rates = [-log10(2.0), -log10(1 + exp(1.0))]
    #expect(difference(found.log10MemoryByUnit, rates, absolute: 1e-13) == nil)
    #expect(
      difference(found.log10MemoryProduct, rates.map { 2_000 * $0 }, absolute: 1e-9) == nil)
  }

  // Gates that round to 1, and such as are below the range of a double: log10 f = −log10(1 + e^−a).
  @Test func gatesThatRoundToOneKeepTheirMemory() {
    var network = NaiveNetwork(.lstm, NaiveSizes(3, 1, 1, 2), loss: .finalDot)
    for variable in [NaiveVariable.W_hh, .W_ih, .b_hh] {
      network[variable] = network[variable].map { _ in 0 }
    }
    (network.b_ih[2], network.b_ih[3]) = (45, -900)
    let found = Self.activity(network)
    let expected = [-exp(-45.0) / log(10.0), -900 / log(10.0)]
    #expect(difference(found.log10MemoryByUnit, expected, relative: 1e-14) == nil)
    #expect(difference(found.memorySteps, [exp(45.0), 1 / 900.0], relative: 1e-14) == nil)
  }

  @Test func bordersAreNotSaturated() {
    // A gate of exactly 1/10 cannot be had, nor a state of 0.9: a rectified one of exactly 0 can, and is off.
    var network = NaiveNetwork(
      .relu, NaiveSizes(2, 1, 1, 2), loss: .finalDot, hasInitialState: false)
    (network.W_hh, network.W_ih) = ([[0, 0], [0, 0]], [[1], [-1]])
    (network.b_ih, network.b_hh) = ([0, 0], [0, 0])
    network[.x] = [0, 1e-300]
    let found = Self.activity(network)
    #expect(found.bySteps.compactMap(\.low) == [1, 0.5])
    #expect(found.bySteps.allSatisfy { $0.high == nil })
  }
}

@Suite("Gradients by unit")
struct UnitGradientTests {
  private static func norms(
    _ network: NaiveNetwork, _ loss: any SequenceLoss<Double>
  ) -> [Double] {
    func look<Cell: RecurrentCell<Double>>(_ type: Cell.Type) -> [Double] {
      var pass = network.pass(type)
      var probe = UnitGradientNorms(hiddenSize: pass.shape.hiddenSize, gateCount: Cell.gateCount)
      _ = pass.backward(loss: loss, probe: &probe)
      return probe.log10Norms
    }
    return look(network.kind.type(for: Double.self))
  }

  // δ = (1e-30, 1) on units with tanh' = 4 e^−690: what the backward pass rounds to zero is formed again.
  @Test func aGradientBelowTheRangeOfItsNeighbours() {
    var network = NaiveNetwork(.tanh, NaiveSizes(1, 1, 1, 2), loss: .finalDot)
    for variable in [NaiveVariable.W_hh, .W_ih, .b_hh] {
      network[variable] = network[variable].map { _ in 0 }
    }
    (network.b_ih[0], network.b_ih[1]) = (345, 0)
    let found = Self.norms(network, FinalDotLoss(direction: [1e-30, 1]))
    let expected = [-30 + log10(4) - 690 / log(10.0), 0]
    #expect(difference(found, expected, absolute: 1e-11) == nil)
  }

  // Σ over 7 steps and 3 elements of squares that are exact to 1e-13.
  @Test(arguments: NaiveNetwork.Cell.allCases)
  func areTheSumsOverBatchAndSteps(cell: NaiveNetwork.Cell) {
    let network = NaiveNetwork(cell, NaiveSizes(7, 3, 2, 5, seed: 21), loss: .crossEntropyEveryStep)
    let naive = network.backward(through: network.forward()).gamma
    let expected = network.b_ih.indices.map { row in
      log10(naive.reduce(0.0) { $0 + $1.reduce(0.0) { $0 + $1[row] * $1[row] } }) / 2
    }
    let found = Self.norms(network, network.libraryLoss(Double.self))
    #expect(difference(found, expected, absolute: 1e-12) == nil)
  }

  @Test(arguments: NaiveNetwork.Cell.allCases, [-5_000, 5_000])
  func scaleFarOutsideTheRange(cell: NaiveNetwork.Cell, power: Int) {
    let network = NaiveNetwork(cell, NaiveSizes(7, 3, 2, 5, seed: 22), loss: .finalDot)
    var stream = RandomStream(rootSeed: 22, trialSeed: 1, purpose: .other(1))
    let values = stream.normals(7 * 15)
    let exponents = (0..<21).map { 9 * $0 - 60 }
    let plain = Self.norms(network, UpstreamGradient(values: values, exponents: exponents))
    let moved = Self.norms(
      network, UpstreamGradient(values: values, exponents: exponents.map { $0 + power }))
    let shift = Double(power) * log10(2.0)
    #expect(difference(moved, plain.map { $0 + shift }, absolute: 1e-12) == nil)
  }

  // Unit 1 is at a = 250, where tanh' is 4 e^−500: its gradient is 217 decades below its neighbour's, and not zero.
  @Test func aSaturatedUnitKeepsItsOwnScale() {
    var network = NaiveNetwork(
      .tanh, NaiveSizes(1, 2, 1, 2), loss: .finalDot, hasInitialState: false)
    (network.W_ih, network.b_ih, network.b_hh) = ([[0], [0]], [0, 250], [0, 0])
    network.loss = .finalDot(v: [1, 1])
    let found = Self.norms(network, network.libraryLoss(Double.self))
    let expected = [0, log10(4) - 500 * log10(exp(1.0))].map { $0 + log10(2.0) / 2 }
    #expect(difference(found, expected, absolute: 1e-12) == nil)
  }
}
