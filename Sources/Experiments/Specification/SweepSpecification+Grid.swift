import GradientFlow

extension SweepSpecification {
  /// A loss with the size of its readout, where it has one that the specification decides.
  private struct Readout {
    let loss: LossKind
    let size: Int?
  }

  /// The number of trials, at most ``trialLimit``, found without making them.
  public var trialCount: Int { countedTrials ?? .max }

  /// Every trial, in the grid's order. From the outermost axis to the innermost: cells,
  /// hidden_size, input_size, batch_size, initializer, input_scale, initial_state_scale, washout, forget_bias,
  /// spectral_radius and weight_sd, sequence_length, loss, readout_size, optimizer, learning_rate, schedule, truncation,
  /// precision, clip, seeds.
  ///
  /// forget_bias varies for LSTMs only and readout_size for losses with a readout only; the other
  /// trials appear once.
  public var trials: [TrialParameters] {
    var trials: [TrialParameters] = []
    trials.reserveCapacity(trialCount)
    for cell in cells {
      for hiddenSize in hiddenSizes {
        for inputSize in inputSizes.isEmpty ? [0] : inputSizes {
          for batchSize in batchSizes {
            for initializer in initializers {
              for inputScale in inputScales {
                for start in starts {
                  for forgetBias in forgetBiases(of: cell) {
                    let outer = TrialParameters(
                      cell: cell, hiddenSize: hiddenSize, inputSize: inputSize, batchSize: batchSize,
                      sequenceLength: 0, spectralRadius: 0, initializer: initializer,
                      inputScale: inputScale, initialStateScale: start.scale, washout: start.washout,
                      forgetBias: forgetBias, task: task.identity, loss: .finalDot, readoutSize: nil,
                      clip: .none, precision: .float32, rootSeed: rootSeed, seed: 0)
                    for scale in weightScales(hiddenSize: hiddenSize) {
                      appendTrials(within: outer, scale, to: &trials)
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return trials
  }

  /// Appends the part of the grid from sequence_length inwards.
  private func appendTrials(
    within outer: TrialParameters, _ scale: WeightScale, to trials: inout [TrialParameters]
  ) {
    var trial = outer
    trial.spectralRadius = scale.spectralRadius
    for sequenceLength in sequenceLengths {
      trial.sequenceLength = sequenceLength
      for readout in readouts {
        trial.loss = readout.loss
        trial.readoutSize = readout.size
        for training in trainings(scale) {
          trial.training = training
          for precision in precisions {
            trial.precision = precision
            for rule in rules {
              trial.clip = rule.clip
              trial.training?.penalty = rule.penalty
              for seed in seeds {
                trial.seed = seed
                trials.append(trial)
              }
            }
          }
        }
      }
    }
  }

  /// Where sequences start.
  private var starts: [(scale: Double, washout: Int)] {
    initialStateScales.flatMap { scale in washouts.map { (scale, $0) } }
  }

  /// How W_hh is scaled: to a radius, or by the deviation of its entries, whose radius is the one it is expected to have.
  private struct WeightScale {
    let spectralRadius: Double
    let deviation: Double?
  }

  private func weightScales(hiddenSize: Int) -> [WeightScale] {
    let scaled = spectralRadii.map { WeightScale(spectralRadius: $0, deviation: nil) }
    return scaled
      + weightDeviations.compactMap { $0 }.map { deviation in
        WeightScale(spectralRadius: deviation * Double(hiddenSize).squareRoot(), deviation: deviation)
      }
  }

  /// The variants of training; one nil where there is none.
  private func trainings(_ scale: WeightScale) -> [TrainingParameters?] {
    guard trains else { return [nil] }
    let record = recordEvery.interval(of: iterations, parts: 500)
    var variants: [TrainingParameters?] = []
    for optimiser in optimisers {
      for learningRate in learningRates {
        for schedule in schedules {
          for truncation in truncations {
            variants.append(
              TrainingParameters(
                iterations: iterations, optimiser: optimiser, learningRate: learningRate, schedule: schedule,
                truncation: truncation, penalty: nil, weightDeviation: scale.deviation, readout: readoutStart,
                evaluationSize: evaluationSize,
                evaluateEvery: evaluateEvery.interval(of: iterations, parts: 100), recordEvery: record,
                diagnoseEvery: diagnoseEvery.interval(of: iterations, parts: 50), detail: detail,
                stopsAtSuccess: stopsAtSuccess))
          }
        }
      }
    }
    return variants
  }

  private func forgetBiases(of cell: CellKind) -> [Double?] {
    cell == .lstm && !forgetBiases.isEmpty ? forgetBiases : [nil]
  }

  private var readouts: [Readout] {
    losses.flatMap { loss in
      loss.hasReadout && !readoutSizes.isEmpty
        ? readoutSizes.map { Readout(loss: loss, size: $0) } : [Readout(loss: loss, size: nil)]
    }
  }

  /// The lengths whose product is the number of trials, each with the keys it stands for.
  var gridLengths: [(keys: String, length: Int)] {
    [
      ("cells with forget_bias", cells.reduce(0) { $0 + forgetBiases(of: $1).count }),
      ("hidden_size", hiddenSizes.count),
      ("input_size", max(1, inputSizes.count)),
      ("batch_size", batchSizes.count),
      ("initializer", initializers.count),
      ("input_scale", inputScales.count),
      ("initial_state_scale", initialStateScales.count),
      ("washout", washouts.count),
      ("spectral_radius with weight_sd", spectralRadii.count + weightDeviations.count { $0 != nil }),
      ("sequence_length", sequenceLengths.count),
      ("loss with readout_size", readouts.count),
      ("optimizer", max(1, optimisers.count)),
      ("learning_rate", max(1, learningRates.count)),
      ("schedule", max(1, schedules.count)),
      ("truncation", max(1, truncations.count)),
      ("precision", precisions.count),
      ("clip", rules.count),
      ("seeds", seeds.count),
    ]
  }

  /// The number of trials, or nil beyond Int.
  private var countedTrials: Int? {
    gridLengths.reduce(1) { product, axis in
      product.flatMap {
        let (value, overflows) = $0.multipliedReportingOverflow(by: axis.length)
        return overflows ? nil : value
      }
    }
  }

  /// Throws when the grid has more than ``trialLimit`` trials.
  func checkTrialCount(at place: SpecificationError.Place) throws(SpecificationError) {
    if let count = countedTrials, count <= Self.trialLimit { return }
    let count =
      countedTrials.map(String.init)
      ?? gridLengths.reduce(1) { $0 * Double($1.length) }.roundedToTwelveDigits.shortestDecimal
    let factors = gridLengths.filter { $0.length > 1 }.map { "\($0.keys) \($0.length)" }
    throw SpecificationError(
      .tooLarge, at: place, value: count,
      "the grid has \(count) trials (\(factors.joined(separator: " × ")))",
      allowed: "up to \(Self.trialLimit) trials")
  }
}
