import GradientFlow
import Machine
import Trials

extension ModelProblem {
  /// The network of a reference case.
  public init(_ reference: ReferenceCase, clip: GradientClip = .none) {
    let problem = reference.problem(Double.self)
    self.init(
      name: reference.name,
      model: RecurrentModel(cell: reference.cell, parameters: reference.parameters),
      steps: reference.shape.steps, batch: reference.shape.batch, inputs: reference.inputs,
      initialStates: reference.initialState.map { [[$0]] }, loss: problem.loss)
    self.clip = clip
  }

  /// - Throws: ``CaseError`` where memory would not hold the passes.
  public func checkMemory() throws {
    let cost = TrialCost(
      cell: model.cell,
      shape: SequenceShape(
        steps: steps, batch: batch, inputSize: max(model.inputSize, model.outputSize),
        hiddenSize: model.hiddenSize), elementSize: 8, clips: clip.stepClip != .none,
      outputs: loss.readout?.outputSize ?? 0)
    let passes = model.layers.count * model.directions.count
    try MachineLimits.checkMemory(cost.memory * Double(passes), of: name)
  }
}
