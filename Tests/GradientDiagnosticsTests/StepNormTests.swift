import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Norms of every step")
struct StepNormTests {
  static let sizes = [NaiveSizes(1, 1, 2, 3), NaiveSizes(6, 4, 2, 5, seed: 2)]

  @Test(arguments: NaiveNetwork.Cell.allCases, sizes)
  func gateNormsAddUpInSquares(cell: NaiveNetwork.Cell, sizes: NaiveSizes) {
    let network = NaiveNetwork(cell, sizes, loss: .crossEntropyEveryStep)
    let (steps, recorded) = network.diagnosed()
    let gates = cell.gateCount
    #expect(steps.gates.count == gates && steps.preactivationByGate.count == sizes.steps * gates)
    let (h, rows) = (sizes.hiddenSize, gates * sizes.hiddenSize)
    for t in 0..<sizes.steps {
      let norms = steps.preactivationByGate[t * gates..<(t + 1) * gates]
      let sum = norms.reduce(0) { $0 + pow(100, $1) }
      #expect((log10(sum) / 2 - steps.preactivation[t]).magnitude < 1e-13)
      // Each gate's norm is that of its own columns.
      let gamma = cut(
        recorded.preactivation[t * sizes.batch * rows..<(t + 1) * sizes.batch * rows], width: rows)
      for (gate, norm) in zip(0..<gates, norms) {
        let square = gamma.reduce(0) { sum, row in
          row[gate * h..<(gate + 1) * h].reduce(sum) { $0 + $1 * $1 }
        }
        #expect((log10(square) / 2 - norm).magnitude < 1e-13)
      }
    }
  }

