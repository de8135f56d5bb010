import Foundation
import GradientFlow
import TestSupport
import Testing

// Expected values: mpfr of 20,000 bits, ln R_jj/T of the QR decomposition of the whole product J_T ⋯ J_1.
@Suite("Lyapunov exponents of saturated networks")
struct SaturatedLyapunovTests {
  private static func exponents(_ network: SaturatedNetwork) -> [Double] {
    network.kind.accept(Exponents(network: network))
  }

  private struct Exponents: CellVisitor {
    typealias Element = Double
    let network: SaturatedNetwork

    func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> [Double] where Cell.Element == Double {
      var pass = SequencePass(
        cell: Cell(parameters: network.parameters), shape: network.shape, inputs: network.inputs)
      let size = Cell.carriesCellState ? 2 * network.hiddenSize : network.hiddenSize
      return pass.lyapunovSpectrum(count: size, transient: 0, start: .axes).exponents
    }
  }

  @Test func areThoseOfTheProduct() {
    let cases: [(SaturatedNetwork, [Double])] = [
      (
        SaturatedNetwork(.rnn, hidden: 5, steps: 20, scale: 12),
        [
          -16.803616899854948, -25.189363724333095, -33.45060697420606, -39.89740529475807,
          -44.88236811688821,
        ]
      ),
      (
        SaturatedNetwork(.gru, hidden: 4, steps: 12, scale: 4, bias: -20),
        [-6.744877264142807, -8.016633715237084, -11.533370892782985, -17.26051435662922]
      ),
      (
        SaturatedNetwork(.lstm, hidden: 3, steps: 12, scale: 8, bias: -30),
        [
          -7.761434606257857, -12.656359106016964, -15.349047737931171, -25.83412797819977,
          -32.83208403810962,
          -45.311264337731586,
        ]
      ),
    ]
    for (network, expected) in cases {
      let found = Self.exponents(network)
      // The state of that LSTM is what cancellation leaves at some steps, to 1e-4 in a forward pass in double.
      let tolerance = network.kind == .lstm ? 1e-4 : 1e-8
      #expect(difference(found, expected, absolute: tolerance) == nil, "\(network.kind): \(found)")
    }
  }

  // A W_hh of rank 1 takes all directions but one away.
  @Test func aSingularMatrixTakesDirectionsAway() {
    var parameters = SaturatedNetwork.fiveUnits.parameters
    for i in 0..<5 {
      for j in 0..<5 { parameters.weightHH[i, j] = Double(i + 1) * [3, -1, 2, 5, 4][j] / 8 }
    }
    let found = Self.exponents(
      SaturatedNetwork(.rnn, parameters: parameters, inputs: SaturatedNetwork.fiveUnits.inputs))
    #expect(found[0].isFinite && found.dropFirst().allSatisfy { $0 == -.infinity }, "\(found)")
  }
}
