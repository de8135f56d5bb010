import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// The ways back through a model that has been passed, from its loss, whatever that is.
struct WayBack<Cell: RecurrentCell> where Cell.Element == Double {
  private let pass: NetworkPass<Cell>
  private let source: Source
  private let shape: BatchShape
  /// Gradients of a head's parameters; empty without a head.
  let headParameters: [HeadParameter]
  /// What the last layer gives [rows, D·H].
  let outputs: [Double]
  private let absent: Set<String>

  private enum Source {
    case loss(any SequenceLoss<Double>, FinalReading)
    case upstream(NetworkUpstream<Double>)
  }

  /// - Precondition: the pass did not diverge.
  init(_ problem: ModelProblem, _ pass: NetworkPass<Cell>) {
    self.pass = pass
    shape = problem.data.shape
    outputs = pass.outputs
    absent = problem.absent
    switch problem.loss {
    case .sequence(let loss, let reading):
      source = .loss(loss, reading)
      headParameters = []
    case .head(let head):
      let last = pass.layers[pass.layers.count - 1]
      let found = head.gradients(
        of: NetworkOutputs(
          shape: shape, layerCount: pass.layers.count, directions: last.count, outputs: outputs,
          finalStates: last.compactMap { $0.finalState?.hidden }))
      source = .upstream(found.upstream)
      headParameters = found.parameters
    case .upstream(let upstream):
      source = .upstream(upstream)
      headParameters = []
    }
  }

  /// Whether gradients came from elsewhere without the loss.
  var hasUnknownLoss: Bool {
    if case .upstream(let upstream) = source { return upstream.loss == nil }
    return false
  }

  /// Walks all layers, from the last to the first.
  func back(
    givesInputs: Bool = false, _ visit: (LayerWalk<Cell>) throws -> BackwardResult<Double>
  ) rethrows -> NetworkBackwardResult<Double> {
    let found =
      switch source {
      case .loss(let loss, let reading):
        try pass.backward(loss: loss, reading: reading, givesInputs: givesInputs, visit)
      case .upstream(let upstream):
        try pass.backward(upstream: upstream, givesInputs: givesInputs, visit)
      }
    guard !headParameters.isEmpty || !absent.isEmpty else { return found }
    var entries = found.gradients.entries.filter { !absent.contains($0.name) }
    for parameter in headParameters {
      // A head that reads through the embedding has its parameter.
      if let k = entries.firstIndex(where: { $0.name == parameter.name }) {
        entries[k].gradient = entries[k].gradient.adding(parameter.gradient)
      } else {
        entries.append(NetworkGradients.Entry(name: parameter.name, gradient: parameter.gradient))
      }
    }
    var whole = NetworkBackwardResult(
      loss: found.loss, gradients: NetworkGradients(entries: entries),
      clippedFraction: found.clippedFraction)
    whole.inputs = found.inputs
    whole.sourceInputs = found.sourceInputs
    whole.initialStates = found.initialStates
    return whole
  }

  /// Walks all layers with what enters at one step of the sequence.
  func back(
    from step: Int, _ visit: (LayerWalk<Cell>) throws -> BackwardResult<Double>
  ) rethrows -> NetworkBackwardResult<Double> {
    switch source {
    case .loss(let loss, let reading):
      return try pass.backward(loss: StepLoss(whole: loss, step: step), reading: reading, visit)
    case .upstream(let upstream):
      return try pass.backward(upstream: upstream.only(step: step, of: shape), visit)
    }
  }
}
