import Foundation
import GradientFlow
import Machine
import Specification
import TextFiles
import Trials

/// What the network of a trial puts out on one test sequence, step by step: the trained network of a training, the drawn one
/// of a sweep.
public struct TrialOutputs: Sendable {
  public let trial: TrialParameters
  public let task: any LearningTask
  /// The updates that its weights have seen; nil for a network as drawn.
  public let updates: Int?
  /// Which of the test sequences it is, from 1, and how many there are.
  public let sequence, count: Int
  public let reading: SequenceReading

  /// Reads a test sequence.
  ///
  /// - Parameters:
  ///   - id: the trial's id or the beginning of one; nil: the first of the run that has a network.
  ///   - sequence: from 1; the sequences are those of the training's tests.
  ///   - length: T; nil: as the trial has it, where lengths vary that of the sequence.
  /// - Throws: ``OutputsError``, ``RunError``, ``SpecificationError`` or `ModelFileError`.
  public init(of run: Run, trial id: String? = nil, sequence: Int = 1, length: Int? = nil) throws {
    BLASEnvironment.useOneThread()
    let runner = try TrialRunner(run.specification)
    trial = try Self.trial(of: run, id)
    guard let task = runner.outputs(of: trial) else {
      throw OutputsError.noOutputs(
        trial: trial.id, task: trial.task.label, loss: Axis.loss.text(trial) ?? trial.task.label)
    }
    self.task = task
    let test = TestSet(
      task, steps: length ?? trial.sequenceLength, shortestLength: length == nil ? trial.shortestLength : nil,
      size: trial.training?.evaluationSize ?? Self.usualSize, rootSeed: trial.rootSeed)
    guard (1...test.count).contains(sequence) else {
      throw OutputsError.noSequence(sequence, of: test.count)
    }
    (self.sequence, count) = (sequence, test.count)
    let model = try trial.training == nil ? nil : Self.model(of: trial, in: run)
    updates = model?.metadata["gradflow.iteration"].flatMap { Int($0) }
    do {
      guard
        let reading = try runner.reading(of: trial, model: model, on: test, sequence: sequence - 1)
      else {
        throw OutputsError.diverged(
          trial: trial.id, precision: trial.precision.rawValue, length: test.steps)
      }
      self.reading = reading
    } catch let error as SequenceTaskError {
      throw OutputsError.noLength(test.steps, error)
    }
  }

  /// - Throws: ``OutputsError/noStep(_:of:)`` for a step that the sequence does not have.
  public func check(step: Int) throws(OutputsError) {
    guard (1...reading.steps.count).contains(step) else { throw .noStep(step, of: reading.steps.count) }
  }

  /// Test sequences of a run that has no tests: those that a training of its task has.
  private static let usualSize = 10_000

  private static func trial(of run: Run, _ id: String?) throws -> TrialParameters {
    if let id { return try run.trials.beginning(with: id, in: run.directory.path) }
    let first =
      run.specification.trains
      ? run.trials.first { FileManager.default.fileExists(atPath: path(of: $0, in: run)) } : run.trials.first
    guard let first else { throw OutputsError.noModels(path: run.directory.path) }
    return first
  }

  private static func path(of trial: TrialParameters, in run: Run) -> String {
    TrainingFiles(run.directory).model(trial.id)
  }

  private static func model(of trial: TrialParameters, in run: Run) throws -> SafetensorsFile {
    let path = path(of: trial, in: run)
    guard FileManager.default.fileExists(atPath: path) else {
      throw OutputsError.noModel(
        trial: trial.id, path: run.directory.models, reason: try reason(trial, in: run))
    }
    let file = try SafetensorsFile(contentsOf: path)
    guard file.metadata["gradflow.trial"] == trial.id else {
      throw ModelFileError(
        .mismatch, file: path, place: "gradflow.trial", found: file.metadata["gradflow.trial"] ?? "nothing",
        advice: "it is not the model of trial \(trial.id)")
    }
    return file
  }

  /// Why a trial has no model.
  private static func reason(_ trial: TrialParameters, in run: Run) throws -> String {
    guard let record = try run.record(trial, withSteps: false) else {
      return "it has not been trained yet; continue with '\(run.directory.sweepCommand)'"
    }
    switch record.status {
    case .diverged:
      let update = record.divergedIteration.map { " at update \(Brief.grouped(Int($0)))" } ?? ""
      return "its training diverged\(update), and of diverged trainings no model is kept"
    case .failed: return "it failed: \(record.message ?? "no reason is known")"
    case .ok, .underflow, .overflow:
      return "it was trained, and the file is gone; with another -o, the same specification trains it again"
    }
  }
}

extension TrialOutputs {
  /// What is read, by the task's names: a token, or numbers.
  func name(_ input: SequenceReading.Input, digits: (Double) -> String, most: Int = .max) -> String {
    switch input {
    case .token(let token): return task.name(ofToken: token)
    case .values(let values):
      let shown = values.prefix(most).map(digits).joined(separator: " ")
      return values.count > most ? "\(shown) … (\(values.count) numbers)" : shown
    }
  }

  /// Whether outputs are classes.
  var classifies: Bool { task.objective == .classification }

  /// The ways in which the sequence was read.
  var ways: [PredictionWay] { task.topology.feedsBack ? [.forced, .own] : [.plain] }
}

/// What was read of the outputs before.
enum PredictionWay: String {
  /// None: the task does not feed them back.
  case plain = ""
  /// The right ones.
  case forced
  /// The network's own.
  case own

  func prediction(_ step: SequenceReading.Step) -> SequenceReading.Prediction? {
    self == .own ? step.own : step.forced
  }

  /// Before what is said of it.
  var label: String {
    switch self {
    case .plain: ""
    case .forced: "teacher forcing: "
    case .own: "own predictions: "
    }
  }
}
