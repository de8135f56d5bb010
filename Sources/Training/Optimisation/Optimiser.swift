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
///     adagrad    s ← s + g²,                 w ← w − η g / (√s + ε)
///
/// - Note: Sources: Polyak, USSR Comput. Math. 4 (1964) 1; Tieleman & Hinton, Coursera lecture 6.5 (2012); Kingma & Ba,
///   ICLR 2015 (arXiv 1412.6980), algorithm 1; Duchi, Hazan & Singer, JMLR 12 (2011) 2121, equation 1 with a diagonal G;
///   torch.optim.
///
/// A new one is a case with a line of `parts` and a ``Form``, and its step in ``OptimiserState``.
public enum Optimiser: Sendable, Hashable {
  /// Plain stochastic gradient descent.
  case sgd
  /// With a velocity; μ in [0, 1).
  case momentum(Double)
  /// Steps divided by a running root mean square; α in [0, 1).
  case rmsprop(decay: Double)
  /// Running means of gradient and square, without their bias; β₁ and β₂ in [0, 1).
  case adam(decay1: Double, decay2: Double)
  /// Steps divided by the root of the sum of all squares so far.
  case adagrad

  /// ε of ``rmsprop(decay:)`` and ``adam(decay1:decay2:)``.
  public static let epsilon = 1e-8
  /// ε of ``adagrad``.
  public static let adagradEpsilon = 1e-10

  /// Which kind it is, with its numbers in the order of ``Form/numbers``.
  private var parts: (kind: Kind, numbers: [Double]) {
    switch self {
    case .sgd: (.sgd, [])
    case .momentum(let momentum): (.momentum, [momentum])
    case .rmsprop(let decay): (.rmsprop, [decay])
    case .adam(let decay1, let decay2): (.adam, [decay1, decay2])
    case .adagrad: (.adagrad, [])
    }
  }

  /// The kinds by the names that specifications use.
  public enum Kind: String, Sendable, CaseIterable {
    case sgd, momentum, rmsprop, adam, adagrad

    /// What all of a kind have in common. The running means have torch.optim's names.
    public var form: Form {
      switch self {
      case .sgd: Form([], slots: [], followsLength: true) { _ in .sgd }
      case .momentum:
        Form([.decay("μ")], slots: ["momentum_buffer"], followsLength: true) { .momentum($0[0]) }
      case .rmsprop: Form([.decay("α", 0.99)], slots: ["square_avg"]) { .rmsprop(decay: $0[0]) }
      case .adam:
        Form([.decay("β1", 0.9), .decay("β2", 0.999)], slots: ["exp_avg", "exp_avg_sq"]) {
          .adam(decay1: $0[0], decay2: $0[1])
        }
      case .adagrad: Form([], slots: ["sum"]) { _ in .adagrad }
      }
    }
  }

  /// A kind of optimiser: what specifications, checkpoints and verdicts know of it.
  public struct Form: Sendable {
    /// Its numbers, as specifications write them after its name.
    public let numbers: [Number]
    /// The names that its running means have in a checkpoint.
    public let slotNames: [String]
    /// Whether its steps are as long as the gradient, not normalised by its usual size.
    public let followsLength: Bool
    private let make: @Sendable ([Double]) -> Optimiser

    fileprivate init(
      _ numbers: [Number], slots: [String], followsLength: Bool = false,
      _ make: @escaping @Sendable ([Double]) -> Optimiser
    ) {
      self.numbers = numbers
      slotNames = slots
      self.followsLength = followsLength
      self.make = make
    }

    /// The optimiser with these numbers.
    ///
    /// - Precondition: as many as ``numbers``.
    public func optimiser(_ values: [Double]) -> Optimiser {
      precondition(values.count == numbers.count, "an optimiser with \(numbers.count) numbers")
      return make(values)
    }

    /// The optimiser that its name alone stands for; nil if a number of it must be given.
    public var usual: Optimiser? {
      let values = numbers.compactMap(\.usual)
      return values.count == numbers.count ? make(values) : nil
    }
  }

  /// A number of a kind of optimiser.
  public struct Number: Sendable {
    /// Its symbol in the equations.
    public let symbol: String
    /// What it is where the name of the optimiser stands alone; nil if it must be given.
    public let usual: Double?
    /// Numbers in its range, and the range in words: "decays" are "at least 0 and below 1".
    public let noun, range: String
    /// Whether a number is in its range.
    public let contains: @Sendable (Double) -> Bool

    /// A number in [0, 1).
    fileprivate static func decay(_ symbol: String, _ usual: Double? = nil) -> Number {
      Number(symbol: symbol, usual: usual, noun: "decays", range: "at least 0 and below 1") {
        $0 >= 0 && $0 < 1
      }
    }
  }

  /// Which kind it is.
  public var kind: Kind { parts.kind }

  /// Its numbers, in the order of ``Form/numbers``.
  public var numbers: [Double] { parts.numbers }

  /// `sgd`, `momentum:0.9`, `adam:0.9:0.999`.
  public var label: String {
    ([kind.rawValue] + numbers.map(\.shortestDecimal)).joined(separator: ":")
  }

  /// Whether its steps are as long as the gradient, not normalised by its usual size.
  public var followsLength: Bool { kind.form.followsLength }

  /// How many running means it keeps of each weight.
  public var slotCount: Int { slotNames.count }

  /// The names that its running means have in a checkpoint.
  public var slotNames: [String] { kind.form.slotNames }
}
