import Foundation
import LinearAlgebra
import RecurrentCells

/// How the steps' contributions to ∂L/∂W_hh add up, gate by gate: a second backward pass, when the total is known.
///
///     g_t = Σ_b γ_t[b] h_{t−1}[b]ᵀ,   cos(g_t, Σ g),   cancellation ‖Σ_t g_t‖ / Σ_t ‖g_t‖
///
/// A ratio near 1: all steps pull the same way. Near 0: what early and late steps want cancels, and the norm of the
/// gradient says little about how much passes through time.
///
/// - Complexity: 4·B·G·H² operations a step; G·H² memory.
public struct ContributionAlignment: BackwardProbe, ~Copyable {
  public typealias Element = Double

  private let gateCount, hidden: Int
  /// B of the step.
  private var batch: Int
  /// ∂L/∂W_hh with entries below 2, and the norm of each of its gate blocks, at a common exponent.
  private let total: ScaledArray<Double>
  private let totalNorms: [Double]
  private let contribution, rows, states: AlignedBuffer<Double>
  private var tops: [Int]
  /// By step and gate [T, G], then all gates together [T].
  private var norms: [ScaledNumber]
  private var cosines: [Double]

  /// - Parameters:
  ///   - total: ∂L/∂W_hh of the same pass, loss and clip.
  public init(shape: SequenceShape, gateCount: Int, total: ScaledArray<Double>) {
    self.gateCount = gateCount
    (hidden, batch) = (shape.hiddenSize, shape.batch)
    let block = hidden * hidden
    precondition(total.values.count == gateCount * block, "not the gradient of this W_hh")
    // Products with it then stay in range, whatever the size of the states.
    let size = ScaledNumber(Double.largestMagnitude(total.values.count, total.values)).exponent
    let values = total.values.map { scalbn($0, -size) }
    self.total = ScaledArray(values: values, exponent: total.exponent + size)
    totalNorms =
      (0..<gateCount).map { Double.euclideanNorm(Array(values[$0 * block..<($0 + 1) * block])) }
      + [Double.euclideanNorm(values)]
    contribution = AlignedBuffer(count: gateCount * block)
    rows = AlignedBuffer(count: batch * gateCount * hidden)
    states = AlignedBuffer(count: batch * hidden)
    tops = Array(repeating: .min, count: gateCount)
    norms = Array(repeating: .zero, count: shape.steps * (gateCount + 1))
    cosines = Array(repeating: .nan, count: shape.steps * (gateCount + 1))
  }

  /// The result.
  public var alignment: StepAlignment {
    StepAlignment(
      gateCount: gateCount, norms: norms, cosines: cosines,
      totals: totalNorms.map { ScaledNumber($0, exponent: total.exponent) })
  }

  public mutating func step(_ step: GradientStep<Double>) {
    let width = gateCount * hidden
    batch = step.tape.batch
    let (gamma, previousHidden) = (step.recurrentPreactivation, step.tape.previousHidden)
    // γ at the exponent of its largest element; where a gate is hundreds of decades below another, each at its own.
    for gate in 0..<gateCount { tops[gate] = top(of: gate, gamma) }
    let common = tops.max() ?? .min
    guard common > .min else { return }
    let isApart = tops.contains { $0 > .min && common - $0 > 300 }
    for gate in 0..<gateCount {
      if !isApart || tops[gate] == .min { tops[gate] = common }
      for b in 0..<batch {
        // Further above only where γ is zero: 0 · 2^1023 is 0, 0 · ∞ is not.
        let scale = powerOfTwo(min(1023, gamma.exponents[b] - tops[gate]))
        let first = b * width + gate * hidden
        for k in first..<first + hidden { rows.base[k] = gamma.values[k] * scale }
      }
    }
    // h at the exponent of its largest element, for an exploded state.
    let largest = ScaledNumber(Double.largestMagnitude(batch * hidden, previousHidden)).exponent
    // A power of two that has an inverse.
    let size = max(-1000, min(1000, largest))
    var lift = powerOfTwo(-size)
    states.base.update(from: previousHidden, count: batch * hidden)
    Double.scaleRows(count: 1, width: batch * hidden, scale: &lift, states.base)
    Double.multiply(
      transposeA: true, m: width, n: hidden, k: batch, rows.base, states.base, into: contribution.base)
    let first = (step.tape.time - 1) * (gateCount + 1)
    let block = hidden * hidden
    var (allSquares, allProducts) = (0.0, 0.0)
    for gate in 0...gateCount {
      let isAll = gate == gateCount
      let part = contribution.base + (isAll ? 0 : gate * block)
      let count = isAll ? gateCount * block : block
      var norm = 0.0
      Double.rowNorms(count: 1, width: count, stride: 0, part, into: &norm)
      var product = total.values.withUnsafeBufferPointer {
        Double.dot(count, part, $0.baseAddress! + (isAll ? 0 : gate * block))
      }
      if isApart {
        if isAll {
          (norm, product) = (allSquares.squareRoot(), allProducts)
        } else {
          let scale = powerOfTwo(tops[gate] - common)
          allSquares += norm * scale * (norm * scale)
          allProducts += product * scale
        }
      }
      norms[first + gate] = ScaledNumber(norm, exponent: (isAll ? common : tops[gate]) + size)
      let cosine = product / norm / totalNorms[gate]
      // NaN where either norm is zero, which min and max would hide.
      if cosine.isFinite { cosines[first + gate] = max(-1, min(1, cosine)) }
    }
  }

  /// The exponent of the largest γ of a gate, over the batch; `Int.min` where all are 0.
  private func top(of gate: Int, _ gamma: GradientRows<Double>) -> Int {
    var top = Int.min
    for b in 0..<batch {
      let row = gamma.values + (b * gateCount + gate) * hidden
      let largest = Double.largestMagnitude(hidden, row)
      if largest != 0 { top = max(top, gamma.exponents[b] + ScaledNumber(largest).exponent) }
    }
    return top
  }
}

/// Norms and directions of the steps' contributions to ∂L/∂W_hh.
public struct StepAlignment: Sendable, Equatable {
  fileprivate let gateCount: Int
  fileprivate let norms: [ScaledNumber]
  fileprivate let cosines: [Double]
  fileprivate let totals: [ScaledNumber]

  /// log10 ‖g_t‖ of one gate's block, t = 1…T; nil: all gates.
  public func log10Norms(gate: Int? = nil) -> [Double] { column(norms, gate).map(\.log10) }

  /// cos(g_t, Σ g), t = 1…T; NaN where either is zero.
  public func cosines(gate: Int? = nil) -> [Double] { column(cosines, gate) }

  /// ‖Σ_t g_t‖ / Σ_t ‖g_t‖, from 0 to 1; nil where every contribution is zero.
  public func cancellation(gate: Int? = nil) -> Double? {
    let sum = column(norms, gate).reduce(ScaledNumber.zero, +)
    guard !sum.isZero else { return nil }
    // Two ways of summing may differ by rounding.
    let ratio = (totals[gate ?? gateCount] / sum).double
    return ratio > 1 ? 1 : ratio
  }

  private func column<Value>(_ values: [Value], _ gate: Int?) -> [Value] {
    values.column(gate ?? gateCount, of: gateCount + 1)
  }
}
