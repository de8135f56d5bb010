import Foundation
import LinearAlgebra

/// How the next token is chosen among those that a network holds likely.
///
///     p_k ∝ e^(y_k / τ)   over the `topCount` largest y_k;   τ → 0: the largest
public struct SamplingRule: Sendable, Hashable {
  /// τ, at least 0; 0 always says the likeliest token, the first of equals.
  public var temperature: Double
  /// How many of the likeliest tokens may be said; nil: all.
  public var topCount: Int?

  public init(temperature: Double = 1, topCount: Int? = nil) {
    self.temperature = temperature
    self.topCount = topCount
  }

  /// Chooses a token.
  ///
  /// - Parameters:
  ///   - logits: y [V].
  ///   - uniform: a number in [0, 1).
  /// - Precondition: a temperature of at least 0, a count of at least 1, logits that are numbers.
  /// - Complexity: O(V), O(V log V) with a count.
  public func token<Element: Scalar>(of logits: UnsafeBufferPointer<Element>, uniform: Double) -> Int {
    precondition(temperature >= 0 && (topCount ?? 1) >= 1, "\(self) is no rule")
    var best = 0
    for k in logits.indices where logits[k] > logits[best] { best = k }
    guard temperature > 0 else { return best }
    var allowed = Array(logits.indices)
    if let topCount, topCount < allowed.count {
      allowed.sort { (logits[$1], $0) < (logits[$0], $1) }
      allowed = allowed.prefix(topCount).sorted()
    }
    let top = Double(logits[best])
    let weights = allowed.map { exp((Double(logits[$0]) - top) / temperature) }
    var left = uniform * weights.reduce(0, +)
    for (k, weight) in zip(allowed, weights) {
      left -= weight
      if left < 0 { return k }
    }
    // Rounding may leave a last bit over.
    return allowed.indices.last { weights[$0] > 0 }.map { allowed[$0] } ?? best
  }
}
