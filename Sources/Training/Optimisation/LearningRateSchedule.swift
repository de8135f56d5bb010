import Foundation
import LinearAlgebra

/// How the learning rate goes with the updates: a factor of the first one, η_n = η f(n), n = 1, 2, ….
public enum LearningRateSchedule: Sendable, Hashable {
  /// f = 1.
  case constant
  /// f = factor^⌊(n − 1) / every⌋.
  case step(every: Int, factor: Double)
  /// f = 1 / (1 + (n − 1) / scale).
  case inverseTime(scale: Double)
  /// f falls from 1 to 0 over all updates as half a cosine, (1 + cos(π (n − 1) / N)) / 2.
  case cosine
  /// f grows from 1/updates to 1 over so many updates, then is 1.
  case warmup(updates: Int)

  /// The kinds by the names that specifications use.
  public enum Kind: String, Sendable, CaseIterable {
    case constant, step
    case inverseTime = "inverse-time"
    case cosine, warmup
  }

  /// Which kind it is.
  public var kind: Kind {
    switch self {
    case .constant: return .constant
    case .step: return .step
    case .inverseTime: return .inverseTime
    case .cosine: return .cosine
    case .warmup: return .warmup
    }
  }

  /// `constant`, `step:1000:0.5`, `inverse-time:1000`.
  public var label: String {
    switch self {
    case .constant, .cosine: return kind.rawValue
    case .step(let every, let factor): return "\(kind.rawValue):\(every):\(factor.shortestDecimal)"
    case .inverseTime(let scale): return "\(kind.rawValue):\(scale.shortestDecimal)"
    case .warmup(let updates): return "\(kind.rawValue):\(updates)"
    }
  }

  /// f(n).
  ///
  /// - Parameters:
  ///   - update: n, from 1.
  ///   - count: N, the updates planned.
  public func factor(update n: Int, of count: Int) -> Double {
    let done = Double(n - 1)
    switch self {
    case .constant: return 1
    case .step(let every, let factor): return pow(factor, Double((n - 1) / every))
    case .inverseTime(let scale): return 1 / (1 + done / scale)
    case .cosine: return 0.5 * (1 + cos(.pi * done / Double(max(1, count))))
    case .warmup(let updates): return min(1, Double(n) / Double(updates))
    }
  }
}
