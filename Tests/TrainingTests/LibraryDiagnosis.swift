import GradientFlow

/// The instrumented backward pass of a network on one sample, with the loss made here.
struct LibraryDiagnosis<Element: Scalar>: CellVisitor {
  let weights: Network<Element>
  let task: any LearningTask
  let sample: TaskSample<Element>
  let steps, batch: Int
  var clip = StepClip.none

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> GradientDiagnosis<Element>
  where Cell.Element == Element {
    var pass = SequencePass(
      cell: Cell(parameters: weights.only),
      shape: SequenceShape(
        steps: steps, batch: batch, inputSize: weights.only.inputSize,
        hiddenSize: weights.only.hiddenSize),
      inputs: sample.inputs.dense)
    let placement = task.placement(steps: steps)
    if task.objective == .classification {
      return pass.diagnose(
        loss: CrossEntropyLoss(classes: sample.classes, readout: weights.readout, placement: placement),
        clip: clip)
    }
    return pass.diagnose(
      loss: MeanSquaredErrorLoss(targets: sample.values, readout: weights.readout, placement: placement),
      clip: clip)
  }
}
