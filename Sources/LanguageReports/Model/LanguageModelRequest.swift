import DiagnosisFiles
import Foundation
import GradientFlow
import Runs
import Specification
import TextFiles
import Trials

/// Which language model is meant: one of a run, or a file of weights from anywhere.
public struct LanguageModelRequest: Sendable {
  /// A run directory, or a safetensors or NPZ file.
  public var path: String
  /// Of a run: the trial's id or the beginning of one; nil: the first with a model.
  public var trial: String?
  /// Of a run: the model that was kept after so many updates; nil: the last.
  public var update: Int?
  /// A file of the vocabulary; nil: that of the model file.
  public var vocabulary: String?
  /// Of a file with several recurrent modules or readouts: which ones.
  public var prefix, readout, embedding: String?

  public init(path: String) { self.path = path }

  /// Reads the model.
  ///
  /// - Throws: ``LanguageFileError``, `LanguageModelError`, `ModelFileError`, `RunError` or `SpecificationError`.
  public func read() throws -> ReadLanguageModel {
    BLASEnvironment.useOneThread()
    if CaptureFolder.isAt(path) { return try readCapture() }
    guard isRun else {
      guard update == nil else {
        throw LanguageFileError.noModel(path, "one model without checkpoints; --update is of a run")
      }
      return try read(file: path, of: nil)
    }
    let (run, trial) = try chosenTrial()
    let file = TrainingFiles(run.directory).model(trial.id, iteration: update)
    guard FileManager.default.fileExists(atPath: file) else {
      let kept = try checkpoints().map { Brief.grouped($0.updates) }
      throw LanguageFileError.noModel(
        path,
        update.map {
          "no model was kept after update \($0) of trial \(trial.id); there are those after "
            + "\(kept.joined(separator: ", ")) (train with checkpoint_every: N for more)"
        } ?? "trial \(trial.id) has no model: it has not ended, or diverged")
    }
    return try read(file: file, of: ReadLanguageModel.Origin(run: run, trial: trial))
  }

  /// The recurrent layers of a captured module. What says the tokens was not captured: its outputs are all alike.
  private func readCapture() throws -> ReadLanguageModel {
    let captured = try CapturedRecurrence(path, module: prefix, update: update)
    guard let vocabulary else {
      throw LanguageFileError.noVocabulary(path, tokens: captured.model.inputSize)
    }
    let known = try VocabularyFile.read(vocabulary)
    guard known.count == captured.model.inputSize else {
      throw LanguageFileError.captured(path, width: captured.model.inputSize, vocabulary: known.count)
    }
    let readout = Readout<Double>(
      weight: Matrix(rows: known.count, columns: captured.model.outputSize),
      bias: Array(repeating: 0, count: known.count))
    return ReadLanguageModel(
      path: path, model: try LanguageModel(Network(recurrent: captured.model, readout: readout), known),
      updates: captured.update,
      notes: [
        "of a capture the recurrent layers are known, and not what says the tokens: see what units keep"
      ],
      origin: nil, saysTokens: false)
  }

  /// Whether the path is a folder, and so a run.
  private var isRun: Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// The trial of a run, which may be unfinished as long as it has a model.
  public func chosenTrial() throws -> (run: Run, trial: TrialParameters) {
    let run = try Run(directory: path)
    guard run.specification.trainsLanguage else {
      throw LanguageFileError.noModel(
        path,
        "no language model: the run's task is \(run.specification.task.identity.label); one is trained by "
          + "'gradflow train experiments/char-lm.yaml'")
    }
    if let trial { return (run, try run.trials.beginning(with: trial, in: path)) }
    let files = TrainingFiles(run.directory)
    guard let first = run.trials.first(where: { FileManager.default.fileExists(atPath: files.model($0.id)) })
    else { throw OutputsError.noModels(path: path) }
    return (run, first)
  }

  /// The models that a trial has kept, by updates, the last one at the end.
  public func checkpoints() throws -> [(updates: Int, model: ReadLanguageModel)] {
    guard isRun else {
      throw LanguageFileError.noModel(path, "one model without checkpoints; give a run directory")
    }
    let (run, trial) = try chosenTrial()
    let files = TrainingFiles(run.directory)
    let origin = ReadLanguageModel.Origin(run: run, trial: trial)
    let names = FolderListing.names(run.directory.models) ?? []
    let kept = names.filter { $0.hasPrefix(trial.id + "-") }.sorted()
    var found = try kept.compactMap { name -> (Int, ReadLanguageModel)? in
      guard let updates = Int(name.dropFirst(trial.id.count + 1).prefix { $0.isNumber }) else { return nil }
      return (updates, try read(file: PathName.joined(run.directory.models, name), of: origin))
    }
    let last = files.model(trial.id)
    if FileManager.default.fileExists(atPath: last) {
      let model = try read(file: last, of: origin)
      if found.last?.0 != model.updates {
        found.append((model.updates ?? trial.training?.iterations ?? 0, model))
      }
    }
    guard !found.isEmpty else { throw OutputsError.noModels(path: path) }
    return found
  }

