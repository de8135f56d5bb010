import Foundation
import GradientDiagnostics
import Language
import LinearAlgebra
import RecurrentCells

/// Which tokens read before the loss of each token depends on, and what of it is in each state.
///
///     L_s = −ln p(x_{s+1} | x_1 … x_s),   ‖∂L_s/∂x_t‖ and ‖∂L_s/∂h_t‖ for t ≤ s
///
/// x_t is the one-hot row of the token, or its embedding; h_t all layers' hidden states together. The text is read from a
/// zero state; step t reads its token t, and step s tells token s + 1.
///
/// - Note: Sources: Cashman et al., RNNbow (VISxAI 2017; arXiv 1907.12545): itemised gradients; Madsen, "Visualizing
///   memorization in RNNs", Distill (2019): connectivity.
public struct TextGradients: Sendable, Equatable {
  /// L_s in nats, s = 1…T.
  public let losses: [Double]
  /// log10 ‖∂L_s/∂x_t‖ by s − 1, then by t − 1 up to s; −∞ for an exact zero.
  public let inputs: [[Double]]
  /// log10 ‖∂L_s/∂h_t‖, likewise.
  public let states: [[Double]]

  /// T.
  public var steps: Int { losses.count }
}

extension LanguageModel where Element == Double {
  /// Follows the loss of each step of a text back to what was read.
  ///
  /// - Parameters:
  ///   - tokens: T + 1 of them.
  ///   - steps: whose losses are followed, from 1; nil: all.
  /// - Returns: for losses that are not followed, no norms.
  /// - Throws: ``LanguageModelError``.
  /// - Complexity: a way back through T steps for each loss.
  public func textGradients(
    _ tokens: [Int32], of steps: Set<Int>? = nil
  ) throws(LanguageModelError) -> TextGradients {
    try network.cell.accept(Following(model: self, tokens: tokens, sources: steps)).get()
  }
}

private struct Following: CellVisitor {
  typealias Element = Double
  let model: LanguageModel<Double>
  let tokens: [Int32]
  let sources: Set<Int>?

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> Result<TextGradients, LanguageModelError>
  where Cell.Element == Double {
    Result { () throws(LanguageModelError) in try follow(type) }
  }

  private func follow<Cell: RecurrentCell>(_ type: Cell.Type) throws(LanguageModelError) -> TextGradients
  where Cell.Element == Double {
    guard tokens.count >= 2 else { throw .tooShort(tokens: tokens.count, level: model.vocabulary.level) }
    let steps = tokens.count - 1
    let pass = NetworkPass<Cell>(tapeBudget: .max)
    pass.run(
      model.network,
      on: NetworkInputs(
        shape: BatchShape(steps: steps, batch: 1),
        inputs: .tokens(tokens.dropLast().map { Int($0) }, count: model.vocabulary.count)))
    if let divergence = pass.divergence { throw .diverged(token: divergence.step) }
    let classes = tokens.dropFirst().map { Int($0) }
    var losses = [Double](repeating: .nan, count: steps)
    var (inputs, states) = ([[Double]](repeating: [], count: steps), [[Double]](repeating: [], count: steps))
    for s in 1...steps {
      // The mean over one step is its loss itself.
      let loss = CrossEntropyLoss(
        classes: classes, readout: model.network.readout, placement: .steps([s]))
      let isFollowed = sources?.contains(s) ?? true
      guard isFollowed else { continue }
      var norms = [[Double]](repeating: [], count: s)
      let result = pass.backward(loss: loss, givesInputs: true) { walk in
        var probe = StateGradientNorms<Double>(
          shape: walk.layer.pass.shape, carriesCellState: Cell.carriesCellState)
        let found = walk.backward(calling: &probe)
        let hidden = probe.hidden
        for t in 1...s { norms[t - 1].append(hidden[t]) }
        return found
      }
      losses[s - 1] = result.loss
      states[s - 1] = norms.map(log10OfNorm)
      if let rows = result.inputs { inputs[s - 1] = (0..<s).map { rows.norm(row: $0).log10 } }
    }
    return TextGradients(losses: losses, inputs: inputs, states: states)
  }
}

/// log10 √(Σ n²) of norms n of which log10 is known.
private func log10OfNorm(_ logarithms: [Double]) -> Double {
  guard let top = logarithms.max(), top > -.infinity else { return -.infinity }
  return top + log10(logarithms.reduce(0) { $0 + pow(10, 2 * ($1 - top)) }) / 2
}
