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

  init(_ layers: [LayerDiagnosis], _ top: OutputGradients<Double>, clip: GradientClip) {
    var entries: [Entry] = []
    func add(_ gradients: ParameterGradients<Double>, _ layer: LayerDiagnosis) {
      let suffix = layer.direction.suffix(layer: layer.layer)
      let (rows, hidden) = (gradients.biasHH.values.count, layer.shape.hiddenSize)
      entries += [
        Entry(
          name: "weight_ih" + suffix, gradient: gradients.weightIH, shape: [rows, layer.shape.inputSize]),
        Entry(name: "weight_hh" + suffix, gradient: gradients.weightHH, shape: [rows, hidden]),
        Entry(name: "bias_ih" + suffix, gradient: gradients.biasIH, shape: [rows]),
        Entry(name: "bias_hh" + suffix, gradient: gradients.biasHH, shape: [rows]),
      ]
    }
    func addReadout(_ weight: ScaledArray<Double>?, _ bias: ScaledArray<Double>?) {
      guard let weight, let bias, !bias.values.isEmpty else { return }
      let outputs = bias.values.count
      entries += [
        Entry(
          name: "readout.weight", gradient: weight, shape: [outputs, weight.values.count / outputs]),
        Entry(name: "readout.bias", gradient: bias, shape: [outputs]),
      ]
    }
    if clip != .none, layers.count == 1 {
      // One layer, read forward: the rules see the readout too.
      let layer = layers[0]
      let found = ClippedGradients(
        clip, clipped: layer.clipped.with(top), unclipped: layer.unclipped.with(top))
      add(found.gradients, layer)
      addReadout(found.gradients.readoutWeight, found.gradients.readoutBias)
      (normBefore, normAfter) = (found.normBefore, found.normAfter)
      log10Coefficient = found.factor.log10
      (clippedFraction, cosine) = (found.clippedFraction, found.cosine)
    } else {
      for layer in layers { add(layer.unclipped.gradients, layer) }
      addReadout(top.readoutWeight, top.readoutBias)
      normBefore = .euclideanNorm(entries.map(\.gradient.norm))
      normAfter = normBefore
      (log10Coefficient, clippedFraction) = (0, 0)
      cosine = normBefore.cosineToItself
    }
    self.entries = entries
  }
}

extension BackwardResult where Element == Double {
  /// The same with the gradients of the readout, which the loss has.
  fileprivate func with(_ top: OutputGradients<Double>) -> BackwardResult {
    var gradients = self.gradients
    gradients.readoutWeight = top.readoutWeight
    gradients.readoutBias = top.readoutBias
    return BackwardResult(loss: top.loss, gradients: gradients, clippedFraction: clippedFraction)
  }
}
