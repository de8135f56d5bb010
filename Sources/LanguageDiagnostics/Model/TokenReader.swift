import Foundation
import LinearAlgebra
import RecurrentCells

/// Reads tokens one after the other, with the states carried on from each reading to the next.
final class TokenReader<Cell: RecurrentCell> {
  typealias Element = Cell.Element
  private let network: Network<Element>
  // The states that are carried on, and those that are looked at, have to be on the tape.
  private let pass = NetworkPass<Cell>(tapeBudget: .max)
  private var state: NetworkState<Element>?
  private var hasRead = false
  private var workspace: (rows: Int, workspace: ReadoutWorkspace<Element>)?
  /// Tokens read.
  private(set) var count = 0

  init(_ network: Network<Element>) { self.network = network }

  /// Reads on.
  ///
  /// - Returns: the pass, whose steps are those of the tokens.
  /// - Throws: ``LanguageModelError/diverged(token:)``.
  @discardableResult
  func read(_ tokens: some Collection<Int32>) throws(LanguageModelError) -> NetworkPass<Cell> {
    pass.run(
      network,
      on: NetworkInputs(
        shape: BatchShape(steps: tokens.count, batch: 1),
        inputs: .tokens(tokens.map { Int($0) }, count: network.inputSize), initialState: state),
      keepsWeights: hasRead)
    hasRead = true
    if let divergence = pass.divergence { throw .diverged(token: count + divergence.step) }
    state = pass.state(tokens.count)
    count += tokens.count
    return pass
  }

  /// What the network says after each token of the last reading: y [tokens, V], borrowed during the call.
  func withLogits<Result>(
    _ body: (_ logits: UnsafeBufferPointer<Element>) throws -> Result
  ) rethrows -> Result {
    findLogits()
    return try (workspace?.workspace.outputs ?? []).withUnsafeBufferPointer(body)
  }

  /// ln p of the token that follows each one of the last reading.
  func logProbabilities(of targets: [Int]) -> [Double] {
    findLogits()
    guard var logits = workspace?.workspace.outputs else { return [] }
    let size = network.readout.outputSize
    var scratch = [Double](repeating: 0, count: size)
    return logits.withUnsafeMutableBufferPointer { logits in
      targets.enumerated().map { row, target in
        var target = target
        guard let base = logits.baseAddress else { return .nan }
        return -Element.softmaxCrossEntropy(
          count: 1, width: size, weight: 1, classes: &target, base + row * size, exponents: nil,
          scratch: &scratch)
      }
    }
  }

  private func findLogits() {
    let states = pass.outputs
    let rows = states.count / network.readout.weight.columns
    if workspace?.rows != rows {
      workspace = (rows, ReadoutWorkspace(readout: network.readout, batch: rows))
    }
    workspace?.workspace.forward(network.readout, batch: rows, hidden: states)
  }
}

/// ln softmax(y)_k of one row of logits, in double precision.
func logSoftmax<Element: Scalar>(_ y: UnsafeBufferPointer<Element>, _ k: Int) -> Double {
  Double(y[k]) - logSumOfExponentials(y)
}

/// ln Σ e^y.
func logSumOfExponentials<Element: Scalar>(_ y: UnsafeBufferPointer<Element>) -> Double {
  var top = -Double.infinity
  for value in y { top = max(top, Double(value)) }
  var sum = 0.0
  for value in y { sum += exp(Double(value) - top) }
  return top + log(sum)
}
