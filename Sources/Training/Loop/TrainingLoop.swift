import GradientDiagnostics
import LinearAlgebra
import RecurrentCells
import SequenceTasks

/// One network in training: draws the sequences of an update, runs them forward and back, clips, and steps.
///
/// The same plan, task and first weights give the same bits on one machine type, also where training is interrupted
/// between updates and resumes from a snapshot. Nothing is allocated inside a time loop.
///
/// - Complexity: an update is one pass, forward and back; under a step rule that clips, one more pass back, which tells
///   what the clip changed.
public struct TrainingLoop<Cell: RecurrentCell>: ~Copyable {
  public typealias Element = Cell.Element

  public let plan: TrainingPlan
  public let task: any LearningTask
  private let kind: CellKind
  private let schedule: WindowSchedule
  private let pass: ReusablePass<Cell>
  /// For the pieces without a loss before an update's window.
  private let reader: ReusablePass<Cell>
  private let penaltyProbe = ReusablePenalty<Element>()
  private let evaluator: TaskEvaluator<Cell>
  private var state: TrainingSnapshot<Element>
  /// The sequence that pieces are cut from.
  private var sequence: (number: Int, sample: TaskSample<Element>)?

  /// - Parameters:
  ///   - kind: the cell's, for what is measured in double precision.
  ///   - snapshot: where to resume.
  /// - Precondition: a penalty is of a plain RNN.
  public init(
    _ plan: TrainingPlan, task: any LearningTask, kind: CellKind, from snapshot: TrainingSnapshot<Element>
  ) {
    precondition(plan.penalty == nil || Cell.gateCount == 1, "the penalty is one of plain RNNs")
    self.plan = plan
    self.task = task
    self.kind = kind
    schedule = WindowSchedule(task: task, steps: plan.steps, truncation: plan.truncation)
    evaluator = TaskEvaluator(
      task: task, steps: plan.steps, size: plan.evaluationSize, rootSeed: plan.rootSeed)
    state = snapshot
    // A state that is carried on has to be on the tape.
    pass =
      plan.truncation == nil ? ReusablePass() : ReusablePass(tapeBudget: .max)
    reader = ReusablePass(tapeBudget: .max)
  }

  /// Updates made.
  public var iteration: Int { state.iteration }
  /// The network.
  public var weights: NetworkWeights<Element> { state.weights }
  /// What is needed to resume from here.
  public var snapshot: TrainingSnapshot<Element> { state }

  /// What the network makes of the test set; nil where its state or loss leaves the range.
  public func evaluate() throws(SequenceTaskError) -> TaskEvaluation? {
    try evaluator.evaluate(state.weights)
  }

  // MARK: - An update

  /// Makes one update.
  ///
  /// - Parameter detail: what to measure of it beside its account; nil for nothing.
  public mutating func update(
    observing detail: TrainingDetail? = nil
  ) throws(SequenceTaskError) -> UpdateOutcome {
    let number = state.iteration + 1
    let position = schedule.position(ofUpdate: number)
    let sample = try drawnSequence(position.sequence)
    if let lost = readOn(to: position, in: sample, update: number) { return .diverged(lost) }
    let window = schedule.window(
      position.piece, of: task, sequence: sample, batch: plan.batch,
      inputSize: state.weights.recurrent.inputSize)
    let initial = window.startsSequence ? nil : state.carried
    run(window, from: initial)
    if let step = pass.divergedAt {
      return .diverged(TrainingEvent(kind: .state, iteration: number, step: step))
    }
    let loss = task.loss(of: window.sample, placement: window.placement, readout: state.weights.readout)
    var walked = walkBack(from: loss, over: window, profiling: detail == nil ? nil : number)
    let gradient = ClippedGradients(
      plan.clip, clipped: walked.clipped, unclipped: walked.unclipped, penalty: walked.penalty)
    if let detail, var profile = walked.profile {
      measure(
        detail, of: window, from: initial, loss: loss, walked: walked, gradient: gradient, into: &profile)
      walked.profile = profile
    }
    return step(number, along: gradient, walked: walked, loss: loss, window: window)
  }

