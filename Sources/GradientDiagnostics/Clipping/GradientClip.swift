import LinearAlgebra
import RecurrentCells

/// How gradients are clipped, inside the backward recursion or after it.
///
/// - Note: Sources: Pascanu, Mikolov & Bengio 2013 (arXiv 1211.5063) §3.2 for the norm; the arithmetic of
///   `globalNorm` and `value` is that of torch.nn.utils.clip_grad_norm_ and clip_grad_value_.
public enum GradientClip: Sendable, Hashable {
  /// Not at all.
  case none
  /// All parameter gradients times min(1, max / (n + 1e-6)), n the norm over all of them.
  case globalNorm(Double)
  /// Every entry of every parameter gradient clamped to ± the value; changes the direction.
  case value(Double)
  /// ∂L/∂h_t scaled to the threshold at every step of the recursion where its norm over the batch exceeds it.
  case stepNorm(Double)
  /// The same with a norm for each batch element.
  case stepNormExample(Double)

  /// The kinds by the names that specifications and CSVs use.
  public enum Kind: String, Sendable, CaseIterable {
    case none
    case globalNorm = "global-norm"
    case value
    case stepNorm = "step-norm"
    case stepNormExample = "step-norm-example"
  }

  /// Which rule it is.
  public var kind: Kind {
    switch self {
    case .none: return .none
    case .globalNorm: return .globalNorm
    case .value: return .value
    case .stepNorm: return .stepNorm
    case .stepNormExample: return .stepNormExample
    }
  }

  /// Its threshold; nil for `none`.
  public var threshold: Double? {
    switch self {
    case .none: return nil
    case .globalNorm(let x), .value(let x), .stepNorm(let x), .stepNormExample(let x): return x
    }
  }

  /// A rule of a kind; nil where a threshold is missing or superfluous.
  public init?(kind: Kind, threshold: Double?) {
    switch (kind, threshold) {
    case (.none, nil): self = .none
    case (.globalNorm, let x?): self = .globalNorm(x)
    case (.value, let x?): self = .value(x)
    case (.stepNorm, let x?): self = .stepNorm(x)
    case (.stepNormExample, let x?): self = .stepNormExample(x)
    default: return nil
    }
  }

  /// As text: `none`, or the kind and its threshold, `global-norm:1`.
  public var label: String { threshold.map { "\(kind.rawValue):\($0.shortestDecimal)" } ?? kind.rawValue }

  /// The part of the rule that acts inside the recursion.
  public var stepClip: StepClip {
    switch self {
    case .none, .globalNorm, .value: return .none
    case .stepNorm(let threshold): return .batch(threshold: threshold)
    case .stepNormExample(let threshold): return .example(threshold: threshold)
    }
  }

  /// min(1, limit / (n + 1e-6)): what the global-norm rule multiplies a gradient of norm n by.
  ///
  /// A norm that is no number gives one, which makes every entry NaN, as in torch.
  public static func coefficient(limit: Double, norm: ScaledNumber) -> ScaledNumber {
    let ratio = ScaledNumber(limit) / (norm + ScaledNumber(1e-6))
    return ratio > ScaledNumber(1) ? ScaledNumber(1) : ratio
  }
}
