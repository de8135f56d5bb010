import Foundation
import LinearAlgebra
import RecurrentCells

extension SequencePass where Cell.Element == Double {
  /// The leading Lyapunov exponent by the growth of the distance of two neighbours on either side of a trajectory:
  /// the forward pass alone, no derivative of this package, and so an independent check of ``LyapunovSpectrum``.
  ///
  ///     Δ_t = (F(s_{t−1} + ε u) − F(s_{t−1} − ε u)) / 2ε,   u ← Δ_t / ‖Δ_t‖,   λ_1 ≈ (1/n) Σ ln ‖Δ_t‖
  ///
  /// With ε = 1e-6 both the curvature, O(ε²), and the rounding, O(1e-16 / ε), stay below 1e-9 a step.
  ///
  /// - Parameters:
  ///   - element: the sequence whose trajectory is followed, from its own start.
  ///   - transient: steps left out at the start; less than the sequence has.
  ///   - stream: what the first direction is drawn from.
  /// - Returns: nats per step; −∞ where the neighbours meet.
  /// - Precondition: the forward pass did not diverge.
  /// - Complexity: two forward steps a step.
  /// - Note: Source: Benettin, Galgani & Strelcyn, Phys. Rev. A 14 (1976) 2338.
  public mutating func separationExponent(
    element: Int = 0, transient: Int, stream: inout RandomStream
  ) -> Double {
    let first = shape.start(of: element)
    precondition(transient < shape.length(of: element), "no step is left after a transient of \(transient)")
    let (hidden, inputSize) = (shape.hiddenSize, shape.inputSize)
    let hasCell = Cell.carriesCellState
    let size = hasCell ? 2 * hidden : hidden
    let epsilon = 1e-6
    var direction = stream.normals(size)
    normalise(&direction)
    let two = SequenceShape(steps: 1, batch: 2, inputSize: inputSize, hiddenSize: hidden)
    let cell = self.cell
    var neighbours: SequencePass?
    var sum = 0.0
    visitSteps(.ascending) { step in
      guard step.time > first else { return }
      let h = UnsafeBufferPointer(start: step.previousHidden + element * hidden, count: hidden)
      let c = step.previousCell.map { UnsafeBufferPointer(start: $0 + element * hidden, count: hidden) }
      let x = UnsafeBufferPointer(start: step.input + element * inputSize, count: inputSize)
      func shifted(_ sign: Double, _ state: UnsafeBufferPointer<Double>, from first: Int) -> [Double] {
        (0..<hidden).map { state[$0] + sign * epsilon * direction[first + $0] }
      }
      let initial = InitialState(
        hidden: shifted(1, h, from: 0) + shifted(-1, h, from: 0),
        cell: c.map { shifted(1, $0, from: hidden) + shifted(-1, $0, from: hidden) })
      if neighbours == nil {
        neighbours = SequencePass(cell: cell, shape: two, inputs: Array(x) + Array(x), initialState: initial)
      } else {
        neighbours!.run(inputs: Array(x) + Array(x), initialState: initial)
      }
      var after = neighbours!.hiddenState(1) ?? []
      direction = (0..<hidden).map { (after[$0] - after[hidden + $0]) / (2 * epsilon) }
      if hasCell {
        after = neighbours!.cellState(1) ?? []
        direction += (0..<hidden).map { (after[$0] - after[hidden + $0]) / (2 * epsilon) }
      }
      let growth = normalise(&direction)
      if step.time - first > transient { sum += log(growth) }
    }
    return sum / Double(shape.length(of: element) - transient)
  }
}

/// Brings a vector to length 1 and returns its length; a zero vector stays zero.
@discardableResult
private func normalise(_ vector: inout [Double]) -> Double {
  let norm = Double.euclideanNorm(vector)
  if norm > 0 { for k in vector.indices { vector[k] /= norm } }
  return norm
}
