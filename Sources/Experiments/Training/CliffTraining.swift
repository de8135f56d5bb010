import Foundation
import GradientFlow

/// The descent on the error surface of ``CliffModel``: two parameters, the same optimisers and clips as any training.
struct CliffTraining {
  let p: TrialParameters
  let training: TrainingParameters
  let start: (w: Double, b: Double)

  /// Walks down; every update is a row.
  func run() -> TrialRecord {
    let model = CliffModel()
    var history = TrainingHistory()
    var weights = CliffWeights(w: start.w, b: start.b)
    var optimiser = OptimiserState(training.optimiser, for: weights.network)
    var record = TrialRecord(status: .ok)
    history.closeRow(
      iteration: 0, [.w: weights.w, .b: weights.b, .testLoss: model.error(w: weights.w, b: weights.b)])
    var made = 0
    for iteration in 1...training.iterations {
      let value = model.value(w: weights.w, b: weights.b)
      let gradients = weights.gradients(value)
      let result = BackwardResult(loss: value.error, gradients: gradients, clippedFraction: 0)
      let clipped = ClippedGradients(p.clip, clipped: result, unclipped: result)
      let rate = training.learningRate * training.schedule.factor(update: iteration, of: training.iterations)
      var network = weights.network
      let change = optimiser.step(&network, clipped.gradients, factor: ScaledNumber(1), learningRate: rate)
      guard value.isFinite, change.isFinite, network.isFinite else {
        record.status = .diverged
        record.divergedAt = value.steepestStep
        record.divergedIteration = Double(iteration)
        record.divergedKind = value.isFinite ? .weights : .gradient
        if history.hasOpenWindow { history.closeRow(iteration: made, [:]) }
        break
      }
      weights = CliffWeights(network)
      made = iteration
      history.add(
        UpdateAccount(
          iteration: iteration, loss: value.error, normBefore: clipped.normBefore,
          normAfter: clipped.normAfter, clippedShare: clipped.clippedFraction, cosine: clipped.cosine,
          learningRate: rate, updateNorm: change))
      let isRecorded = training.recordEvery > 0 && iteration % training.recordEvery == 0
      if isRecorded || iteration == training.iterations {
        history.closeRow(
          iteration: iteration,
          [.w: weights.w, .b: weights.b, .testLoss: model.error(w: weights.w, b: weights.b)])
      }
    }
    record.updates = Double(made)
    record.training = history.record
    record.testLoss = history.record.rows.values(.testLoss).last
    record.loss = record.testLoss
    return record
  }
}

/// w and b as the weights of a network of one unit, so that the optimisers and clips of networks work on them: w is its
/// W_hh, b its b_hh; all other weights are zero and have no gradient.
private struct CliffWeights {
  var w, b: Double

  init(w: Double, b: Double) {
    self.w = w
    self.b = b
  }

  init(_ network: NetworkWeights<Double>) {
    self.init(w: network.recurrent.weightHH.values[0], b: network.recurrent.biasHH[0])
  }

  var network: NetworkWeights<Double> {
    let zero = Matrix<Double>(rows: 1, columns: 1)
    return NetworkWeights(
      recurrent: RecurrentParameters(
        weightIH: zero, weightHH: Matrix(rows: 1, columns: 1, values: [w]), biasIH: [0], biasHH: [b]),
      readout: Readout(weight: zero, bias: [0]))
  }

  func gradients(_ value: CliffModel.Value) -> ParameterGradients<Double> {
    let zero = ScaledArray(values: [0.0])
    return ParameterGradients(
      weightIH: zero, weightHH: ScaledArray(values: [value.gradientW]), biasIH: zero,
      biasHH: ScaledArray(values: [value.gradientB]), readoutWeight: zero, readoutBias: zero)
  }
}
