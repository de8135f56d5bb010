import Foundation
import GradientFlow

/// Time scales of a forget gate.
struct ForgetGateConstants: ExactValueSource {
  package let name = "Time scales of forget gates"
  package let source =
    "closed forms: memory 1 + e^b, e-folding 1/ln(1 + e^{−b}); chrono biases ln(memory − 1) (Tallec & Ollivier, ICLR "
    + "2018)"

  package func rows(_ effort: ExactValues.Effort) -> [ExactValueRow] {
    let constants: [(bias: Double, memory: Double, decimals: Int, folding: Double, foldingDecimals: Int)] = [
      (0, 2, 6, 1.44, 2), (1, 3.72, 2, 3.19, 2), (5, 149.4, 1, 148.9, 1),
    ]
    var rows = constants.flatMap { c in
      [
        ExactValueRow.printed(
          "b = \(c.bias): memory", c.memory, decimals: c.decimals,
          measured: ForgetPath.memory(forgetBias: c.bias)),
        .printed(
          "b = \(c.bias): e-folding", c.folding, decimals: c.foldingDecimals,
          measured: ForgetPath.eFolding(forgetBias: c.bias)),
        ExactValueRow(
          "b = \(c.bias): an e-folding leaves 1/e, in decades", exact: -log10(M_E),
          measured: ForgetPath(forgetBias: c.bias).decadesPerStep * ForgetPath.eFolding(forgetBias: c.bias),
          .within(1e-14)),
      ]
    }
    rows += [2.0, 51, 100].map { memory in
      ExactValueRow(
        "chrono bias of memory \(memory)", exact: memory,
        measured: ForgetPath.memory(forgetBias: ForgetPath.chronoBias(memory: memory)),
        .within(1e-12 * memory))
    }
    var stream = RandomStream(rootSeed: 1986, trialSeed: 1, purpose: .other(10))
    let memories = Sample(
      (0..<20_000).map { _ in
        ForgetPath.memory(forgetBias: ForgetPath.chronoBias(memory: 2 + 98 * stream.uniform()))
      })
    rows.append(
      ExactValueRow(
        "chrono, T_max = 100: mean memory", exact: 51, measured: memories.mean,
        .standardErrors(98 / 12.0.squareRoot() / 20_000.0.squareRoot(), limit: 4)))
    let gates = (0..<1000).map { _ in 1 / (1 + exp(-1 - stream.normal())) }
    if let path = ForgetPath(gates: gates) {
      rows.append(
        ExactValueRow(
          "random gates: E log10 f ≤ log10 E f", exact: log10(path.meanGate), measured: path.decadesPerStep,
          .atMost))
    }
    return rows
  }
}