  /// Logarithms are taken of many steps at once: every step of a long sequence has its own, with one sequence and with
  /// several.
  @Test(arguments: NaiveNetwork.Cell.allCases, [1, 3])
  func everyStepOfALongSequenceHasItsNorms(cell: NaiveNetwork.Cell, batch: Int) {
    let sizes = NaiveSizes(1300, batch, 2, 3, seed: 6)
    let (steps, recorded) = NaiveNetwork(cell, sizes, loss: .crossEntropyEveryStep).diagnosed()
    let (rows, gates) = (cell.gateCount * 3, cell.gateCount)
    func norm(_ values: [Double]) -> Double {
      // Squares of a linear network's leave the range.
      let largest = values.reduce(0) { max($0, $1.magnitude) }
      if largest == 0 { return -.infinity }
      return log10(largest) + log10(values.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }) / 2
    }
    func check(_ found: [Double], _ values: [Double], width: Int, _ name: String) {
      let expected = cut(values, width: batch * width).map { norm($0) }
      #expect(difference(found, expected, absolute: 1e-12) == nil, "\(name)")
    }
    check(steps.hidden, recorded.hidden, width: 3, "h")
    check(steps.preactivation, recorded.preactivation, width: rows, "a")
    check(steps.recurrentPreactivation, recorded.recurrentPreactivation, width: rows, "a_hh")
    if cell == .lstm { check(steps.cell, recorded.cell, width: 3, "c") }
    let byExample = cut(recorded.hidden, width: 3).map { norm($0) }
    #expect(difference(steps.hiddenByExample, byExample, absolute: 1e-12) == nil)
    for (t, gamma) in cut(recorded.preactivation, width: batch * rows).enumerated() {
      let own = cut(gamma, width: rows)
      for gate in 0..<gates {
        let expected = norm(own.flatMap { $0[gate * 3..<gate * 3 + 3] })
        let found = steps.preactivation(gate: gate, step: t + 1)
        #expect(difference([found], [expected], absolute: 1e-12) == nil)
        #expect(steps.preactivationByGate[t * gates + gate] == found)
      }
      let sum = (0..<rows).map { k in own.reduce(0) { $0 + $1[k] } }
      #expect(difference([steps.biasIH[t]], [norm(sum)], absolute: 1e-9) == nil)
    }
  }

  @Test(arguments: NaiveNetwork.Cell.allCases)
  func immediateAndTotalAreToldApart(cell: NaiveNetwork.Cell) {
    let sizes = NaiveSizes(7, 2, 3, 5, seed: 3)
    let every = NaiveNetwork(cell, sizes, loss: .crossEntropyEveryStep).diagnosed().steps
    #expect(every.immediate[0] == -.infinity)
    #expect(every.immediate[1...].allSatisfy { $0.isFinite })
    #expect(every.hidden[7] == every.immediate[7])
    #expect(every.hidden[1..<7] != every.immediate[1..<7])

    let sparse = NaiveNetwork(cell, sizes, loss: .crossEntropySparse).diagnosed().steps
    #expect((0...7).filter { sparse.immediate[$0].isFinite } == [1, 2, 5])
    #expect(sparse.hidden[6] == -.infinity && sparse.hidden[7] == -.infinity)
    #expect(sparse.hidden[5] == sparse.immediate[5])

    let final = NaiveNetwork(cell, sizes, loss: .finalDot).diagnosed().steps
    #expect((0...7).filter { final.immediate[$0].isFinite } == [7])
    #expect(final.hidden.allSatisfy { $0.isFinite })
  }

  @Test func meansAndDeviationsAreOverBatchElements() {
    let network = NaiveNetwork(.lstm, NaiveSizes(4, 3, 2, 5, seed: 4), loss: .crossEntropyEveryStep)
    let steps = network.diagnosed().steps
    for t in 0...4 {
      let values = Array(steps.hiddenByExample[t * 3..<(t + 1) * 3])
      let mean = (values[0] + values[1] + values[2]) / 3
      let squares = values.map { ($0 - mean) * ($0 - mean) }
      let deviation = ((squares[0] + squares[1] + squares[2]) / 2).squareRoot()
      #expect((steps.hiddenMean[t] - mean).magnitude < 1e-14)
      #expect((steps.hiddenDeviation[t] - deviation).magnitude < 1e-14)
      let cells = Array(steps.cellByExample[t * 3..<(t + 1) * 3])
      #expect((steps.cellMean[t] - (cells[0] + cells[1] + cells[2]) / 3).magnitude < 1e-14)
      // The batch's norm is the root of the sum of squares of its elements'.
      let sum = values.reduce(0) { $0 + pow(100, $1) }
      #expect((log10(sum) / 2 - steps.hidden[t]).magnitude < 1e-13)
    }
  }

  @Test func deviationOfOneElementDoesNotExist() {
    let single = NaiveNetwork(.tanh, NaiveSizes(3, 1, 2, 2), loss: .finalDot).diagnosed().steps
    #expect(single.hiddenDeviation.allSatisfy { $0.isNaN })
    #expect(single.hiddenMean == single.hiddenByExample)
    #expect(single.cellMean.isEmpty)
  }

  @Test func aZeroInTheBatchMakesTheMeanMinusInfinity() {
    var network = NaiveNetwork(.relu, NaiveSizes(3, 2, 1, 2), loss: .finalDot)
    (network.W_ih, network.b_ih, network.b_hh) = ([[1], [1]], [0, 0], [0, 0])
    (network.x, network.W_hh) = ([[[1], [1]], [[1], [-100]], [[1], [1]]], [[1, 0], [0, 1]])
    let steps = network.diagnosed().steps
    #expect(steps.hiddenMean[1] == -.infinity && steps.hiddenDeviation[1].isNaN)
    #expect(steps.hidden[1].isFinite)
  }

  @Test func ratioAndRateReadTheRecordedNorms() throws {
    var network = NaiveNetwork(.linear, NaiveSizes(20, 2, 1, 3), loss: .finalDot)
    network.W_hh = [[0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5]]
    let steps = network.diagnosed().steps
    #expect((steps.log10RatioFirstLast - -19 * log10(2)).magnitude < 1e-13)
    let rate = try #require(steps.decayRate)
    #expect((rate.rate - -log10(2)).magnitude < 1e-14)
    let halfLife = try #require(rate.halfLife)
    #expect((halfLife - 1).magnitude < 1e-13)
  }
}
