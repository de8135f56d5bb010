import Foundation
import RecurrentCells

/// Norms of the single sequences of a batch by step, and how they change on the way back.
///
/// Where lengths differ, the larger a lag the fewer sequences have it, and their gradients may have been smaller or larger
/// than those of the others from the end on. So norms at two lags are compared within sequences, over those that have both
/// of them. Where all have T steps, this is what the whole batch says.
package struct SequenceNorms {
  /// log10, t = 0…T [T+1, B]; −∞ for an exact zero. Empty where there is no such gradient.
  private let values: [Double]
  private let shape: SequenceShape

  package init(_ values: [Double], _ shape: SequenceShape) {
    (self.values, self.shape) = (values, shape)
  }

  /// Of the sequences that have a state after step t.
  func states(at t: Int) -> ArraySlice<Double> { first(shape.states(at: t), at: t) }

  private func first(_ count: Int, at t: Int) -> ArraySlice<Double> {
    values[t * shape.batch..<t * shape.batch + count]
  }

  /// How many sequences have step t; at t = 0, how many have all T.
  private func count(at t: Int) -> Int { shape.count(at: max(1, t)) }

  /// Mean over the sequences that have a state after step t, t = 0…T.
  package var means: [Double] {
    // Of one sequence they are its own.
    if values.isEmpty || shape.batch == 1 { return values }
    return (0...shape.steps).map { t in
      let own = states(at: t)
      return own.reduce(0, +) / Double(own.count)
    }
  }

  /// The mean, t = 0…T, linked from step to step within sequences:
  ///
  ///     y_T = mean over b of n_T[b]
  ///     y_t = y_{t+1} + mean over b that has step t of (n_t[b] − n_{t+1}[b])
  ///
  /// n being log10 norms, and the last difference, at t = 0, over those that have T steps. If no norm changes on its way, y
  /// does not, whoever ends where; where all sequences have T steps, y is ``means``, to the bit.
  ///
  /// A sequence with a norm of zero takes no part in a difference; as with equal lengths, y is −∞ wherever one that has the
  /// step has a zero, and goes on after it. Where none is left for a difference, y begins anew at the mean of those that
  /// are not zero.
  ///
  /// - Complexity: O(T·B).
  package var linkedMeans: [Double] {
    if values.isEmpty || shape.lengths == nil { return means }
    var linked = Array(repeating: Double.nan, count: shape.steps + 1)
    var level: Double?
    for t in (0...shape.steps).reversed() {
      let own = first(count(at: t), at: t)
      let change =
        t < shape.steps ? zip(own, first(own.count, at: t + 1)).lazy.map { $0 - $1 }.finiteMean : nil
      if let last = level, let change { level = last + change } else { level = own.finiteMean }
      let mean = own.reduce(0, +) / Double(own.count)
      linked[t] = mean.isFinite ? level ?? mean : mean
    }
    return linked
  }

  /// log10 ‖∂L/∂h_t‖ − log10 ‖∂L/∂h_T‖, both norms over the sequences that have step t; NaN where the latter is zero.
  package func log10Ratio(at t: Int) -> Double {
    let count = count(at: t)
    let last = first(count, at: shape.steps).log10Norm
    return last > -.infinity ? first(count, at: t).log10Norm - last : .nan
  }
}

extension Sequence<Double> {
  /// Of the finite ones; nil for none.
  fileprivate var finiteMean: Double? {
    var (sum, count) = (0.0, 0)
    for value in self where value.isFinite {
      sum += value
      count += 1
    }
    return count > 0 ? sum / Double(count) : nil
  }
}

extension ArraySlice<Double> {
  /// log10 √Σ (10^x)².
  fileprivate var log10Norm: Double {
    guard let top = self.max(), top.isFinite else { return self.max() ?? .nan }
    return top + Foundation.log10(reduce(0) { $0 + pow(10, 2 * ($1 - top)) }) / 2
  }
}
