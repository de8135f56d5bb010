import GradientFlow
import Specification

/// Inputs and loss of a trial. Targets and v are drawn by seed, each from its own stream, so that every cell, radius and
/// clip of one seed sees the same.
struct TrialLoss<Element: Scalar> {
  let p: TrialParameters
  let task: TrialTask
  let samples: TrialSampleCache

  /// What a network is run on, and the loss of what it gives.
  func sample(
    for network: Network<Element>
  ) throws(SequenceTaskError) -> (inputs: NetworkInputs<Element>, loss: any SequenceLoss<Element>) {
    if p.loss.isOfTask {
      guard let learning = task.learning(p) else { preconditionFailure("the loss of a task that has none") }
      return try Self.sample(of: learning, p, readout: network.readout)
    }
    let inputs: NetworkInputs<Element>
    let sample: TaskSample<Element>
    if let text = task.text {
      sample = try text.sample(Element.self, of: p)
      inputs = NetworkInputs(shape: text.shape(of: sample, p), inputs: sample.inputs)
    } else {
      let noise = GaussianNoise(
        inputSize: task.inputSize(p), classCount: p.loss.needsClasses ? task.outputSize(p) : nil)
      sample = try samples.sample(noise, p, Element.self)
      inputs = NetworkInputs(shape: noise.shape(of: sample, p), inputs: sample.inputs)
    }
    return (inputs, loss(classes: sample.classes, network))
  }

  /// Inputs of a task with its own loss.
  static func sample(
    of task: any LearningTask, _ p: TrialParameters, readout: Readout<Element>
  ) throws(SequenceTaskError) -> (inputs: NetworkInputs<Element>, loss: any SequenceLoss<Element>) {
    let sample = try task.sample(Element.self, of: p)
    let placement = task.placement(steps: p.lengths?.steps ?? p.sequenceLength, lengths: sample.lengths)
    let inputs = NetworkInputs(
      shape: task.shape(of: sample, p), inputs: sample.inputs,
      source: sample.source.map { ($0.shape, $0.inputs) })
    return (inputs, task.loss(of: sample, placement: placement, readout: readout))
  }

  private func loss(classes: [Int], _ network: Network<Element>) -> any SequenceLoss<Element> {
    var targets = p.stream(.targets)
    let readout = network.readout
    switch p.loss {
    case .finalDot:
      return FinalDotLoss(direction: Element.array(targets.normals(network.recurrent.outputSize)))
    case .finalMeanSquaredError:
      return MeanSquaredErrorLoss(
        targets: Element.array(targets.normals(p.batchSize * readout.outputSize)), readout: readout,
        placement: .finalStep)
    case .crossEntropyFinal:
      return CrossEntropyLoss(
        classes: Array(classes.suffix(p.batchSize)), readout: readout, placement: .finalStep)
    case .crossEntropyEveryStep:
      return CrossEntropyLoss(classes: classes, readout: readout, placement: .everyStep)
    case .finalSum, .meanSquaredErrorEveryStep, .binaryCrossEntropyFinal, .binaryCrossEntropyEveryStep, .task:
      preconditionFailure("no loss of a specification, or one that a task makes")
    }
  }
}
