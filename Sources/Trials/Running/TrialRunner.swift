import Foundation
import GradientFlow
import Specification
import TextFiles

/// Runs single trials. A trial depends on its parameters and nothing else; where several run at once they
/// share drawn weight blocks and inputs.
public struct TrialRunner: Sendable {
  private let task: TrialTask
  private let blocks: RecurrentBlockCache
  private let samples: TrialSampleCache
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

  /// The network, data and loss of a trial, with the largest measured ρ and σ_max of the blocks of W_hh.
  public func problem<Element: Scalar>(
    _ p: TrialParameters, in type: Element.Type
  ) throws -> (problem: GradientProblem<Element>, spectralRadius: Double, sigmaMax: Double) {
    let size = inputSize(of: p)
    let recipe = recipe(p)
    var radius = 0.0
    var sigma = 0.0
    let parameters = try recipe.parameters { gate throws(LinearAlgebraError) in
      let entry = try blocks.entry(recipe, gate: gate, precision: p.precision)
      radius = max(radius, entry.spectralRadius)
      sigma = max(sigma, entry.sigmaMax)
      return entry.block
    }
    let (sample, loss) = try TrialLoss(p: p, task: task, samples: samples).sample(type, inputSize: size)
    let start = TrialStart(p: p, task: task, samples: samples)
    let problem = GradientProblem(
      cell: p.cell, shape: p.shape(inputSize: size), parameters: parameters.converted(to: type),
      inputs: sample, initialState: start.state(type),
      washout: try start.washout(type, inputSize: size), loss: loss)
    return (problem, radius, sigma)
  }

  private func recipe(_ p: TrialParameters) -> ParameterRecipe {
    ParameterRecipe(
      cell: p.cell, hiddenSize: p.hiddenSize, inputSize: inputSize(of: p), initializer: p.initializer,
      spectralRadius: p.spectralRadius, inputScale: p.inputScale, meanInputSquare: task.meanInputSquare(p),
      forgetBias: p.forgetBias ?? 0, rootSeed: p.rootSeed, seed: p.seed)
  }

  private func run<Element: Scalar>(
    _ p: TrialParameters, in type: Element.Type
  ) throws -> TrialRecord {
    let (problem, radius, sigma) = try problem(p, in: type)
    var record: TrialRecord
    switch problem.diagnose(clip: p.clip, following: Self.followed) {
    case .diverged(let step):
      record = TrialRecord(status: .diverged)
      record.divergedAt = step
    case .gradients(let found):
      record = TrialRecord(status: .diverged)
      if found.isFinite { record.add(found) }
    }
    record.measuredSpectralRadius = radius
    record.measuredSigmaMax = sigma
    return record
  }
}

// MARK: - Training

extension TrialRunner {
  /// Trains, then diagnoses the network that came out as a trial without training does its drawn one; nil where the
  /// sweep was stopped on the way.
  private func run(_ p: TrialParameters, _ training: TrainingParameters) throws -> TrialRecord? {
    guard let learning = task.learning(p) else { preconditionFailure("a task that cannot be learned") }
    let recipe = recipe(p)
    let first = try FirstWeights(p: p, training: training, task: learning, recipe: recipe).draw {
      gate throws(LinearAlgebraError) in
      try blocks.entry(recipe, gate: gate, precision: p.precision).block
    }
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
    guard record.status == .ok else { return record }
    let (weights, readout) = (result.weights.recurrent, result.weights.readout)
    let (inputs, loss) = try TrialLoss.sample(of: learning, p, readout: readout)
    let problem = GradientProblem(
      cell: p.cell, shape: p.shape(inputSize: learning.inputSize), parameters: weights, inputs: inputs,
      loss: loss)
    if case .gradients(let found) = problem.diagnose(clip: p.clip, following: Self.followed), found.isFinite {
      record.add(found)
      record.loss = record.testLoss
    }
    let blocks = p.cell.gates.indices.map { weights.recurrentBlock($0) }
    record.measuredSpectralRadius = try blocks.map { try $0.spectralRadius() }.max()
    record.measuredSigmaMax = try blocks.compactMap { try $0.singularValues().first }.max()
    return record
  }
}

extension TrialRecord {
  /// Takes in what one diagnosed problem says.
  fileprivate mutating func add<Element: Scalar>(_ found: ProblemGradients<Element>) {
    let steps = found.steps
    status = Self.status(steps.recordedNorms, in: Element.self)
    let clipping = found.clipping
    let gradients = clipping.gradients
    loss = found.loss.isFinite ? found.loss : nil
    log10GradTotal = clipping.normAfter.log10.orNil
    log10GradTotalUnclipped = clipping.normBefore.log10.orNil
    log10GradWeightHH = gradients.weightHH.norm.log10.orNil
    log10GradWeightIH = gradients.weightIH.norm.log10.orNil
    log10GradBias = gradients.biasIH.norm.log10.orNil
    log10RatioFirstLast = steps.log10RatioFirstLast.orNil
    if let decay = steps.decayRate {
      decayRate = decay.rate
      decayRateR2 = decay.r2
      decayRateLags = decay.count
      halfLife = decay.halfLife
    }
    clipFraction = clipping.clippedFraction
    clipCosine = clipping.cosine
    lyapunovRate = found.rates?.lyapunov.orNil
    forgetPathRate = found.rates?.forgetPath?.orNil
    self.steps = StepTable(
      clipped: steps, unclipped: found.unclippedSteps, log10Coefficient: clipping.factor.log10)
  }

  /// Whether plain backpropagation in this precision would have left its range on the way.
  private static func status<Element: Scalar>(_ norms: [[Double]], in type: Element.Type) -> TrialStatus {
    let smallest = log10(Double(Element.leastNormalMagnitude))
    let largest = log10(Double(Element.greatestFiniteMagnitude))
    if norms.contains(where: { $0.contains { $0 > largest } }) { return .overflow }
    if norms.contains(where: { $0.contains { $0 < smallest && $0.isFinite } }) { return .underflow }
    return .ok
  }
}

extension Double {
  /// nil for NaN: what does not exist.
  fileprivate var orNil: Double? { isNaN ? nil : self }
}
