import GradientFlow
import Specification

/// How the network of a trial is drawn, with shared blocks of W_hh.
struct TrialNetwork {
  let p: TrialParameters
  let task: TrialTask
  let blocks: RecurrentBlockCache

  /// What is drawn.
  var recipe: NetworkRecipe {
    let reading = NetworkRecipe.Reading(
      inputSize: task.inputSize(p), meanInputSquare: task.meanInputSquare(p))
    return NetworkRecipe(
      ParameterRecipe(
        cell: p.cell, hiddenSize: p.hiddenSize, inputSize: reading.inputSize, initializer: p.initializer,
        spectralRadius: p.spectralRadius, inputScale: p.inputScale,
        meanInputSquare: reading.meanInputSquare, forgetBias: p.forgetBias ?? 0, rootSeed: p.rootSeed,
        seed: p.seed),
      layers: p.layers, isBidirectional: p.isBidirectional, embeddingSize: p.embeddingSize,
      tiesReadout: p.tiesReadout, outputSize: p.loss.hasReadout ? task.outputSize(p) : 0,
      source: p.task.topology == .encoderDecoder ? reading : nil,
      weightDeviation: p.training?.weightDeviation)
  }

  /// The network in double precision, with what was measured of its blocks of W_hh in the precision of the trial; nothing
  /// of weights with a given deviation.
  ///
  /// - Throws: `LinearAlgebraError` where a block cannot be scaled.
  func draw() throws(LinearAlgebraError) -> (
    network: Network<Double>, spectra: [LayerPlace: BlockSpectrum]
  ) {
    var spectra: [UInt64: BlockSpectrum] = [:]
    let network = try recipe.network { (layer, gate) throws(LinearAlgebraError) in
      let entry = try blocks.entry(layer, gate: gate, precision: p.precision)
      spectra[layer.part, default: BlockSpectrum()].add(
        spectralRadius: entry.spectralRadius, sigmaMax: entry.sigmaMax)
      return entry.block
    }
    var byPlace: [LayerPlace: BlockSpectrum] = [:]
    for place in network.places { byPlace[place] = spectra[place.streamPart] }
    return (network, byPlace)
  }
}