  private func read(file: String, of origin: ReadLanguageModel.Origin?) throws -> ReadLanguageModel {
    let archive = try ModelArchive(contentsOf: file)
    var trained = try ModelFileError.locating(
      file: file, try TrainedModel(archive, prefix: prefix, readout: readout))
    var notes = trained.notes
    guard trained.modules.count == 1 else {
      throw LanguageFileError.severalModules(file, trained.modules.map(\.prefix))
    }
    let readout = try ModelFileError.locating(file: file, try trained.requiredReadout())
    let known = try storedVocabulary(archive, file)
    let width = trained.inputSize
    var matrix: Matrix<Double>?
    // One-hot rows, unless an embedding fits.
    if known?.count != width || embedding != nil, embedding != nil || trained.hasEmbedding {
      let stored = try ModelFileError.locating(file: file, try trained.embedding(named: embedding))
      matrix = stored?.weight
    }
    let tokens = matrix?.rows ?? width
    guard let known else { throw LanguageFileError.noVocabulary(file, tokens: tokens) }
    guard known.count == tokens else {
      throw LanguageFileError.reads(file, width: width, vocabulary: known.count)
    }
    let states = try trained.learnedStates()
    if states.hidden != nil || states.cell != nil {
      notes.append("learned initial states are not used: every text starts from a zero state")
    }
    let network = Network(embedding: matrix, recurrent: trained.model, readout: readout)
    notes += trained.unused().notes
    return ReadLanguageModel(
      path: file, model: try LanguageModel(network, known),
      updates: archive.metadata["gradflow.iteration"].flatMap { Int($0) }, notes: notes, origin: origin)
  }

  /// The vocabulary that was given, or the file's.
  private func storedVocabulary(_ archive: ModelArchive, _ file: String) throws -> Vocabulary? {
    if let vocabulary { return try VocabularyFile.read(vocabulary) }
    do { return try Vocabulary(metadata: archive.metadata) } catch {
      throw LanguageFileError.vocabulary(file, "in its metadata cannot be used: \(error)")
    }
  }
}

/// A language model with where it comes from.
public struct ReadLanguageModel: Sendable {
  /// Of the file of its weights.
  public let path: String
  public let model: LanguageModel<Double>
  /// The updates that its weights have seen, where the file says so.
  public let updates: Int?
  /// What the file leaves open and is assumed, and what of it is not used; a line each.
  public let notes: [String]
  /// nil for a file from elsewhere.
  public let origin: Origin?
  /// Whether it says tokens; not so of a capture, which has recurrent layers alone.
  public var saysTokens = true

  /// The training that made it.
  public struct Origin: Sendable {
    public let run: Run
    public let trial: TrialParameters
  }

  /// - Throws: ``LanguageFileError/noModel(_:_:)`` where it says no tokens.
  public func requireTokens() throws(LanguageFileError) {
    guard saysTokens else {
      throw .noModel(
        path,
        "a capture has the recurrent layers alone, and nothing that says tokens; save model.state_dict() as "
          + "safetensors and give that file")
    }
  }

  /// The ids of a text's tokens.
  ///
  /// - Throws: ``LanguageFileError/text(_:_:)`` for one that the vocabulary does not have, or an error of reading.
  public func tokens(ofFile path: String) throws -> [Int32] {
    try tokens(of: try Self.text(ofFile: path), from: path)
  }

  /// The ids of a text's tokens.
  ///
  /// - Parameter place: what messages call the text.
  public func tokens(of text: String, from place: String) throws -> [Int32] {
    do { return try model.vocabulary.encode(text) } catch {
      throw LanguageFileError.text(place, "\(error)")
    }
  }

  /// A file as a text.
  public static func text(ofFile path: String) throws -> String {
    let bytes = try InputFile.bytes(at: path, limit: SpecificationKey.taskByteLimit, mustBeRegular: false)
    return try InputFile.text(of: bytes, at: path)
  }

  /// The text that the model was trained on, with its parts.
  ///
  /// - Throws: ``LanguageFileError/noModel(_:_:)`` for a file from elsewhere, or `RunError` for a text that is not what it
  ///   was.
  public func corpus() throws -> Corpus {
    guard let origin else {
      throw LanguageFileError.noModel(
        path, "the file does not say what text the model was trained on; give one")
    }
    guard let text = try TrialRunner(origin.run.specification).outputs(of: origin.trial) as? NextToken else {
      throw LanguageFileError.noModel(path, "the run's task is no language model")
    }
    return text.corpus
  }
}
