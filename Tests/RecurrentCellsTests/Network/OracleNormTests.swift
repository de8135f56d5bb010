import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Norms by lag of networks against an oracle")
struct OracleNormTests {
  /// What the diagnosis of every layer records.
  private static func steps(_ item: OracleCase) -> [LayerPlace: StepGradients] {
    func steps<Cell: RecurrentCell<Double>>(_ type: Cell.Type) -> [LayerPlace: StepGradients] {
      let pass = NetworkPass<Cell>()
      pass.run(item.network.library(Double.self), on: item.inputs(Double.self))
      var found: [LayerPlace: StepGradients] = [:]
      _ = pass.backward(loss: item.libraryLoss(Double.self), reading: item.libraryReading) { walk in
        let diagnosis = walk.diagnose(clip: item.clip)
        found[walk.place] = diagnosis.steps
        return diagnosis.result
      }
      return found
    }
    return steps(item.network.kind.type(for: Double.self))
  }

  /// log10 by t = 0…T, or 1…T, of what the oracle has by lag.
  private static func byTime(_ norms: [OracleNumber]) -> [Double] { norms.reversed().map(\.log10) }

  @Test(arguments: NaiveNetwork.Cell.allCases) func everyNormAgrees(cell: NaiveNetwork.Cell) throws {
    for seed in UInt64(1)...50 {
      let item = OracleCase(.drawn(seed: seed, cell: cell), seed: seed)
      let (mine, oracle) = (Self.steps(item), item.gradients)
      #expect(Set(mine.keys) == Set(oracle.layers.keys))
      for (place, steps) in mine {
        let expected = try #require(oracle.layers[place])
        // Relative 1e-11 of a norm is 4e-12 of its log10.
        func same(_ what: String, _ a: [Double], _ b: [OracleNumber]) {
          let found = difference(a, Self.byTime(b), absolute: 5e-12)
          #expect(found == nil, "\(what) of \(place) in \(item): \(found ?? "")")
        }
        same("∂L/∂h", steps.hidden, expected.norms(expected.delta))
        same("∂L/∂h after the clip", steps.hiddenAfterClip, expected.norms(expected.clipped))
        same("immediate", steps.immediate, expected.norms(expected.immediate))
        same("γ", steps.preactivation, expected.norms(expected.gamma))
        same("γ of W_hh h", steps.recurrentPreactivation, expected.norms(expected.gammaHidden))
        same("W_hh", steps.weightHH, expected.hiddenContributions.map(\.weight))
        same("b_hh", steps.biasHH, expected.hiddenContributions.map(\.bias))
        same("W_ih", steps.weightIH, expected.inputContributions.map(\.weight))
        same("b_ih", steps.biasIH, expected.inputContributions.map(\.bias))
        if cell == .lstm { same("∂L/∂c", steps.cell, expected.norms(expected.kappa)) }
      }
    }
  }

  // Each sequence's own norms stand at its own lag, and its mean is over those that are as long.
  @Test(arguments: NaiveNetwork.Cell.allCases) func everySequenceHasItsNorms(cell: NaiveNetwork.Cell) throws {
    for seed in UInt64(1)...40 {
      let item = OracleCase(.drawn(seed: seed, cell: cell), seed: seed)
      let oracle = item.gradients
      for (place, steps) in Self.steps(item) {
        let expected = try #require(oracle.layers[place]).delta
        let (longest, batch) = (steps.steps, expected.count)
        for t in 0...longest {
          var own: [Double] = []
          for b in 0..<batch {
            let found = steps.hiddenByExample[t * batch + b]
            let row = t - (longest - (expected[b].count - 1))
            if row < 0 {
              #expect(found.isNaN, "\(item)")
            } else {
              own.append(OracleNumber.norm(expected[b][row]).log10)
              #expect(difference([found], [own[own.count - 1]], absolute: 5e-12) == nil, "\(item)")
            }
          }
          let mean = own.reduce(0, +) / Double(own.count)
          #expect(difference([steps.hiddenMean[t]], [mean], absolute: 5e-12) == nil, "\(item) at \(t)")
        }
      }
    }
  }
}