  /// Changes the weights, unless numbers have left their range.
  private mutating func step(
    _ number: Int, along gradient: ClippedGradients<Element>, walked: Walked, loss: any SequenceLoss<Element>,
    window: TrainingWindow<Element>
  ) -> UpdateOutcome {
    guard walked.unclipped.loss.isFinite else {
      return .diverged(TrainingEvent(kind: .loss, iteration: number, step: window.steps))
    }
    let limit = ScaledNumber(Double(Element.greatestFiniteMagnitude))
    var event: TrainingEvent?
    if !(gradient.normBefore < limit) {
      event = TrainingEvent(
        kind: .gradient, iteration: number, step: farthestStep(of: loss, under: .none, beyond: limit))
    }
    guard gradient.normAfter < limit else {
      let step = farthestStep(of: loss, under: plan.clip.stepClip, beyond: limit)
      return .diverged(event ?? TrainingEvent(kind: .gradient, iteration: number, step: step))
    }
    let rate = plan.learningRate(update: number)
    let change = state.optimiser.step(
      &state.weights, gradient.unscaled, factor: gradient.factor, learningRate: rate)
    guard change.isFinite, state.weights.isFinite, state.optimiser.isFinite else {
      let step = farthestStep(of: loss, under: plan.clip.stepClip, beyond: limit)
      return .diverged(TrainingEvent(kind: .weights, iteration: number, step: step))
    }
    state.iteration = number
    state.carried = window.carriesAfter.flatMap { pass.state($0) }
    return .updated(
      UpdateAccount(
        iteration: number, loss: walked.unclipped.loss, omega: walked.omega, normBefore: gradient.normBefore,
        normAfter: gradient.normAfter, clippedShare: gradient.clippedFraction, cosine: gradient.cosine,
        learningRate: rate, updateNorm: change, event: event), walked.profile)
  }

  // MARK: - Sequences

  /// A whole sequence; nil for a stream, whose pieces come one by one.
  private mutating func drawnSequence(_ number: Int) throws(SequenceTaskError) -> TaskSample<Element>? {
    if plan.truncation != nil, task is any StreamTask { return nil }
    if let sequence, sequence.number == number { return sequence.sample }
    let sample = try task.sample(
      Element.self, steps: plan.steps, batch: plan.batch,
      draw: SampleDraw(rootSeed: plan.rootSeed, seed: plan.seed, use: .training(iteration: number + 1)))
    if plan.truncation != nil { sequence = (number, sample) }
    return sample
  }

  /// Reads the pieces between the state that is carried and an update's window; returns the event if the state leaves
  /// its range on the way.
  private mutating func readOn(
    to position: WindowSchedule.Position, in sample: TaskSample<Element>?, update: Int
  ) -> TrainingEvent? {
    guard let sample else { return nil }
    let shape = shape(steps: schedule.k1)
    for piece in schedule.piecesToRead(before: position) {
      reader.run(
        Cell(parameters: state.weights.recurrent), shape: shape,
        inputs: schedule.inputs(of: piece, in: sample, width: plan.batch * shape.inputSize),
        initialState: piece == 0 ? nil : state.carried)
      if let step = reader.divergedAt { return TrainingEvent(kind: .state, iteration: update, step: step) }
      state.carried = reader.state(schedule.k1)
    }
    return nil
  }

  private func run(_ window: TrainingWindow<Element>, from initial: InitialState<Element>?) {
    pass.run(
      Cell(parameters: state.weights.recurrent), shape: shape(steps: window.steps),
      inputs: window.sample.inputs, initialState: initial)
  }

  private func shape(steps: Int) -> SequenceShape {
    SequenceShape(
      steps: steps, batch: plan.batch, inputSize: state.weights.recurrent.inputSize,
      hiddenSize: state.weights.recurrent.hiddenSize)
  }

  // MARK: - Backward

  private struct Walked {
    let clipped, unclipped: BackwardResult<Element>
    let omega: Double?
    let penalty: ScaledArray<Element>?
    var profile: TrainingProfile?
  }

