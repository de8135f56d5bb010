import LinearAlgebra
import RecurrentCells

/// Ways from c_t to the loss, by where they first leave the cell state.
///
/// A gradient that reaches c_t has come along c all the way (the carousel), or it left c for h at some step s ≥ t
/// and came in through a gate of step s + 1.
public enum GradientPath: String, Sendable, CaseIterable {
  /// c_t → c_{t+1} → … through forget gates only, out through h where the loss reads it.
  case carousel
  /// Out through h_s, in through i, f, g or o of step s + 1.
  case input = "i"
  case forget = "f"
  case candidate = "g"
  case output = "o"

  /// The gate of step s + 1; nil for the carousel.
  public var gate: Gate? { Gate(rawValue: rawValue) }
}

/// Splits the total ∂L/∂c_t of an LSTM by path.
///
///     carousel_t = q_t ⊙ d_t + f_{t+1} ⊙ carousel_{t+1}              d_t: immediate ∂L/∂h_t
///     path^g_t   = q_t ⊙ (γ^g_{t+1} W_g) + f_{t+1} ⊙ path^g_{t+1}     q_t = o (1 − tanh² c_t)
///     κ_t        = carousel_t + Σ_g path^g_t                          exactly
///
/// The parts may oppose each other, so a share is the part's projection on the whole, ⟨part, κ⟩ / ‖κ‖²: shares are
/// signed and sum to 1.
///
/// - Complexity: 2·B·G·H² operations a step, as many as the backward product, and O(B·H) memory.
/// - Note: The carousel is the constant error carousel of Hochreiter & Schmidhuber, Neural Computation 9 (1997) 1735,
///   §3, with a forget gate.
public struct PathDecomposition: BackwardProbe, ~Copyable {
  public typealias Element = Double

  private let batch, hidden: Int
  /// By gate.
  private let weights: [WideMatrix]
  /// By path, B rows each [5·B, H]: what arrives at c of the step that comes next, f ⊙ part. A unit's part may be
  /// thousands of decades below the total and below that of its neighbours, so each has an exponent of its own.
  private let carried: WideRows
  /// By gate [4]: γ^g W_g of the step before [B, H], which enters h of the step that comes next.
  private let entering: [EnteringRows]
  private let immediate: WideRows
  private var isRead = false
  /// Of the step at hand, what the initial states that stand there have added up to.
  private var sums = PathSums()
  /// log10 norms and shares [T+1, 5].
  private var norms, shares: [Double]

  /// γ^g of a step, and what it brings to h of the step before.
  private final class EnteringRows {
    let gamma, arriving: WideRows

    init(batch: Int, hidden: Int) {
      gamma = WideRows(count: batch, width: hidden)
      arriving = WideRows(count: batch, width: hidden)
    }
  }

  /// - Parameter parameters: those of the LSTM that the pass is of.
  public init(shape: SequenceShape, parameters: RecurrentParameters<Double>) {
    precondition(parameters.gateCount == 4, "paths are those of an LSTM")
    (batch, hidden) = (shape.batch, shape.hiddenSize)
    weights = (0..<4).map {
      WideMatrix(
        parameters.recurrentBlock($0).values, rows: shape.hiddenSize, columns: shape.hiddenSize,
        count: shape.batch)
    }
    carried = WideRows(count: 5 * batch, width: hidden)
    entering = (0..<4).map { _ in EnteringRows(batch: shape.batch, hidden: shape.hiddenSize) }
    immediate = WideRows(count: batch, width: hidden)
    norms = Array(repeating: -.infinity, count: 5 * (shape.steps + 1))
    shares = Array(repeating: .nan, count: 5 * (shape.steps + 1))
  }

  /// The result.
  public var paths: GradientPaths { GradientPaths(norms: norms, parts: shares) }

  public static var seesComponents: Bool { true }

  public mutating func arrive(_ arrival: GradientArrival<Double>) {
    isRead = arrival.immediate != nil
    if let direct = arrival.immediate {
      immediate.load(direct.values, powers: direct.exponents, first: arrival.initial.lowerBound)
    }
    // c_0 is read by the first step alone.
    if let total = arrival.initialCell { add(total, arrival.initial) }
    if arrival.time == 0 { record(at: 0) }
  }

  public mutating func step(_ step: GradientStep<Double>) {
    guard let kappa = step.cell else { preconditionFailure("paths are those of an LSTM") }
    let own = step.tape.batch
    // From here on `carried` holds the parts themselves, then what they carry on.
    for b in 0..<own {
      for k in 0..<hidden {
        let q = step.factor(0, b, k)
        if isRead { carried[b, k] = carried[b, k] + q * immediate[b, k] }
        for gate in 0..<4 {
          let row = (gate + 1) * batch + b
          carried[row, k] = carried[row, k] + q * entering[gate].arriving[b, k]
        }
      }
    }
    add(kappa, 0..<own)
    record(at: step.tape.time)
    for b in 0..<own {
      for k in 0..<hidden {
        let forget = step.factor(5, b, k)
        for path in 0..<5 { carried[path * batch + b, k] = carried[path * batch + b, k] * forget }
        for gate in 0..<4 { entering[gate].gamma[b, k] = step.preactivation[b, gate * hidden + k] }
      }
    }
    for gate in 0..<4 {
      weights[gate].multiply(
        entering[gate].gamma.view, first: own, into: entering[gate].arriving, accumulates: false)
    }
  }

  private mutating func add(_ total: GradientRows<Double>, _ rows: Range<Int>) {
    for b in rows {
      for k in 0..<hidden {
        let all = total[b, k]
        sums.whole += all * all
        for path in 0..<5 {
          let part = carried[path * batch + b, k]
          sums.squares[path] += part * part
          sums.products[path] += part * all
        }
      }
    }
  }

  /// Norms over the sequences that have a state after step t, and projections on the total.
  private mutating func record(at t: Int) {
    for path in 0..<5 {
      norms[5 * t + path] = sums.squares[path].magnitude.squareRoot().log10
      shares[5 * t + path] = sums.whole.isZero ? .nan : (sums.products[path] / sums.whole).double
    }
    sums = PathSums()
  }
}

/// Σ part², Σ part · κ by path, and Σ κ².
private struct PathSums {
  var squares = Array(repeating: ScaledNumber.zero, count: 5)
  var products = Array(repeating: ScaledNumber.zero, count: 5)
  var whole = ScaledNumber.zero
}

/// The parts of ∂L/∂c_t by path.
public struct GradientPaths: Sendable, Equatable {
  fileprivate let norms, parts: [Double]

  /// T.
  public var steps: Int { norms.count / 5 - 1 }

  /// log10 of the norm of a part, t = 0…T.
  public func log10Norms(_ path: GradientPath) -> [Double] { column(norms, path) }

  /// ⟨part, κ_t⟩ / ‖κ_t‖², t = 0…T; NaN where κ_t is zero.
  public func shares(_ path: GradientPath) -> [Double] { column(parts, path) }

  private func column(_ values: [Double], _ path: GradientPath) -> [Double] {
    values.column(GradientPath.allCases.firstIndex(of: path) ?? 0, of: 5)
  }
}
