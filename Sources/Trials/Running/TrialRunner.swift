import Foundation
import GradientFlow
import Specification
import TextFiles

/// Runs single trials. A trial depends on its parameters and nothing else; where several run at once they
/// share drawn weight blocks and inputs.
public struct TrialRunner: Sendable {
  let task: TrialTask
  private let blocks: RecurrentBlockCache
  let samples: TrialSampleCache
  private let context: TrainingContext

  /// Batch elements whose trajectories are followed for the rates that theory compares with: enough for a mean, few
  /// enough to cost little beside the pass.
  package static let followed = 4
  /// Bytes of shared blocks and inputs that are kept if memory allows.
  package static let fullCacheCapacity = 7 << 26

  /// - Parameters:
  ///   - task: with the file it reads.
  ///   - cacheCapacity: bytes of shared blocks and inputs to keep.
  ///   - context: where training runs write their files and report progress.
  private init(_ task: TrialTask, cacheCapacity: Int, context: TrainingContext) {
    self.task = task
    blocks = RecurrentBlockCache(capacity: cacheCapacity / 7 * 5)
    samples = TrialSampleCache(capacity: cacheCapacity / 7 * 2)
    self.context = context
  }

  /// - Parameter text: the text of a text task; nil for other tasks.
  public init(text: String? = nil) {
    self.init(
      TrialTask(loaded: text.map(NextCharacter.init)), cacheCapacity: Self.fullCacheCapacity,
      context: TrainingContext())
  }

  /// - Throws: ``RunError/textChanged(path:problem:)`` where a task's file is not what it was.
  package init(
    _ specification: SweepSpecification, cacheCapacity: Int = fullCacheCapacity,
    context: TrainingContext = TrainingContext()
  ) throws(RunError) {
    self.init(try TrialTask(specification.task), cacheCapacity: cacheCapacity, context: context)
  }

  /// I of a trial, where the task decides it too.
  public func inputSize(of parameters: TrialParameters) -> Int { task.inputSize(parameters) }

  /// The text that language models learn, with its parts; nil of other tasks.
  package var corpus: Corpus? { task.language?.corpus }

  /// Runs a trial; whatever goes wrong is in the record.
  public func run(_ parameters: TrialParameters) -> TrialRecord {
    do { return try outcome(of: parameters) } catch { return Self.failure(error) }
  }

  /// Runs a trial; what goes wrong with it is in the record.
  ///
  /// - Throws: what the system refused on the way: a full disk, too many open files. It says nothing of the trial, which
  ///   can be run again.
  package func outcome(of parameters: TrialParameters) throws -> TrialRecord {
    do {
      if let training = parameters.training {
        return try run(parameters, training) ?? TrialRecord(status: .failed)
      }
      switch parameters.precision {
      case .float32: return try run(parameters, in: Float.self)
      case .float64: return try run(parameters, in: Double.self)
      }
    } catch let error as ModelFileError where error.isOfEnvironment {
      throw error
    } catch let error as RunError where error.isOfEnvironment {
      throw error
    } catch {
      return Self.failure(error)
    }
  }

  private static func failure(_ error: any Error) -> TrialRecord {
    var record = TrialRecord(status: .failed)
    record.message = String(describing: error)
    return record
  }

  /// The network, data and loss of a trial, with what was measured of the blocks of W_hh.
  public func problem<Element: Scalar>(
    _ p: TrialParameters, in type: Element.Type
  ) throws -> (problem: GradientProblem<Element>, spectra: [LayerPlace: BlockSpectrum]) {
    let drawn = try network(p).draw()
    let network = drawn.network.converted(to: type)
    var (inputs, loss) = try TrialLoss<Element>(p: p, task: task, samples: samples).sample(for: network)
    let start = TrialStart(p: p, task: task, samples: samples)
    inputs.initialState = start.state(network)
    return (
      GradientProblem(
        network: network, inputs: inputs, washout: try start.washout(type), loss: loss), drawn.spectra
    )
  }

  func network(_ p: TrialParameters) -> TrialNetwork {
    TrialNetwork(p: p, task: task, blocks: blocks)
  }

  private func run<Element: Scalar>(
    _ p: TrialParameters, in type: Element.Type
  ) throws -> TrialRecord {
    let (outcome, network, spectra) = try diagnosis(p, in: type)
    var record = TrialRecord(status: .diverged)
    record.take(outcome, of: network, spectra, keeping: p.recording)
    return record
  }

  /// What a trial's network says. Its inputs are gone before a record is made of it.
  private func diagnosis<Element: Scalar>(
    _ p: TrialParameters, in type: Element.Type
  ) throws -> (ProblemOutcome<Element>, of: Network<Element>, [LayerPlace: BlockSpectrum]) {
    let (problem, spectra) = try problem(p, in: type)
    return (problem.diagnose(clip: p.clip, following: Self.followed), problem.network, spectra)
  }
}

// MARK: - Training