  /// The way back, with the penalty where there is one and the norms of each step where they are asked for.
  ///
  /// - Parameter iteration: of the profile; nil for none.
  private func walkBack(
    from loss: any SequenceLoss<Element>, over window: TrainingWindow<Element>, profiling iteration: Int?
  ) -> Walked {
    let (clip, shape) = (plan.clip.stepClip, shape(steps: window.steps))
    var omega: Double?
    var penalty: ScaledArray<Element>?
    var profile: TrainingProfile?
    let clipped = pass.with { pass in
      switch (plan.penalty, iteration) {
      case (nil, nil):
        return pass.backward(loss: loss, clip: clip)
      case (nil, let iteration?):
        var norms = StateGradientNorms<Element>(shape: shape, carriesCellState: Cell.carriesCellState)
        let result = pass.backward(loss: loss, clip: clip, calling: &norms)
        profile = TrainingProfile(iteration: iteration, steps: shape.steps, norms)
        return result
      case (let rule?, nil):
        let kept = penaltyProbe.probe(of: rule, shape)
        let result = pass.backward(loss: loss, clip: clip, calling: &kept.value)
        (omega, penalty) = rule.value(kept.value, batch: shape.batch)
        return result
      case (let rule?, let iteration?):
        var probe = ProbePair(
          StateGradientNorms<Element>(shape: shape, carriesCellState: Cell.carriesCellState),
          rule.probe(shape))
        let result = pass.backward(loss: loss, clip: clip, calling: &probe)
        profile = TrainingProfile(iteration: iteration, steps: shape.steps, probe.first)
        (omega, penalty) = rule.value(probe.second, batch: shape.batch)
        return result
      }
    }
    // What an unclipped recursion would give is needed only where something was clipped.
    let unclipped = clipped.clippedFraction > 0 ? pass.with { $0.backward(loss: loss) } : clipped
    return Walked(clipped: clipped, unclipped: unclipped, omega: omega, penalty: penalty, profile: profile)
  }

  /// The step of the largest ∂L/∂h_t under a clip, or the first one on the way back that is beyond a limit.
  private func farthestStep(
    of loss: any SequenceLoss<Element>, under clip: StepClip, beyond limit: ScaledNumber
  ) -> Int {
    pass.with { pass in
      var norms = StateGradientNorms<Element>(shape: pass.shape, carriesCellState: Cell.carriesCellState)
      _ = pass.backward(loss: loss, clip: clip, calling: &norms)
      let hidden = norms.hidden
      let times = (1...pass.shape.steps).reversed()
      if let first = times.first(where: { !(hidden[$0] < limit.log10) }) { return first }
      return times.max { hidden[$0] < hidden[$1] } ?? pass.shape.steps
    }
  }

  // MARK: - Observation

  /// Adds to a profile what a detail asks for beside the norms of the way back.
  private func measure(
    _ detail: TrainingDetail, of window: TrainingWindow<Element>, from initial: InitialState<Element>?,
    loss: any SequenceLoss<Element>, walked: Walked, gradient: ClippedGradients<Element>,
    into profile: inout TrainingProfile
  ) {
    guard detail != .light else { return }
    let steps = pass.with { $0.diagnose(loss: loss, clip: plan.clip.stepClip).steps }
    profile.preactivation = steps.preactivation
    profile.weightHH = steps.weightHH
    profile.weightIH = steps.weightIH
    profile.biasIH = steps.biasIH
    if gradient.clippedFraction > 0 {
      profile.cutShares =
        pass.with { pass in
          CutShares(
            plan.clip, unclipped: walked.unclipped.gradients.weightHH,
            clipped: walked.clipped.gradients.weightHH, whole: gradient.whole.weightHH, pass: &pass,
            loss: loss)
        }.shares
    }
    measureGates(detail, of: window, from: initial, steps: steps, into: &profile)
    let blocks = Cell.gates.indices.map { state.weights.recurrent.recurrentBlock($0) }
    profile.spectralRadius = blocks.compactMap { try? $0.spectralRadius() }.max()
    profile.sigmaMax = blocks.compactMap { try? $0.singularValues().first }.max()
    if detail == .full {
      var stream = RandomStream(rootSeed: 0, trialSeed: 0, purpose: .tangentVectors)
      profile.lyapunovRate = pass.with { $0.trajectoryRates(elements: 1, stream: &stream) }.lyapunov
    }
  }

  private func measureGates(
    _ detail: TrainingDetail, of window: TrainingWindow<Element>, from initial: InitialState<Element>?,
    steps: StepGradients, into profile: inout TrainingProfile
  ) {
    let gates = Cell.gates
    let activity = kind.accept(
      GateSaturation(
        parameters: state.weights.recurrent.converted(to: Double.self), shape: shape(steps: window.steps),
        inputs: Element.doubles(window.sample.inputs),
        initialState: initial.map {
          InitialState(hidden: Element.doubles($0.hidden), cell: $0.cell.map(Element.doubles))
        }))
    for (g, gate) in gates.enumerated() {
      if let activity {
        let shares = activity.bySteps.column(g, of: gates.count).compactMap(\.saturated)
        if !shares.isEmpty { profile.saturation[gate] = shares }
      }
      if detail == .full {
        profile.preactivationByGate[gate] = steps.preactivationByGate.column(g, of: gates.count)
      }
    }
    if detail == .full, let activity, !activity.log10Memory.isEmpty { profile.memory = activity.log10Memory }
  }
}
