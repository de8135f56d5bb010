import GradientFlow

/// A network with its data and loss: what a trial, a reference case and a trained network have in common.
public struct GradientProblem<Element: Scalar>: Sendable {
  public var network: Network<Element>
  /// What it is run on; where there is a washout, with the states before that.
  public var inputs: NetworkInputs<Element>
  /// Inputs of W steps before the measured ones, of as many sequences, which are not differentiated through; nil for none.
  public var washout: SequenceInputs<Element>?
  /// L.
  public var loss: any SequenceLoss<Element>

  public init(
    network: Network<Element>, inputs: NetworkInputs<Element>, washout: SequenceInputs<Element>? = nil,
    loss: any SequenceLoss<Element>
  ) {
    self.network = network
    self.inputs = inputs
    self.washout = washout
    self.loss = loss
  }

  /// One recurrent layer, read forward, on sequences of one length.
  ///
  /// - Parameter inputs: x [T, B, I].
  public init(
    cell: CellKind, shape: SequenceShape, parameters: RecurrentParameters<Element>,
    inputs: [Element], initialState: InitialState<Element>? = nil, loss: any SequenceLoss<Element>
  ) {
    self.init(
      network: Network(
        cell: cell, parameters: parameters,
        readout: loss.readout
          ?? Readout(weight: Matrix(rows: 0, columns: parameters.hiddenSize), bias: [])),
      inputs: NetworkInputs(
        shape: BatchShape(steps: shape.steps, batch: shape.batch, lengths: shape.lengths),
        inputs: .dense(inputs), initialState: initialState.map { NetworkState($0) }), loss: loss)
  }

  /// Forward, then backward under the clip; under a step clip also once without it, to tell what it changed.
  ///
  /// - Parameter following: how many of the first batch elements are followed for ``TrajectoryRates``; 0 for none.
  public func diagnose(clip: GradientClip = .none, following: Int = 0) -> ProblemOutcome<Element> {
    network.cell.accept(ProblemDiagnosis(problem: self, clip: clip, following: following))
  }

  /// Every state and gradient of the last layer as plain numbers, for small networks; nil if the forward pass diverged.
  public func record(clip: StepClip = .none) -> ProblemTensors? {
    network.cell.accept(ProblemRecording(problem: self, clip: clip))
  }

  /// What the network is run on once the washout has been run; nil where that diverged.
  fileprivate func start<Cell: RecurrentCell>(_ type: Cell.Type) -> Result<NetworkInputs<Element>, Diverged>
  where Cell.Element == Element {
    guard let washout else { return .success(inputs) }
    switch Washout(inputs: washout).run(network, type, batch: inputs.shape.batch, from: inputs.initialState) {
    case .state(let state):
      var inputs = inputs
      inputs.initialState = state
      return .success(inputs)
    case .diverged(let found): return .failure(Diverged(found: found))
    }
  }
}

private struct Diverged: Error {
  let found: NetworkDivergence
}

private struct ProblemDiagnosis<Element: Scalar>: CellVisitor {
  let problem: GradientProblem<Element>
  let clip: GradientClip
  let following: Int

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> ProblemOutcome<Element>
  where Cell.Element == Element {
    let inputs: NetworkInputs<Element>
    switch problem.start(type) {
    case .success(let found): inputs = found
    case .failure(let error): return .diverged(error.found)
    }
    let pass = NetworkPass<Cell>()
    pass.run(problem.network, on: inputs)
    if let divergence = pass.divergence { return .diverged(divergence) }
    var layers: [LayerGradients] = []
    let unclipped = pass.backward(loss: problem.loss) { walk in
      let found = walk.diagnose()
      layers.append(LayerGradients(walk.place, found.steps, rates: rates(walk.layer)))
      return found.result
    }
    layers.sort { $0.place < $1.place }
    var clipped = unclipped
    if clip.stepClip != .none {
      clipped = pass.backward(loss: problem.loss) { walk in
        let found = walk.diagnose(clip: clip.stepClip)
        if let layer = layers.firstIndex(where: { $0.place == walk.place }) {
          layers[layer].steps = found.steps
        }
        return found.result
      }
    }
    return .gradients(
      ProblemGradients(
        layers: layers, loss: unclipped.loss,
        clipping: ClippedGradients(clip, clipped: clipped, unclipped: unclipped)))
  }