extension TrialRunner {
  /// Trains, then diagnoses the network that came out as a trial without training does its drawn one; nil where the
  /// sweep was stopped on the way.
  private func run(_ p: TrialParameters, _ training: TrainingParameters) throws -> TrialRecord? {
    guard let learning = task.learning(p) else { preconditionFailure("a task that cannot be learned") }
    let first = try FirstWeights(p: p, training: training, task: learning, network: network(p)).draw()
    let trial = TrainingTrial(p: p, training: training, task: learning, context: context)
    // A course runs at full speed where its precision is known.
    switch p.precision {
    case .float32:
      return try trial.run(from: first.converted(to: Float.self)) { try $0.run($1) }
        .map { try diagnosed($0, p, learning) }
    case .float64:
      return try trial.run(from: first) { try $0.run($1) }.map { try diagnosed($0, p, learning) }
    }
  }

  /// The record of a training run, with the gradients of its final network.
  private func diagnosed<Element: Scalar>(
    _ result: TrainingTrial.Result<Element>, _ p: TrialParameters, _ learning: any LearningTask
  ) throws -> TrialRecord {
    var record = result.record
    record.loss = record.testLoss
    if let evaluation = result.evaluation {
      record.stepTests = ColumnTable(evaluation, chanceOf: learning, lengths: p.lengthRange)
    }
    for test in result.tests { record.lengthTests.add(test) }
    guard record.status == .ok else { return record }
    let network = result.network
    record.take(
      try diagnosis(of: network, p, learning), of: network, try network.blockSpectra(),
      keeping: p.recording)
    // Of the test set, and not of this batch.
    record.loss = record.testLoss
    return record
  }

  /// What a trained network says on the batch that gradients are diagnosed on, which is gone afterwards.
  private func diagnosis<Element: Scalar>(
    of network: Network<Element>, _ p: TrialParameters, _ learning: any LearningTask
  ) throws -> ProblemOutcome<Element> {
    let (inputs, loss) = try TrialLoss.sample(of: learning, p, readout: network.readout)
    return GradientProblem(network: network, inputs: inputs, loss: loss)
      .diagnose(clip: p.clip, following: Self.followed)
  }
}

extension TrialRecord {
  /// Takes in what a diagnosed network says, or that there was nothing to diagnose.
  fileprivate mutating func take<Element: Scalar>(
    _ outcome: ProblemOutcome<Element>, of network: Network<Element>,
    _ spectra: [LayerPlace: BlockSpectrum], keeping recording: StepRecording
  ) {
    var found = network.places.map { LayerRecord($0) }
    switch outcome {
    case .diverged(let divergence):
      // A network that could be trained has ended well, whatever one batch does.
      if status == .diverged { divergedAt = divergence.step }
      for k in found.indices where found[k].place == divergence.place {
        found[k].divergedAt = Double(divergence.step)
      }
    case .gradients(let gradients):
      if gradients.isFinite { found = add(gradients, keeping: recording) }
    }
    for k in found.indices {
      found[k].measuredSpectralRadius = spectra[found[k].place]?.spectralRadius
      found[k].measuredSigmaMax = spectra[found[k].place]?.sigmaMax
    }
    if let main = found.first(where: { $0.place == network.mainPlace }) { take(main) }
    layers = found.count > 1 ? found : []
  }

  /// Takes in what holds of the whole network.
  ///
  /// - Returns: what holds of its layers.
  private mutating func add<Element: Scalar>(
    _ found: ProblemGradients<Element>, keeping recording: StepRecording
  ) -> [LayerRecord] {
    status = Self.status(found.layers.flatMap(\.steps.recordedNorms), in: Element.self)
    let clipping = found.clipping
    let gradients = clipping.gradients
    loss = found.loss.isFinite ? found.loss : nil
    log10GradTotal = clipping.normAfter.log10.orNil
    log10GradTotalUnclipped = clipping.normBefore.log10.orNil
    clipFraction = clipping.clippedFraction
    clipCosine = clipping.cosine
    let said = found.layers.first { $0.place.part == .decoder }?.steps.steps ?? 0
    return found.layers.map { layer in
      let after = layer.place.part == .encoder ? said : 0
      return LayerRecord(
        layer, gradients, coefficient: clipping.factor,
        keeping: recording.times(steps: layer.steps.steps, after: after))
    }
  }

  /// Whether plain backpropagation in this precision would have left its range on the way.
  private static func status<Element: Scalar>(
    _ norms: [ArraySlice<Double>], in type: Element.Type
  ) -> TrialStatus {
    let smallest = log10(Double(Element.leastNormalMagnitude))
    let largest = log10(Double(Element.greatestFiniteMagnitude))
    if norms.contains(where: { $0.contains { $0 > largest } }) { return .overflow }
    if norms.contains(where: { $0.contains { $0 < smallest && $0.isFinite } }) { return .underflow }
    return .ok
  }
}
