import Foundation
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
  /// By path [5, B, H]: what arrives at c of the step that comes next, f ⊙ part. A unit's part may be thousands of decades
  /// below the total and below that of its neighbours, so each has an exponent of its own.
  private let carried: ScaledElements
  /// By gate [4, B, H]: γ^g W_g of the step before, which enters h of the step that comes next, with an exponent by gate and
  /// batch element [4, B].
  private let entering: AlignedBuffer<Double>
  private let enteringExponents: AlignedBuffer<Int>
  /// Total and immediate ∂L/∂h_t as they arrived [B, H].
  private let total, immediate: AlignedBuffer<Double>
  private let immediateExponents: AlignedBuffer<Int>
  /// γ^g of one gate [B, H].
  private let rows: AlignedBuffer<Double>
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
    carried = ScaledElements(count: 5 * states)
    entering = AlignedBuffer(count: 4 * states)
    enteringExponents = AlignedBuffer(count: 4 * batch)
    total = AlignedBuffer(count: states)
    immediate = AlignedBuffer(count: states)
    immediateExponents = AlignedBuffer(count: batch)
    rows = AlignedBuffer(count: states)
    exponents = AlignedBuffer(count: batch)
    norms = Array(repeating: -.infinity, count: 5 * (shape.steps + 1))
    shares = Array(repeating: .nan, count: 5 * (shape.steps + 1))
  }

  /// The result.
  public var paths: GradientPaths { GradientPaths(log10Norms: norms, shares: shares) }

  public mutating func arrive(_ arrival: GradientArrival<Double>) {
    let states = batch * hidden
    exponents.base.update(from: arrival.exponents, count: batch)
    total.base.update(from: arrival.total, count: states)
    isRead = arrival.immediate != nil
    if let direct = arrival.immediate {
      immediate.base.update(from: direct, count: states)
      for b in 0..<batch { immediateExponents.base[b] = arrival.immediateExponents?[b] ?? 0 }
    }
    guard arrival.time == 0, let total = arrival.initialCell else { return }
    // c_0 is read by the first step alone.
    record(at: 0, total: total)
  }

  public mutating func step(_ step: GradientStep<Double>) {
    guard let kappa = step.cell else { preconditionFailure("paths are those of an LSTM") }
    let states = batch * hidden
    let (q, forget) = (step.factors, step.factors + 5 * states)
    exponents.base.update(from: step.exponents, count: batch)
    // From here on `carried` holds the parts themselves, then what they carry on.
    for b in 0..<batch {
      for k in b * hidden..<(b + 1) * hidden {
        if isRead { add(q[k], immediate.base[k], exponent: immediateExponents.base[b], to: k) }
        for gate in 0..<4 {
          add(
            q[k], entering.base[gate * states + k], exponent: enteringExponents.base[gate * batch + b],
            to: (gate + 1) * states + k)
        }
      }
    }
    record(at: step.time, total: kappa)
    for path in 0..<5 {
      for k in 0..<states { carried.multiply(path * states + k, by: forget[k]) }
    }
    for gate in 0..<4 {
      for b in 0..<batch { enteringExponents.base[gate * batch + b] = loadRow(gate, b, step, kappa) }
      weights.values.withUnsafeBufferPointer { w in
        Double.multiply(
          transposeA: false, transposeB: false, m: batch, n: hidden, k: hidden, rows.base, lda: hidden,
          w.baseAddress! + gate * hidden * hidden, ldb: hidden, beta: 0, entering.base + gate * states,
          ldc: hidden)
      }
    }
  }

  /// q · value, whose product may be below the range.
  private func add(_ q: Double, _ value: Double, exponent: Int, to k: Int) {
    if q == 0 || value == 0 { return }
    let power = value.isFinite ? Int(value.exponent) : 0
    carried.add(q * scalbn(value, -power), exponent: exponent + power, to: k)
  }

  /// γ^g of a batch element with its largest element near 1; returns its exponent.
  ///
  /// What the backward pass has rounded to zero beside a gradient that is far larger is formed again from its factors:
  /// κ_t times a derivative, for o δ_t times one.
  private func loadRow(
    _ gate: Int, _ b: Int, _ step: GradientStep<Double>, _ kappa: UnsafePointer<Double>
  ) -> Int {
    let row = rows.base + b * hidden
    let gamma = step.preactivation + (4 * b + gate) * hidden
    let states = batch * hidden
    let factor = step.factors + (gate + 1) * states + b * hidden
    let source = (gate == 3 ? UnsafePointer(total.base) : kappa) + b * hidden
    // A clipped δ is not the one that arrived.
    let isWhole = step.clipCoefficients == nil
    func product(_ k: Int) -> ScaledNumber {
      let formed = ScaledNumber(gamma[k])
      return formed.isZero && isWhole ? ScaledNumber(source[k]) * ScaledNumber(factor[k]) : formed
    }
    var top = Int.min
    for k in 0..<hidden {
      let value = product(k)
      if !value.isZero { top = max(top, value.exponent) }
    }
    guard top > .min else {
      for k in 0..<hidden { row[k] = 0 }
      return 0
    }
    for k in 0..<hidden {
      if gamma[k] != 0 || !isWhole {
        row[k] = scalbn(gamma[k], -top)
      } else {
        let (value, isNegative) = (product(k), (source[k] < 0) != (factor[k] < 0))
        row[k] = (isNegative ? -1 : 1) * scalbn(value.mantissa, value.exponent - top)
      }
    }
    return top + step.exponents[b]
  }

  /// Norms over the batch and projections on the total; batch elements meet at the largest exponent.
  private mutating func record(at t: Int, total: UnsafePointer<Double>) {
    let states = batch * hidden
    let top = (0..<batch).map { exponents.base[$0] }.max() ?? 0
    var largest = 0.0
    for b in 0..<batch {
      let element = Double.largestMagnitude(hidden, total + b * hidden)
      largest = max(largest, element * powerOfTwo(exponents.base[b] - top))
    }
    // Squares stay in range where the mantissas are small.
    let lift = largest > 0 && largest.isFinite ? -Int(largest.exponent) : 0
    func whole(_ b: Int) -> Double { powerOfTwo(exponents.base[b] - top + lift) }
    var square = 0.0
    for b in 0..<batch {
      let scale = whole(b)
      for k in b * hidden..<(b + 1) * hidden { square += total[k] * scale * (total[k] * scale) }
    }
    for path in 0..<5 {
      let (first, place) = (path * states, 5 * t + path)
      guard let own = carried.largestExponent(first..<first + states) else {
        norms[place] = -.infinity
        shares[place] = square > 0 ? 0 : .nan
        continue
      }
      var (parts, product) = (0.0, 0.0)
      for b in 0..<batch {
        let scale = whole(b)
        for k in b * hidden..<(b + 1) * hidden {
          let part = carried.mantissas.base[first + k] * powerOfTwo(carried.exponents.base[first + k] - own)
          parts += part * part
          product += part * (total[k] * scale)
        }
      }
      norms[place] = ScaledNumber(squareRootOf: parts, exponent: own).log10
      let distance = max(-3000, min(3000, own - top + lift))
      shares[place] = square > 0 ? scalbn(product / square, distance) : .nan
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
