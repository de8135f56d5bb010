import Foundation
import GradientFlow

/// How far a module that was run again is from what was captured of it.
public struct CaptureCheck: Sendable {
  /// Largest relative differences of outputs and final states, of gradients of weights, and of ∂L/∂x; nil where there was
  /// nothing to compare with.
  public private(set) var outputs, weightGradients, inputGradients: Double?
  /// What differs most beyond the tolerance.
  public private(set) var worst: String?
  /// The most that is put down to rounding.
  public let tolerance: Double
  /// Why gradients of weights were not compared; nil where they were.
  public internal(set) var reason: String?

  /// Whether there was anything to compare with.
  public var isEmpty: Bool { outputs == nil && weightGradients == nil && inputGradients == nil }

  package init(tolerance: Double) { self.tolerance = tolerance }

  /// Whether all agree. Differences that are no numbers do not.
  public var agrees: Bool {
    [outputs, weightGradients, inputGradients].allSatisfy { $0.map { $0 <= tolerance } ?? true }
  }

  /// Compares outputs or final states, of which the largest number is the scale.
  package mutating func compareOutputs(_ found: [Double], _ captured: [Double], _ name: String) {
    guard found.count == captured.count else {
      outputs = larger(outputs ?? 0, .infinity, name)
      return
    }
    let scale = captured.reduce(0) { max($0, $1.magnitude) }
    let difference = zip(found, captured).reduce(0.0) { largest, pair in
      let own = (pair.0 - pair.1).magnitude
      return own.isNaN || largest.isNaN ? .nan : max(largest, own)
    }
    outputs = larger(outputs ?? 0, difference == 0 ? 0 : difference / scale, name)
  }

  /// Compares the gradient of a parameter.
  ///
  /// - Parameter scale: the norm of the gradient of all parameters of the module: what is small beside it has lost digits.
  package mutating func compareWeights(_ found: [Double], _ captured: [Double], scale: Double, _ name: String)
  {
    weightGradients = larger(
      weightGradients ?? 0, relative(found, captured, atLeast: scale / 100), name)
  }

  package mutating func compareInputs(_ found: [Double], _ captured: [Double]) {
    inputGradients = larger(inputGradients ?? 0, relative(found, captured, atLeast: 0), "∂L/∂x")
  }

  /// ‖found − captured‖ / ‖captured‖.
  private func relative(_ found: [Double], _ captured: [Double], atLeast scale: Double) -> Double {
    guard found.count == captured.count else { return .infinity }
    let difference = Double.euclideanNorm(zip(found, captured).map { $0 - $1 })
    return difference == 0 ? 0 : difference / max(Double.euclideanNorm(captured), scale)
  }

  /// The larger difference; what is beyond the tolerance is noted by its name.
  private mutating func larger(_ known: Double, _ difference: Double, _ name: String) -> Double {
    // Written so that NaN is taken for the largest.
    if difference <= known || known.isNaN { return known }
    if !(difference <= tolerance) { worst = name }
    return difference
  }
}
