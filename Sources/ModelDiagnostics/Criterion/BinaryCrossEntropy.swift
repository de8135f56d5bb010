import Foundation
import LinearAlgebra

/// L = mean over rows and outputs of −t log σ(y) − (1 − t) log(1 − σ(y)), of logits y.
///
///     ∂L/∂y = (σ(y) − t) / n
///
/// PyTorch's nn.BCEWithLogitsLoss, and nn.BCELoss behind a sigmoid. Where the answer is certain beyond the range of
/// `Double`, the gradient is as small as it is, not zero.
public struct BinaryCrossEntropy: Criterion {
  /// [rows, O], each in 0…1.
  public let targets: [Double]

  public init(targets: [Double]) { self.targets = targets }

  public var name: String { "binary cross-entropy" }

  public func evaluate(rows: Range<Int>, y: inout [Double], exponents: inout [Int]) -> Double {
    let width = y.count / max(1, rows.count)
    let count = Double(targets.count)
    var loss = 0.0
    for (k, row) in rows.enumerated() {
      let gradients = (0..<width).map { o -> ScaledNumber in
        let (logit, target) = (y[k * width + o], targets[row * width + o])
        // −log σ(y) = softplus(−y); each is right where the other is large.
        loss += (target * Self.softplus(-logit) + (1 - target) * Self.softplus(logit)) / count
        return Self.gradient(logit, target) / ScaledNumber(count)
      }
      let top = gradients.filter { !$0.isZero && $0.isFinite }.map(\.exponent).max() ?? 0
      // Ordinary rows have none, so that they are ordinary numbers.
      let shift = top < -960 ? top : 0
      exponents[k] = shift
      for (o, gradient) in gradients.enumerated() {
        y[k * width + o] = scalbn(gradient.mantissa, max(-2000, gradient.exponent - shift))
      }
    }
    return loss
  }

  private static func softplus(_ x: Double) -> Double { Swift.max(x, 0) + log1p(exp(-abs(x))) }

  /// σ(y) − t: for t = 1 that is −σ(−y), which no subtraction takes digits from.
  private static func gradient(_ y: Double, _ t: Double) -> ScaledNumber {
    if t == 0 { return scaledLogistic(y) }
    if t == 1 {
      let opposite = scaledLogistic(-y)
      return ScaledNumber(-opposite.mantissa, exponent: opposite.exponent)
    }
    return ScaledNumber(logistic(y) - t)
  }

  /// σ(y) at any size.
  private static func scaledLogistic(_ y: Double) -> ScaledNumber {
    if y > -700 { return ScaledNumber(logistic(y)) }
    // e^y = 2^k · e^(y − k ln 2), the last factor near 1.
    let power = (y / M_LN2).rounded()
    guard power > -1e15 else { return .zero }
    // ln 2 in two parts, so that what the difference cancels stays.
    let rest = (y - power * 6.931471803691238e-01) - power * 1.9082149292705877e-10
    return ScaledNumber(exp(rest), exponent: Int(power))
  }
}
