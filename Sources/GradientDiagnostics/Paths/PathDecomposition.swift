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
  private let weights: Matrix<Double>
  /// By path [5, B, H]: what arrives at c of the step that comes next, f ⊙ part.
  private let carried: AlignedBuffer<Double>
  /// By gate [4, B, H]: γ^g W_g of the step before, which enters h of the step that comes next.
  private let entering: AlignedBuffer<Double>
  private let immediate: AlignedBuffer<Double>
  private let exponents: AlignedBuffer<Int>
  private var isRead = false
  /// log10 norms and shares [T+1, 5].
  private var norms, shares: [Double]

  /// - Parameter parameters: those of the LSTM that the pass is of.
  public init(shape: SequenceShape, parameters: RecurrentParameters<Double>) {
    precondition(parameters.gateCount == 4, "paths are those of an LSTM")
    (batch, hidden) = (shape.batch, shape.hiddenSize)
    weights = parameters.weightHH
    let states = batch * hidden
    carried = AlignedBuffer(count: 5 * states)
    entering = AlignedBuffer(count: 4 * states)
    immediate = AlignedBuffer(count: states)
    exponents = AlignedBuffer(count: batch)
    norms = Array(repeating: -.infinity, count: 5 * (shape.steps + 1))
    shares = Array(repeating: .nan, count: 5 * (shape.steps + 1))
  }

  /// The result.
  public var paths: GradientPaths { GradientPaths(log10Norms: norms, shares: shares) }

  public mutating func arrive(_ arrival: GradientArrival<Double>) {
    rescale(to: arrival.exponents)
    isRead = arrival.immediate != nil
    if let direct = arrival.immediate {
      for b in 0..<batch {
        // A row of zeros enters at any exponent: 0 · 2^1023 is 0, 0 · ∞ is not.
        let scale = powerOfTwo(min(1023, (arrival.immediateExponents?[b] ?? 0) - arrival.exponents[b]))
        for k in b * hidden..<(b + 1) * hidden { immediate.base[k] = direct[k] * scale }
      }
    }
    guard arrival.time == 0, let total = arrival.initialCell else { return }
    // c_0 is read by the first step alone.
    record(at: 0, total: total)
  }

  public mutating func step(_ step: GradientStep<Double>) {
    guard let kappa = step.cell else { preconditionFailure("paths are those of an LSTM") }
    let states = batch * hidden
    let (q, forget) = (step.factors, step.factors + 5 * states)
    // From here on `carried` holds the parts themselves, then what they carry on.
    for k in 0..<states {
      if isRead { carried.base[k] += q[k] * immediate.base[k] }
      for gate in 0..<4 {
        carried.base[(gate + 1) * states + k] += q[k] * entering.base[gate * states + k]
      }
    }
    record(at: step.time, total: kappa)
    for path in 0..<5 {
      for k in 0..<states { carried.base[path * states + k] *= forget[k] }
    }
    for gate in 0..<4 {
      weights.values.withUnsafeBufferPointer { w in
        Double.multiply(
          transposeA: false, transposeB: false, m: batch, n: hidden, k: hidden,
          step.preactivation + gate * hidden, lda: 4 * hidden, w.baseAddress! + gate * hidden * hidden,
          ldb: hidden, beta: 0, entering.base + gate * states, ldc: hidden)
      }
    }
    for b in 0..<batch { exponents.base[b] = step.exponents[b] }
  }

  /// Brings what was kept to the exponents of the pass.
  private func rescale(to target: UnsafePointer<Int>) {
    for b in 0..<batch where exponents.base[b] != target[b] {
      // Further apart only where what was kept is zero.
      let factor = powerOfTwo(min(1023, exponents.base[b] - target[b]))
      for row in 0..<9 {
        let base = row < 5 ? carried.base + row * batch * hidden : entering.base + (row - 5) * batch * hidden
        for k in b * hidden..<(b + 1) * hidden { base[k] *= factor }
      }
      exponents.base[b] = target[b]
    }
  }

  /// Norms over the batch and projections on the total; batch elements meet at the largest exponent.
  private mutating func record(at t: Int, total: UnsafePointer<Double>) {
    let states = batch * hidden
    let top = (0..<batch).map { exponents.base[$0] }.max() ?? 0
    var (squares, products) = ([0.0, 0, 0, 0, 0], [0.0, 0, 0, 0, 0])
    var whole = 0.0
    var largest = 0.0
    for b in 0..<batch {
      let element = Double.largestMagnitude(hidden, total + b * hidden)
      largest = max(largest, element * powerOfTwo(exponents.base[b] - top))
    }
    // Squares stay in range where the mantissas are small.
    let lift = largest > 0 && largest.isFinite ? -Int(largest.exponent) : 0
    for b in 0..<batch {
      let scale = powerOfTwo(exponents.base[b] - top + lift)
      for k in b * hidden..<(b + 1) * hidden {
        let all = total[k] * scale
        whole += all * all
        for path in 0..<5 {
          let part = carried.base[path * states + k] * scale
          squares[path] += part * part
          products[path] += part * all
        }
      }
    }
    for path in 0..<5 {
      norms[5 * t + path] = ScaledNumber(squareRootOf: squares[path], exponent: top - lift).log10
      shares[5 * t + path] = whole > 0 ? products[path] / whole : .nan
    }
  }
}

/// The parts of ∂L/∂c_t by path.
public struct GradientPaths: Sendable, Equatable {
  private let norms, parts: [Double]

  init(log10Norms: [Double], shares: [Double]) {
    norms = log10Norms
    parts = shares
  }

  /// T.
  public var steps: Int { norms.count / 5 - 1 }

  /// log10 of the norm of a part, t = 0…T.
  public func log10Norms(_ path: GradientPath) -> [Double] { column(norms, path) }

  /// ⟨part, κ_t⟩ / ‖κ_t‖², t = 0…T; NaN where κ_t is zero.
  public func shares(_ path: GradientPath) -> [Double] { column(parts, path) }

  /// The share of all paths that leave the cell state through h: 1 − carousel.
  public var throughHidden: [Double] { shares(.carousel).map { 1 - $0 } }

  private func column(_ values: [Double], _ path: GradientPath) -> [Double] {
    let offset = GradientPath.allCases.firstIndex(of: path) ?? 0
    return stride(from: offset, to: values.count, by: 5).map { values[$0] }
  }
}
