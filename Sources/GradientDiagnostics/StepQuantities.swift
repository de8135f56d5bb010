import LinearAlgebra

/// Norms of what steps have, and states do not: lists over t = 0…T, as tables take them, which begin with NaN, since 0 is
/// no step.
package struct StepQuantities: Sendable {
  /// ∂L/∂a_t: all gates, each of them, and the hidden side (GRU).
  package let preactivation: [Double]
  package let preactivationByGate: [[Double]]
  package let recurrentPreactivation: [Double]
  /// What step t contributes to each parameter gradient.
  package let weightHH, weightIH, biasIH, biasHH: [Double]

  init<Element: Scalar>(
    _ preactivations: borrowing PreactivationGradientNorms<Element>,
    _ contributions: borrowing WeightContributionNorms<Element>
  ) {
    preactivation = preactivations.all
    preactivationByGate = preactivations.byGate
    recurrentPreactivation = preactivations.recurrent
    weightHH = contributions.weightHH
    weightIH = contributions.weightIH
    biasIH = contributions.biasIH
    biasHH = contributions.biasHH
  }

  /// Whether a cell has a hidden side of its own.
  package var hasOwnRecurrentPreactivation: Bool {
    recurrentPreactivation.dropFirst() != preactivation.dropFirst()
  }

  /// All of them, t = 1…T.
  var norms: [ArraySlice<Double>] {
    ([preactivation] + preactivationByGate + [recurrentPreactivation, weightHH, weightIH, biasIH, biasHH])
      .map { $0.dropFirst() }
  }
}

extension StepQuantities: Equatable {
  package static func == (a: StepQuantities, b: StepQuantities) -> Bool { a.norms == b.norms }
}

/// The same as lists over t = 1…T.
///
/// - Complexity: O(T) each, for a copy: take it once, and not in a loop.
extension StepGradients {
  /// ∂L/∂a_t: all gates.
  public var preactivation: [Double] { Array(ofSteps.preactivation.dropFirst()) }
  /// By gate [T, G].
  public var preactivationByGate: [Double] {
    (1...steps).flatMap { t in ofSteps.preactivationByGate.map { $0[t] } }
  }
  /// The hidden side, which differs for a GRU.
  public var recurrentPreactivation: [Double] { Array(ofSteps.recurrentPreactivation.dropFirst()) }
  /// Of one gate at step t, 1…T.
  ///
  /// - Complexity: O(1).
  public func preactivation(gate: Int, step: Int) -> Double { ofSteps.preactivationByGate[gate][step] }
  /// What step t contributes to ∂L/∂W_hh.
  public var weightHH: [Double] { Array(ofSteps.weightHH.dropFirst()) }
  /// To ∂L/∂W_ih.
  public var weightIH: [Double] { Array(ofSteps.weightIH.dropFirst()) }
  /// To ∂L/∂b_ih.
  public var biasIH: [Double] { Array(ofSteps.biasIH.dropFirst()) }
  /// To ∂L/∂b_hh.
  public var biasHH: [Double] { Array(ofSteps.biasHH.dropFirst()) }
}
