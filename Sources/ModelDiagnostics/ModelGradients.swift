import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// ∂L/∂parameters of a whole model, by PyTorch's names, before and after clipping.
public struct ModelGradients: Sendable {
  /// One parameter's.
  public struct Entry: Sendable {
    /// `weight_hh_l0`, `weight_hh_l0_reverse`, `readout.weight`, …
    public let name: String
    public let gradient: ScaledArray<Double>
    /// The parameter's own shape.
    public let shape: [Int]
  }

  /// After clipping.
  public let entries: [Entry]
  /// Norm over all parameters before and after clipping.
  public let normBefore, normAfter: ScaledNumber
  /// log10 of what the global-norm rule multiplied by; 0 for other rules.
  public let log10Coefficient: Double
  /// See ``ClippedGradients``; 0 and 1 without a clip.
  public let clippedFraction: Double
  public let cosine: Double?

  /// Whether every gradient is a number.
  var isFinite: Bool { normBefore.isFinite && normAfter.isFinite }

  /// - Parameter head: the parameters of a head, which are among those found.
  init(_ found: ClippedGradients<Double>, head: [HeadParameter], of problem: ModelProblem) {
    var shapes = Dictionary(
      uniqueKeysWithValues: problem.network.arrayPlaces.map { ($0.name, $0.shape) })
    if !problem.network.tiesReadout, let readout = problem.loss.readout {
      shapes["readout.weight"] = [readout.weight.rows, readout.weight.columns]
      shapes["readout.bias"] = [readout.outputSize]
    }
    for parameter in head { shapes[parameter.name] = parameter.shape }
    entries = found.gradients.entries.map { entry in
      Entry(
        name: entry.name, gradient: entry.gradient,
        shape: shapes[entry.name] ?? [entry.gradient.values.count])
    }
    (normBefore, normAfter) = (found.normBefore, found.normAfter)
    log10Coefficient = found.factor.log10
    (clippedFraction, cosine) = (found.clippedFraction, found.cosine)
  }
}
