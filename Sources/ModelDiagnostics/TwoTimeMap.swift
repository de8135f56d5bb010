import GradientDiagnostics
import RecurrentCells

/// log10 ‖∂L_s/∂h_t‖ for the losses L_s of single steps: what of each step's error reaches each earlier state.
///
/// Under a loss at every step the total gradient is refreshed at every step and looks flat; this map does not.
public struct TwoTimeMap: Sendable, Equatable {
  /// The steps s of the sequence whose losses are followed, ascending.
  public let sources: [Int]
  /// For each layer and direction, for each source: t = 0…T in the layer's own time; −∞ where L_s does not depend
  /// on h_t.
  public let norms: [[[Double]]]

  /// The slope of log10 ‖∂L_s/∂h_t‖ against s − t over all sources with 5 steps or more, in decades per step, of the
  /// layer at a place in ``norms``; nil where nothing can be fitted.
  ///
  /// - Parameter direction: which way the layer reads; in the reverse one the source is at T + 1 − s.
  public func decayRate(layer index: Int, direction: Direction) -> Double? {
    guard let steps = norms[index].first.map({ $0.count - 1 }) else { return nil }
    var rates: [Double] = []
    for (source, norms) in zip(sources, norms[index]) {
      let own = direction == .forward ? source : steps + 1 - source
      guard own >= 5, let rate = DecayRate(log10Norms: norms[1...own].reversed()) else { continue }
      rates.append(rate.rate)
    }
    return rates.isEmpty ? nil : rates.reduce(0, +) / Double(rates.count)
  }

  /// Whether the loss of any source depends on a state before its own step.
  ///
  /// - Parameter direction: as of ``decayRate(layer:direction:)``.
  public func reachesBack(layer index: Int, direction: Direction) -> Bool {
    zip(sources, norms[index]).contains { source, norms in
      let own = direction == .forward ? source : norms.count - source
      return norms[..<own].contains { $0 > -.infinity }
    }
  }
}
