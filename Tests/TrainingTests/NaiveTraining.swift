// swift-format-ignore-file: AlwaysUseLowerCamelCase

import GradientFlow
import TestSupport

extension NaiveNetwork {
  /// The naive network with a training's weights, on steps of its sequences.
  ///
  /// - Parameter inputs: [T, B, I].
  init(
    _ cell: CellKind, _ weights: Network<Double>, inputs: [Double], steps: Int, batch: Int,
    loss: NaiveLoss, from initial: InitialState<Double>? = nil
  ) {
    let recurrent = weights.only
    self.init(
      Cell(rawValue: cell.rawValue)!, NaiveSizes(steps, batch, recurrent.inputSize, recurrent.hiddenSize),
      loss: .finalDot, hasInitialState: false)
    self[.W_ih] = recurrent.weightIH.values
    self[.W_hh] = recurrent.weightHH.values
    self[.b_ih] = recurrent.biasIH
    self[.b_hh] = recurrent.biasHH
    self[.W_o] = weights.readout.weight.values
    self[.b_o] = weights.readout.bias
    self[.x] = inputs
    self.loss = loss
    if let initial {
      self[.h_0] = initial.hidden
      if let cellState = initial.cell { self[.c_0] = cellState }
    }
  }

  /// The same on a whole sample of a task.
  init(
    _ cell: CellKind, _ weights: Network<Double>, _ task: any LearningTask,
    _ sample: TaskSample<Double>, steps: Int, batch: Int
  ) {
    self.init(
      cell, weights, inputs: sample.inputs.dense, steps: steps, batch: batch,
      loss: NaiveLoss(of: task, sample, steps: 1...steps, read: 1...steps, of: steps, batch: batch))
  }
}

extension NaiveLoss {
  /// A task's loss over steps of a sample, with the terms of some of them alone.
  ///
  /// - Parameters:
  ///   - steps: those of the naive network; its step 1 is the first.
  ///   - read: those whose terms count.
  ///   - count: T of the sample.
  init(
    of task: any LearningTask, _ sample: TaskSample<Double>, steps: ClosedRange<Int>,
    read: ClosedRange<Int>, of count: Int, batch: Int
  ) {
    if task.objective == .regression {
      let width = task.outputSize
      self = .finalMeanSquare(
        targets: (0..<batch).map { Array(sample.values[$0 * width..<($0 + 1) * width]) })
    } else if task.placement(steps: count) == .finalStep {
      self = .crossEntropy(classes: [steps.count: sample.classes], kind: .crossEntropyFinal)
    } else {
      var classes: [Int: [Int]] = [:]
      for t in read {
        classes[t - steps.lowerBound + 1] = Array(sample.classes[(t - 1) * batch..<t * batch])
      }
      self = .crossEntropy(classes: classes, kind: .crossEntropySparse)
    }
  }
}

extension NaiveGradients {
  /// In the order of `Network.arrays`.
  var arrays: [[Double]] {
    [self[.W_ih], self[.W_hh], self[.b_ih], self[.b_hh], self[.W_o], self[.b_o]]
  }
  var flat: [Double] { arrays.flatMap { $0 } }
}

/// δ min(1, θ/‖δ‖) by batch or by example, written plainly; counts the norms that exceed θ.
func naiveStepClip(_ clip: StepClip, _ engaged: inout Int, _ delta: [[Double]]) -> [[Double]] {
  switch clip {
  case .none: return delta
  case .batch(let threshold):
    let size = norm(delta.joined())
    guard size > threshold else { return delta }
    engaged += 1
    return delta.map { $0.map { $0 * threshold / size } }
  case .example(let threshold):
    return delta.map { row in
      let size = norm(row)
      guard size > threshold else { return row }
      engaged += 1
      return row.map { $0 * threshold / size }
    }
  }
}
