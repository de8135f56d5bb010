import Foundation
import LinearAlgebra
import RecurrentCells

/// The growth rate of a random tangent vector, by batch element.
///
///     λ_1 ≈ (1/n) Σ_t ln (‖J_t v_{t−1}‖ / ‖v_{t−1}‖),   after a transient in which v turns to the leading direction
public struct LeadingExponent: Sendable, Equatable {
  /// In nats per step, one for each trajectory followed; −∞ where the tangent becomes exactly zero.
  public let byElement: [Double]
  /// Steps averaged over, after the transient.
  public let steps: Int

  /// Mean over trajectories.
  public var mean: Double { byElement.reduce(0, +) / Double(byElement.count) }
  /// The same in decades per step, as a decay rate is given.
  public var decadesPerStep: Double { mean / M_LN10 }

  @usableFromInline
  init(byElement: [Double], steps: Int) {
    self.byElement = byElement
    self.steps = steps
  }
}

extension SequencePass {
  /// Follows one random tangent vector along the trajectory of each of the first batch elements, through all T steps.
  ///
  /// - Parameters:
  ///   - elements: how many, 1…B; of sequences of different lengths at most those that have all T steps.
  ///   - transient: steps left out at the start; see ``LyapunovSpectrum/defaultTransient(of:)``.
  ///   - stream: what the vectors are drawn from.
  ///   - alongside: called at every step, for what else is wanted of the same walk.
  /// - Precondition: the forward pass did not diverge; `transient < T`.
  /// - Complexity: 2·elements·G·H² operations a step.
  @inlinable
  public mutating func leadingExponent(
    elements: Int, transient: Int, stream: inout RandomStream,
    alongside: (TapeStep<Element>) -> Void = { _ in }
  ) -> LeadingExponent {
    precondition(transient < shape.steps && elements <= shape.batch)
    let elements = min(elements, shape.count(at: 1))
    let jacobian = StateJacobian(cell: cell, count: elements)
    let size = jacobian.stateSize
    let vectors = AlignedBuffer<Element>(uninitializedCount: elements * size)
    let norms = AlignedBuffer<Double>(count: elements)
    let start = Element.array(stream.normals(elements * size))
    vectors.base.update(from: start, count: elements * size)
    var sums = Array(repeating: 0.0, count: elements)
    func normalise(counts: Bool) {
      Element.rowNorms(count: elements, width: size, stride: size, vectors.base, into: norms.base)
      for j in 0..<elements {
        let norm = norms.base[j]
        if counts { sums[j] += log(norm) }
        norms.base[j] = norm > 0 ? 1 / norm : 0
      }
      Element.scaleRows(count: elements, width: size, scale: norms.base, vectors.base)
    }
    normalise(counts: false)
    // Whether a component was lost that later steps could bring back.
    var hasLost = false
    visitSteps(.ascending) { step in
      RangeExceptions.forget()
      jacobian.loadEach(step)
      jacobian.apply(to: vectors.base)
      normalise(counts: step.time > transient)
      if !hasLost, step.hasLostFactors || RangeExceptions.happened {
        hasLost = (0..<elements * size).contains { !(vectors.base[$0].magnitude > 0x1p-60) }
      }
      alongside(step)
    }
    let steps = shape.steps - transient
    if hasLost {
      return wideLeadingExponent(elements: elements, transient: transient, start: start)
    }
    return LeadingExponent(byElement: sums.map { $0 / Double(steps) }, steps: steps)
  }

  /// The same with an exponent for each component.
  @usableFromInline
  mutating func wideLeadingExponent(
    elements: Int, transient: Int, start: [Element]
  ) -> LeadingExponent {
    let tangents = WideTangents<Cell>(
      parameters: cell.parameters, batch: shape.batch, count: elements, start: start)
    func logarithms() -> [Double] { (0..<elements).map { tangents.norm($0).log10 * M_LN10 } }
    var before = logarithms()
    visitSteps(.ascending) { step in
      tangents.advance(step)
      if step.time == transient { before = logarithms() }
    }
    let steps = shape.steps - transient
    return LeadingExponent(
      byElement: zip(logarithms(), before).map { end, start in
        end == -.infinity ? -.infinity : (end - start) / Double(steps)
      },
      steps: steps)
  }
}
