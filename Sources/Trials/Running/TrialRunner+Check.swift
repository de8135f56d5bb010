import GradientFlow
import Specification

extension TrialRunner {
  /// Compares gradients of a trial's network as it is drawn, on its batch, with finite differences in double precision;
  /// nil where a state leaves the range.
  ///
  /// - Parameters:
  ///   - count: weights of every array.
  ///   - step: δ.
  /// - Throws: `SequenceTaskError` or `LinearAlgebraError`.
  public func gradientCheck(
    _ p: TrialParameters, count: Int, step: Double
  ) throws -> GradientCheck? {
    let problem = try problem(p, in: Double.self).problem
    let draw = TrialLoss<Double>(p: p, task: task, samples: samples)
    return GradientCheck(
      problem.network, on: problem.inputs, count: count, step: step, seed: p.seed
    ) { network in
      // What can be drawn once can be drawn again.
      (try? draw.sample(for: network).loss) ?? problem.loss
    }
  }

  /// The network of a trial before its first update.
  ///
  /// - Throws: `LinearAlgebraError`.
  public func drawnNetwork(_ p: TrialParameters) throws -> Network<Double> { try network(p).draw().network }
}
