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

}

extension StackProblem {
  /// The network of a reference case.
  public init(_ reference: ReferenceCase, clip: GradientClip = .none) {
    let problem = ModelProblem(reference, clip: clip)
    self.init(
      name: problem.name, modules: [Module(name: problem.name, network: problem.network)], data: problem.data,
      loss: problem.loss)
    self.clip = clip
  }

  /// - Throws: `ResourceError` where memory would not hold the passes of a module.
  public func checkMemory() throws {
    for module in modules {
      let model = module.network.recurrent
      let cost = TrialCost(
        cell: model.cell,
        shape: SequenceShape(
          steps: data.shape.steps, batch: data.shape.batch, inputSize: max(model.inputSize, model.outputSize),
          hiddenSize: model.hiddenSize), elementSize: 8, clips: clip.stepClip != .none,
        outputs: loss.readout?.outputSize ?? 0)
      let passes = model.layers.count * model.directions.count
      try MachineLimits.checkMemory(cost.memory * Double(passes), of: module.name)
    }
  }
}