  /// Of the first sequences of a layer, as far as they have every step.
  private func rates<Cell: RecurrentCell>(_ layer: LayerPass<Cell>) -> TrajectoryRates? {
    let shape = layer.pass.shape
    let count = min(following, shape.lengths?.fullCount ?? shape.batch)
    guard count > 0 else { return nil }
    var stream = RandomStream(
      rootSeed: 0, trialSeed: 0, purpose: .tangentVectors, part: layer.place.streamPart)
    return layer.pass.trajectoryRates(elements: count, stream: &stream)
  }
}

private struct ProblemRecording<Element: Scalar>: CellVisitor {
  let problem: GradientProblem<Element>
  let clip: StepClip

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> ProblemTensors?
  where Cell.Element == Element {
    guard case .success(let inputs) = problem.start(type) else { return nil }
    let pass = NetworkPass<Cell>(tapeBudget: .max)
    pass.run(problem.network, on: inputs)
    if pass.divergence != nil { return nil }
    var tensors: ProblemTensors?
    _ = pass.backward(loss: problem.loss) { walk in
      guard walk.place == problem.network.mainPlace else { return walk.backward(clip: clip) }
      let shape = walk.layer.pass.shape
      var recorder = GradientRecorder<Element>(
        shape: shape, gateCount: Cell.gateCount, carriesCellState: Cell.carriesCellState)
      let result = walk.backward(clip: clip, calling: &recorder)
      let times = 0...shape.steps
      tensors = ProblemTensors(
        hidden: times.flatMap { Element.doubles(walk.layer.pass.hiddenState($0) ?? []) },
        cell: times.flatMap { Element.doubles(walk.layer.pass.cellState($0) ?? []) },
        gradients: recorder.gradients)
      return result
    }
    return tensors
  }
}

extension Network {
  /// The layer that a network is spoken of by: the last one, read forward; of an encoder and a decoder, the decoder's.
  package var mainPlace: LayerPlace {
    LayerPlace(part: encoder == nil ? nil : .decoder, layer: recurrent.layers.count - 1)
  }
}

/// What a backward pass found, or that there was none.
public enum ProblemOutcome<Element: Scalar>: Sendable {
  /// The state of a layer left the range of `Element` at this step, 0 or less in the washout; gradients have no meaning.
  case diverged(NetworkDivergence)
  /// Norms, loss and whole gradients.
  case gradients(ProblemGradients<Element>)
}

/// What was measured of one layer in one direction.
public struct LayerGradients: Sendable {
  public let place: LayerPlace
  /// Norms of the recursion without a step clip.
  public let unclippedSteps: StepGradients
  /// Norms of the recursion that was asked for; the same unless there is a step clip.
  public fileprivate(set) var steps: StepGradients
  /// Rates of the trajectory itself, where they were asked for and there is one of every step.
  public let rates: TrajectoryRates?

  fileprivate init(_ place: LayerPlace, _ steps: StepGradients, rates: TrajectoryRates?) {
    (self.place, self.steps, unclippedSteps, self.rates) = (place, steps, steps, rates)
  }

  /// Whether every norm is a number.
  fileprivate var isFinite: Bool {
    steps.areNumbers && unclippedSteps.hidden.allSatisfy { $0 < .infinity }
  }
}

/// Everything measured on one problem.
public struct ProblemGradients<Element: Scalar>: Sendable {
  /// Of every layer and direction, in the order of ``LayerPlace``.
  public let layers: [LayerGradients]
  /// L.
  public let loss: Double
  /// Whole gradients before and after clipping.
  public let clipping: ClippedGradients<Element>

  /// Those of the last layer, read forward: of a network with one layer, all there are.
  public var main: LayerGradients {
    guard let main = layers.last(where: { $0.place.direction == .forward }) else {
      preconditionFailure("a network has a layer")
    }
    return main
  }

  /// See ``LayerGradients``.
  public var steps: StepGradients { main.steps }
  public var unclippedSteps: StepGradients { main.unclippedSteps }
  public var rates: TrajectoryRates? { main.rates }

  /// Whether the loss and every gradient are numbers. They may not be where weights, a readout or a factor of
  /// the backward pass leave the range of `Element` although every state is inside it.
  public var isFinite: Bool {
    loss.isFinite && clipping.normBefore.isFinite && clipping.normAfter.isFinite
      && layers.allSatisfy(\.isFinite)
  }
}

/// States and gradients, whole.
public struct ProblemTensors: Sendable {
  /// h_t and c_t [T+1, B, H]; c empty for a cell without it.
  public let hidden, cell: [Double]
  /// Gradients of every step.
  public let gradients: RecordedGradients
}
