import LinearAlgebra
import RecurrentCells
import SequenceTasks

extension LearningTask {
  /// The task's loss over the steps of a placement, through a readout.
  ///
  /// - Parameters:
  ///   - sample: of as many steps as the placement is of; classes or values as ``TaskSample`` has them.
  public func loss<Element: Scalar>(
    of sample: TaskSample<Element>, placement: LossPlacement, readout: Readout<Element>
  ) -> any SequenceLoss<Element> {
    switch objective {
    case .classification:
      return CrossEntropyLoss(classes: sample.classes, readout: readout, placement: placement)
    case .regression:
      return MeanSquaredErrorLoss(targets: sample.values, readout: readout, placement: placement)
    }
  }
}
