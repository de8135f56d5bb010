import LinearAlgebra

/// How a gradient changes the weights. The arithmetic is PyTorch's, so are the defaults of the decays.
///
/// With g the gradient after clipping and η the learning rate of the update:
///
///     sgd        w ← w − η g
///     momentum   v ← μ v + g,                w ← w − η v
///     rmsprop    s ← α s + (1 − α) g²,       w ← w − η g / (√s + ε)
///     adam       m ← β₁ m + (1 − β₁) g,  s ← β₂ s + (1 − β₂) g²,
///                w ← w − η (m / (1 − β₁ⁿ)) / (√(s / (1 − β₂ⁿ)) + ε)    at update n
///
/// - Note: Sources: Polyak, USSR Comput. Math. 4 (1964) 1; Tieleman & Hinton, Coursera lecture 6.5 (2012); Kingma & Ba,
///   ICLR 2015 (arXiv 1412.6980), algorithm 1; torch.optim.
public enum Optimiser: Sendable, Hashable {
  /// Plain stochastic gradient descent.
  case sgd
  /// With a velocity; μ in [0, 1).
  case momentum(Double)
  /// Steps divided by a running root mean square; α in [0, 1).
  case rmsprop(decay: Double)
  /// Running means of gradient and square, without their bias; β₁ and β₂ in [0, 1).
  case adam(decay1: Double, decay2: Double)

  /// ε of ``rmsprop(decay:)`` and ``adam(decay1:decay2:)``.
  public static let epsilon = 1e-8

  /// The kinds by the names that specifications use.
  public enum Kind: String, Sendable, CaseIterable {
    case sgd, momentum, rmsprop, adam
  }

  /// Which kind it is.
  public var kind: Kind {
    switch self {
    case .sgd: return .sgd
    case .momentum: return .momentum
    case .rmsprop: return .rmsprop
    case .adam: return .adam
    }
  }

  /// `sgd`, `momentum:0.9`, `adam:0.9:0.999`.
  public var label: String {
    let decays: [Double]
    switch self {
    case .sgd: decays = []
    case .momentum(let x), .rmsprop(let x): decays = [x]
    case .adam(let x, let y): decays = [x, y]
    }
    return ([kind.rawValue] + decays.map(\.shortestDecimal)).joined(separator: ":")
  }

  /// Whether its steps are as long as the gradient, not normalised by its usual size.
  public var followsLength: Bool { kind == .sgd || kind == .momentum }

  /// How many running means it keeps of each weight.
  public var slotCount: Int { slotNames.count }

  /// What torch.optim calls those running means, which are the names they have in a checkpoint.
  public var slotNames: [String] {
    switch self {
    case .sgd: return []
    case .momentum: return ["momentum_buffer"]
    case .rmsprop: return ["square_avg"]
    case .adam: return ["exp_avg", "exp_avg_sq"]
    }
  }
}
