import Foundation
import GradientFlow
import TextFiles

/// What the loss of one step depends on, in numbers and in a sentence.
public struct TextDependence: Sendable {
  private let step: Int
  private let loss: Double
  /// log10 ‖∂L_s/∂x_t‖, t = 1…s.
  private let logarithms: [Double]

  public init(_ gradients: TextGradients, step: Int) {
    self.step = step
    loss = gradients.losses[step - 1]
    logarithms = gradients.inputs[step - 1]
  }

  /// ‖∂L_s/∂x_t‖ over the largest of them, t = 1…s.
  public var shares: [Double] {
    let top = logarithms.max() ?? 0
    return logarithms.map { top == -.infinity ? 0 : pow(10, $0 - top) }
  }

  /// How many of the last tokens have nine tenths of Σ ‖∂L_s/∂x_t‖; nil where all is zero.
  public var reach: Int? {
    let total = shares.reduce(0, +)
    guard total > 0 else { return nil }
    var sum = 0.0
    for (lag, share) in shares.reversed().enumerated() {
      sum += share
      if sum >= 0.9 * total { return lag + 1 }
    }
    return shares.count
  }

  /// In a sentence.
  public func words(told name: String) -> String {
    let start = "Step \(step) tells '\(name)' at a loss of \(Brief.number(loss)) nats"
    guard let reach, let last = logarithms.last else {
      return start + "; it depends on nothing that was read."
    }
    var text = "\(start): 90 % of Σ‖∂L/∂x_t‖ comes from the last \(reach) of \(step) tokens"
    if step > 10 {
      let lag = min(50, step - 1)
      let there = logarithms[step - 1 - lag]
      text +=
        "; the gradient at lag \(lag) is "
        + (there == -.infinity ? "0" : String(format: "10^%.1f of that at lag 0", there - last))
    }
    return text + "."
  }
}
