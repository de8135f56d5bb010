import GradientFlow

/// A network with its data and loss, of any cell: what a trial, a reference case and a user's model have in
/// common.
public struct GradientProblem<Element: Scalar>: Sendable {
  /// Which cell.
  public var cell: CellKind
  /// Sizes.
  public var shape: SequenceShape
  /// Weights.
  public var parameters: RecurrentParameters<Element>
  /// x [T, B, I].
  public var inputs: [Element]
  /// h_0, c_0, or the state before the washout where there is one; zero if nil.
  public var initialState: InitialState<Element>?
  /// Inputs [W, B, I] of W steps before the measured ones, which are not differentiated through; empty for none.
  public var washout: [Element]
  /// L.
  public var loss: any SequenceLoss<Element>

  public init(
    cell: CellKind, shape: SequenceShape, parameters: RecurrentParameters<Element>,
    inputs: [Element], initialState: InitialState<Element>? = nil, washout: [Element] = [],
    loss: any SequenceLoss<Element>
  ) {
    self.cell = cell
    self.shape = shape
    self.parameters = parameters
    self.inputs = inputs
    self.initialState = initialState
    self.washout = washout
    self.loss = loss
  }

  /// Forward, then backward under the clip; under a step clip also once without it, to tell what it changed.
  ///
  /// - Parameter following: how many of the first batch elements are followed for ``TrajectoryRates``; 0 for none.
  public func diagnose(clip: GradientClip = .none, following: Int = 0) -> ProblemOutcome<Element> {
    cell.accept(ProblemDiagnosis(problem: self, clip: clip, following: min(following, shape.batch)))
  }

  /// Every state and gradient as plain numbers, for small networks; nil if the forward pass diverged.
  public func record(clip: StepClip = .none) -> ProblemTensors? {
    cell.accept(ProblemRecording(problem: self, clip: clip))
  }
}

private struct ProblemDiagnosis<Element: Scalar>: CellVisitor {
  let problem: GradientProblem<Element>
  let clip: GradientClip
  let following: Int

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> ProblemOutcome<Element>
  where Cell.Element == Element {
    let cell = Cell(parameters: problem.parameters)
    let start: InitialState<Element>?
    switch Washout(inputs: problem.washout).run(cell, shape: problem.shape, from: problem.initialState) {
    case .state(let state): start = state
    case .diverged(let step): return .diverged(step: step)
    }
    var pass = SequencePass(
      cell: cell, shape: problem.shape, inputs: problem.inputs, initialState: start)
    if let step = pass.divergedAt { return .diverged(step: step) }
    let unclipped = pass.diagnose(loss: problem.loss)
    let clipped =
      clip.stepClip == .none ? unclipped : pass.diagnose(loss: problem.loss, clip: clip.stepClip)
    var rates: TrajectoryRates?
    if following > 0 {
      var stream = RandomStream(rootSeed: 0, trialSeed: 0, purpose: .tangentVectors)
      rates = pass.trajectoryRates(elements: following, stream: &stream)
    }
    return .gradients(
      ProblemGradients(
        unclippedSteps: unclipped.steps, steps: clipped.steps, loss: unclipped.result.loss, rates: rates,
        clipping: ClippedGradients(clip, clipped: clipped.result, unclipped: unclipped.result)))
  }
}

private struct ProblemRecording<Element: Scalar>: CellVisitor {
  let problem: GradientProblem<Element>
  let clip: StepClip

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> ProblemTensors?
  where Cell.Element == Element {
    let shape = problem.shape
    let cell = Cell(parameters: problem.parameters)
    guard
      case .state(let start) = Washout(inputs: problem.washout).run(
        cell, shape: shape, from: problem.initialState)
    else { return nil }
    var pass = SequencePass(
      cell: cell, shape: shape, inputs: problem.inputs, initialState: start, tapeBudget: .max)
    if pass.divergedAt != nil { return nil }
    var recorder = GradientRecorder<Element>(
      shape: shape, gateCount: Cell.gateCount, carriesCellState: Cell.carriesCellState)
    _ = pass.backward(loss: problem.loss, clip: clip, calling: &recorder)
    let times = 0...shape.steps
    return ProblemTensors(
      hidden: times.flatMap { Element.doubles(pass.hiddenState($0) ?? []) },
      cell: times.flatMap { Element.doubles(pass.cellState($0) ?? []) }, gradients: recorder.gradients)
  }
}

/// What a backward pass found, or that there was none.
public enum ProblemOutcome<Element: Scalar>: Sendable {
  /// The state left the range of `Element` at this step, 0 or less in the washout; gradients have no meaning.
  case diverged(step: Int)
  /// Norms, loss and whole gradients.
  case gradients(ProblemGradients<Element>)
}

/// Everything measured on one problem.
public struct ProblemGradients<Element: Scalar>: Sendable {
  /// Norms of the recursion without a step clip.
  public let unclippedSteps: StepGradients
  /// Norms of the recursion that was asked for; the same unless there is a step clip.
  public let steps: StepGradients
  /// L.
  public let loss: Double
  /// Rates of the trajectory itself, where they were asked for.
  public let rates: TrajectoryRates?
  /// Whole gradients before and after clipping.
  public let clipping: ClippedGradients<Element>

  /// Whether the loss and every gradient are numbers. They may not be where weights, a readout or a factor of
  /// the backward pass leave the range of `Element` although every state is inside it.
  public var isFinite: Bool {
    let norms = [
      steps.hidden, steps.cell, steps.preactivation, steps.recurrentPreactivation, steps.weightHH,
      steps.weightIH, steps.biasIH, steps.biasHH, unclippedSteps.hidden,
    ]
    return loss.isFinite && clipping.normBefore.isFinite && clipping.normAfter.isFinite
      && norms.allSatisfy { $0.allSatisfy { $0 < .infinity } }
  }
}

/// States and gradients, whole.
public struct ProblemTensors: Sendable {
  /// h_t and c_t [T+1, B, H]; c empty for a cell without it.
  public let hidden, cell: [Double]
  /// Gradients of every step.
  public let gradients: RecordedGradients
}
