import Experiments
import GradientFlow

/// What the figure decay draws of a layer.
struct DecayContent {
  let lags: [Int]
  let hidden: [Double]
  /// Quartiles over batch elements; empty for few elements.
  let lower, upper: [Double]
  /// Empty where there is none.
  let cell, unclipped: [Double]
  let predictions: [PredictionLine]

  var values: [Double] { hidden + lower + upper + cell + unclipped }

  init(_ layer: LayerDiagnosis, isClipped: Bool) {
    let (steps, batch) = (layer.steps, layer.shape.batch)
    let samples = LagSamples(steps: layer.shape.steps)
    func quartile(_ probability: Double) -> [Double] {
      guard batch >= 4 else { return [] }
      return samples.lags.map { lag in
        let first = (layer.shape.steps - lag) * batch
        // NaN is of a sequence that does not have the lag.
        return quantile(steps.hiddenByExample[first..<first + batch].filter { !$0.isNaN }, probability)
          ?? .nan
      }
    }
    lags = samples.lags
    hidden = samples.ofStates(steps.hiddenMean)
    (lower, upper) = (quartile(0.25), quartile(0.75))
    cell = steps.cell.isEmpty ? [] : samples.ofStates(steps.cellMean)
    unclipped = isClipped ? samples.ofStates(layer.unclippedSteps.hiddenMean) : []
    predictions =
      layer.hasPlainDecay
      ? PredictionLine.all(layer.predictions, from: hidden[0], lastLag: layer.shape.steps - 1) : []
  }
}
