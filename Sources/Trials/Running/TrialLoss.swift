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
      let sample = try learning.sample(
        type, steps: p.sequenceLength, batch: p.batchSize, rootSeed: p.rootSeed, seed: p.seed)
      return (
        sample.inputs,
        learning.loss(
          of: sample, placement: learning.placement(steps: p.sequenceLength),
          readout: readout(learning.outputSize))
      )
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

  private func loss<Element: Scalar>(
    classes: [Int], classCount: Int
  ) -> any SequenceLoss<Element> {
    var targets = RandomStream(rootSeed: p.rootSeed, trialSeed: p.seed, purpose: .targets)
    switch p.loss {
    case .finalDot:
      return FinalDotLoss(direction: Element.array(targets.normals(p.hiddenSize)))
    case .finalMeanSquaredError:
      return MeanSquaredErrorLoss(
        targets: Element.array(targets.normals(p.batchSize * classCount)),
        readout: readout(classCount), placement: .finalStep)
    case .crossEntropyFinal:
      return CrossEntropyLoss(
        classes: Array(classes.suffix(p.batchSize)), readout: readout(classCount),
        placement: .finalStep)
    case .crossEntropyEveryStep:
      return CrossEntropyLoss(
        classes: classes, readout: readout(classCount), placement: .everyStep)
    case .finalSum, .meanSquaredErrorEveryStep, .task:
      preconditionFailure("no loss of a specification, or one that a task makes")
    }
  }

  /// W_o ~ N(0, 1/H), b_o = 0.
  private func readout<Element: Scalar>(_ size: Int) -> Readout<Element> {
    var stream = RandomStream(rootSeed: p.rootSeed, trialSeed: p.seed, purpose: .readout)
    let sd = 1 / Double(p.hiddenSize).squareRoot()
    let weight = stream.normals(size * p.hiddenSize, standardDeviation: sd)
    return Readout(
      weight: Matrix(rows: size, columns: p.hiddenSize, values: Element.array(weight)),
      bias: [Element](repeating: 0, count: size))
  }
}
