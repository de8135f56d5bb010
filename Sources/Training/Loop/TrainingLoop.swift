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
  private let schedule: WindowSchedule
  private let pass: NetworkPass<Cell>
  /// For the pieces without a loss before an update's window.
  private let reader = NetworkPass<Cell>(tapeBudget: .max)
  private let penaltyProbe = ReusablePenalty<Element>()
  private let evaluator: TaskEvaluator<Cell>
  /// Of a task that is tested on a text that is read in order.
  private let heldOut: HeldOutParts?
  private var state: TrainingSnapshot<Element>
  /// The sequence that pieces are cut from.
  private var sequence: (number: Int, drawn: DrawnSample<Element>)?

  /// - Parameter snapshot: where to resume.
  /// - Precondition: a penalty is of a plain RNN of one layer; truncated sequences have one length, and their network no
  ///   encoder and no direction but forward.
  public init(_ plan: TrainingPlan, task: any LearningTask, from snapshot: TrainingSnapshot<Element>) {
    let network = snapshot.network
    precondition(
      plan.penalty == nil || (Cell.gateCount == 1 && network.places == [LayerPlace(layer: 0)]),
      "the penalty is one of plain RNNs of one layer")
    precondition(
      plan.truncation == nil
        || (plan.shortestLength == nil && network.encoder == nil
          && network.recurrent.directions == [.forward]),
      "sequences of one length that are read forward are cut into pieces, no others")
    self.plan = plan
    self.task = task
    schedule = WindowSchedule(task: task, steps: plan.steps, truncation: plan.truncation)
    evaluator = TaskEvaluator(
      task: task, steps: plan.steps, shortest: plan.shortestLength, size: plan.evaluationSize,
      rootSeed: plan.rootSeed)
    heldOut = (task as? any StreamTask).flatMap { HeldOutParts($0) }
    state = snapshot
    // A state that is carried on has to be on the tape.
    pass = plan.truncation == nil ? NetworkPass() : NetworkPass(tapeBudget: .max)
  }

  /// Updates made.
  public var iteration: Int { state.iteration }
  /// The network.
  public var network: Network<Element> { state.network }
  /// What is needed to resume from here.
  public var snapshot: TrainingSnapshot<Element> { state }

  /// What the network makes of the test set; nil where its state or loss leaves the range. A tenth of the set is enough
  /// where the task is far from solved.
  ///
  /// Of a text that is read in order: of its validation part, as many tokens as the test set's sequences have.
  public func evaluate() throws(SequenceTaskError) -> TaskEvaluation? {
    guard let heldOut else { return try evaluator.evaluate(state.network, isWhole: false) }
    return HeldOutReader<Cell>(task: heldOut.task, steps: plan.steps)
      .evaluate(state.network, heldOut.validation.prefix(plan.evaluationSize * plan.steps))
  }

  /// What it makes of the whole test set; of a text that is read in order, of its test part.
  public func evaluateWhole() throws(SequenceTaskError) -> TaskEvaluation? {
    guard let heldOut else { return try evaluator.evaluate(state.network, isWhole: true) }
    return HeldOutReader<Cell>(task: heldOut.task, steps: plan.steps).evaluate(state.network, heldOut.test)
  }

  /// Whether ``evaluate()`` and ``evaluateWhole()`` read different parts of a text.
  public var hasHeldOutParts: Bool { heldOut != nil }

  /// What it makes of as many test sequences as the set has, each of so many steps.
  public func evaluate(at steps: Int) throws(SequenceTaskError) -> TaskEvaluation? {
    try evaluator.evaluate(state.network, at: steps, isWhole: true)
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
    let drawn = try drawnSequence(position.sequence)
    let dropout = plan.dropout(update: number)
    if let lost = readOn(to: position, in: drawn?.sample, dropout, update: number) { return .diverged(lost) }
    let window = schedule.window(position.piece, of: task, sequence: drawn, batch: plan.batch)
    let inputs = window.inputs(from: window.startsSequence ? nil : state.carried)
    pass.run(state.network, on: inputs, dropout: dropout)
    if let divergence = pass.divergence { return .diverged(TrainingEvent(divergence, update: number)) }
    let loss = task.loss(of: window.sample, placement: window.placement, readout: state.network.readout)
    var walked = walkBack(from: loss, profiling: detail == nil ? nil : number)
    let gradient = ClippedGradients(
      plan.clip, clipped: walked.clipped, unclipped: walked.unclipped, penalty: walked.penalty)
    if let detail, detail != .light {
      measure(detail, on: inputs, dropout, loss: loss, gradient: gradient, &walked)
    }
    return step(number, along: gradient, walked: walked, loss: loss, window: window)
  }

  /// Changes the weights, unless numbers have left their range.
  private mutating func step(
    _ number: Int, along gradient: ClippedGradients<Element>, walked: Walked, loss: any SequenceLoss<Element>,
    window: TrainingWindow<Element>
  ) -> UpdateOutcome {
    guard walked.unclipped.loss.isFinite else {
      return .diverged(TrainingEvent(kind: .loss, iteration: number, step: window.shape.steps))
    }
    let limit = ScaledNumber(Double(Element.greatestFiniteMagnitude))
    func lost(_ kind: TrainingEvent.Kind, under clip: StepClip) -> TrainingEvent {
      let (place, step) = farthest(of: loss, under: clip, beyond: limit)
      return TrainingEvent(kind: kind, iteration: number, step: step, place: place)
    }
    var event: TrainingEvent?
    if !(gradient.normBefore < limit) { event = lost(.gradient, under: .none) }
    guard gradient.normAfter < limit else {
      return .diverged(event ?? lost(.gradient, under: plan.clip.stepClip))
    }
    let rate = plan.learningRate(update: number)
    let change = state.optimiser.step(
      &state.network, gradient.unscaled, factor: gradient.factor, learningRate: rate)
    guard change.isFinite, state.network.isFinite, state.optimiser.isFinite else {
      return .diverged(lost(.weights, under: plan.clip.stepClip))
    }
    state.iteration = number
    state.carried = window.carriesAfter.flatMap { pass.state($0) }
    return .updated(
      UpdateAccount(
        iteration: number, loss: walked.unclipped.loss, omega: walked.omega, normBefore: gradient.normBefore,
        normAfter: gradient.normAfter, clippedShare: gradient.clippedFraction, cosine: gradient.cosine,
        learningRate: rate, updateNorm: change, event: event), walked.profiles)
  }

  // MARK: - Sequences

  /// A whole sequence; nil for a stream, whose pieces come one by one.
  private mutating func drawnSequence(_ number: Int) throws(SequenceTaskError) -> DrawnSample<Element>? {
    if plan.truncation != nil, task is any StreamTask { return nil }
    if let sequence, sequence.number == number { return sequence.drawn }
    let drawn = try DrawnSample<Element>(
      task, steps: plan.steps, shortest: plan.shortestLength, batch: plan.batch,
      draw: SampleDraw(rootSeed: plan.rootSeed, seed: plan.seed, use: .training(iteration: number + 1)))
    if plan.truncation != nil { sequence = (number, drawn) }
    return drawn
  }

  /// Reads the pieces between the state that is carried and an update's window; returns the event if the state leaves
  /// its range on the way.
  private mutating func readOn(
    to position: WindowSchedule.Position, in sample: TaskSample<Element>?, _ dropout: DropoutDraw?,
    update: Int
  ) -> TrainingEvent? {
    guard let sample else { return nil }
    for piece in schedule.piecesToRead(before: position) {
      reader.run(
        state.network,
        on: NetworkInputs(
          shape: BatchShape(steps: schedule.k1, batch: plan.batch),
          inputs: schedule.inputs(of: piece, in: sample, batch: plan.batch),
          initialState: piece == 0 ? nil : state.carried), dropout: dropout)
      if let divergence = reader.divergence { return TrainingEvent(divergence, update: update) }
      state.carried = reader.state(schedule.k1)
    }
    return nil
  }

  // MARK: - Backward

  private struct Walked {
    let clipped, unclipped: NetworkBackwardResult<Element>
    let omega: Double?
    let penalty: ScaledArray<Element>?
    /// In the order of the network's places.
    var profiles: [TrainingProfile]
  }

  /// The way back, with the penalty where there is one and the norms of each step where they are asked for.
  ///
  /// - Parameter iteration: of the profiles; nil for none.
  private func walkBack(from loss: any SequenceLoss<Element>, profiling iteration: Int?) -> Walked {
    let clip = plan.clip.stepClip
    var omega: Double?
    var penalty: ScaledArray<Element>?
    var profiles: [TrainingProfile] = []
    let places = iteration == nil ? 0 : state.network.places.count
    func add(_ norms: borrowing StateGradientNorms<Element>, _ walk: LayerWalk<Cell>) {
      guard let iteration else { return }
      profiles.append(
        TrainingProfile(
          iteration: iteration, place: walk.place, of: places, hasLengths: plan.shortestLength != nil, norms))
    }
    let clipped = pass.backward(loss: loss) { walk in
      let shape = walk.layer.pass.shape
      switch (plan.penalty, iteration) {
      case (nil, nil):
        return walk.backward(clip: clip)
      case (nil, _?):
        var norms = StateGradientNorms<Element>(shape: shape, carriesCellState: Cell.carriesCellState)
        let result = walk.backward(clip: clip, calling: &norms)
        add(norms, walk)
        return result
      case (let rule?, nil):
        let kept = penaltyProbe.probe(of: rule, shape)
        let result = walk.backward(clip: clip, calling: &kept.value)
        (omega, penalty) = rule.value(kept.value, batch: shape.batch)
        return result
      case (let rule?, _?):
        var probe = ProbePair(
          StateGradientNorms<Element>(shape: shape, carriesCellState: Cell.carriesCellState),
          rule.probe(shape) as NormPreservation<Element>)
        let result = walk.backward(clip: clip, calling: &probe)
        add(probe.first, walk)
        (omega, penalty) = rule.value(probe.second, batch: shape.batch)
        return result
      }
    }
    // What an unclipped recursion would give is needed only where something was clipped.
    let unclipped = clipped.clippedFraction > 0 ? pass.backward(loss: loss) : clipped
    return Walked(
      clipped: clipped, unclipped: unclipped, omega: omega, penalty: penalty,
      profiles: profiles.sorted { $0.place < $1.place })
  }

  /// Where ∂L/∂h_t is largest under a clip, or where it is first beyond a limit on the way back.
  private func farthest(
    of loss: any SequenceLoss<Element>, under clip: StepClip, beyond limit: ScaledNumber
  ) -> (place: LayerPlace, step: Int) {
    var first: (place: LayerPlace, step: Int)?
    var largest = (place: state.network.places[0], step: 1, norm: -Double.infinity)
    _ = pass.backward(loss: loss) { walk in
      let shape = walk.layer.pass.shape
      var norms = StateGradientNorms<Element>(shape: shape, carriesCellState: Cell.carriesCellState)
      let result = walk.backward(clip: clip, calling: &norms)
      let hidden = norms.hidden
      for t in (1...shape.steps).reversed() {
        if first == nil, !(hidden[t] < limit.log10) { first = (walk.place, t) }
        if hidden[t] > largest.norm { largest = (walk.place, t, hidden[t]) }
      }
      return result
    }
    return first ?? (largest.place, largest.step)
  }

  // MARK: - Observation

  /// Adds to the profiles what a detail asks for beside the norms of the way back.
  private func measure(
    _ detail: TrainingDetail, on inputs: NetworkInputs<Element>, _ dropout: DropoutDraw?,
    loss: any SequenceLoss<Element>, gradient: ClippedGradients<Element>, _ walked: inout Walked
  ) {
    var steps: [LayerPlace: StepGradients] = [:]
    _ = pass.backward(loss: loss) { walk in
      let diagnosis = walk.diagnose(clip: plan.clip.stepClip)
      steps[walk.place] = diagnosis.steps
      return diagnosis.result
    }
    var shares: [LayerPlace: [Double]] = [:]
    if gradient.clippedFraction > 0 {
      shares =
        CutShares(
          plan.clip, unclipped: walked.unclipped.gradients, clipped: walked.clipped.gradients,
          whole: gradient.whole, pass: pass, loss: loss
        ).shares
    }
    let gates = state.network.cell.accept(
      NetworkGates(
        network: state.network.converted(to: Double.self), inputs: inputs.converted(to: Double.self),
        dropout: dropout))
    for k in walked.profiles.indices {
      let place = walked.profiles[k].place
      if let steps = steps[place] { walked.profiles[k].add(steps, detail) }
      walked.profiles[k].cutShares = shares[place]
      if let activity = gates[place] { walked.profiles[k].add(activity, detail) }
      let parameters = state.network[place]
      let blocks = Cell.gates.indices.map { parameters.recurrentBlock($0) }
      walked.profiles[k].spectralRadius = blocks.compactMap { try? $0.spectralRadius() }.max()
      walked.profiles[k].sigmaMax = blocks.compactMap { try? $0.singularValues().first }.max()
      if detail == .full, let layer = pass.layer(place) {
        var stream = RandomStream(rootSeed: 0, trialSeed: 0, purpose: .tangentVectors)
        walked.profiles[k].lyapunovRate = layer.pass.trajectoryRates(elements: 1, stream: &stream).lyapunov
      }
    }
  }
}

extension TrainingEvent {
  /// Of a state that left its range on the way forward.
  fileprivate init(_ divergence: NetworkDivergence, update: Int) {
    self.init(kind: .state, iteration: update, step: divergence.step, place: divergence.place)
  }
}

extension NetworkPass {
  /// One of the layers that were run.
  fileprivate func layer(_ place: LayerPlace) -> LayerPass<Cell>? {
    (place.part == .encoder ? encoderLayers : layers).joined().first { $0.place == place }
  }
}
