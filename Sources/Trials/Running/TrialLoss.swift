import GradientFlow
import Specification

/// Inputs and loss of a trial. Targets, v and the readout are drawn by seed, each from its own stream, so that
/// every cell, radius and clip of one seed sees the same.
struct TrialLoss {
  let p: TrialParameters
  let task: TrialTask
  let samples: TrialSampleCache

  package func sample<Element: Scalar>(
    _ type: Element.Type, inputSize: Int
  ) throws(SequenceTaskError) -> (inputs: [Element], loss: any SequenceLoss<Element>) {
    if p.loss.isOfTask {
      guard let learning = task.learning(p) else { preconditionFailure("the loss of a task that has none") }
      return try Self.sample(of: learning, p, readout: p.readout(learning.outputSize))
    }
    let text = task.characters
    let classCount = text?.inputSize ?? p.readoutSize ?? 1
    let sample: TaskSample<Element>
    if let text {
      sample = try text.sample(
        type, steps: p.sequenceLength, batch: p.batchSize, rootSeed: p.rootSeed, seed: p.seed)
    } else {
      sample = try samples.sample(
        GaussianNoise(inputSize: inputSize, classCount: p.loss.needsClasses ? classCount : nil), p,
        steps: p.sequenceLength, use: .diagnosis, type)
    }
    return (sample.inputs, loss(classes: sample.classes, classCount: classCount))
  }

  /// Inputs of a task with its own loss.
  static func sample<Element: Scalar>(
    of task: any LearningTask, _ p: TrialParameters, readout: Readout<Element>
  ) throws(SequenceTaskError) -> (inputs: [Element], loss: any SequenceLoss<Element>) {
    let sample = try task.sample(
      Element.self, steps: p.sequenceLength, batch: p.batchSize, rootSeed: p.rootSeed, seed: p.seed)
    let placement = task.placement(steps: p.sequenceLength)
    return (sample.inputs, task.loss(of: sample, placement: placement, readout: readout))
  }

  private func loss<Element: Scalar>(
    classes: [Int], classCount: Int
  ) -> any SequenceLoss<Element> {
    var targets = p.stream(.targets)
    switch p.loss {
    case .finalDot:
      return FinalDotLoss(direction: Element.array(targets.normals(p.hiddenSize)))
    case .finalMeanSquaredError:
      return MeanSquaredErrorLoss(
        targets: Element.array(targets.normals(p.batchSize * classCount)),
        readout: p.readout(classCount), placement: .finalStep)
    case .crossEntropyFinal:
      return CrossEntropyLoss(
        classes: Array(classes.suffix(p.batchSize)), readout: p.readout(classCount), placement: .finalStep)
    case .crossEntropyEveryStep:
      return CrossEntropyLoss(classes: classes, readout: p.readout(classCount), placement: .everyStep)
    case .finalSum, .meanSquaredErrorEveryStep, .task:
      preconditionFailure("no loss of a specification, or one that a task makes")
    }
  }
}
