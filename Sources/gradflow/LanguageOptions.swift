import ArgumentParser
import Experiments

/// Which language model a command reads.
struct LanguageOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A run of 'gradflow train' on char-lm or word-lm, a safetensors or NPZ file, or, for units, a capture of a PyTorch "
        + "program."), completion: .file())
  var model: String

  @Option(help: "Of a run: the trial's id, or its first digits. Default: the first trial with a model.")
  var trial: String?

  @Option(help: "Of a run: the model that was kept after so many updates; 0: as drawn. Default: the last.")
  var update: Int?

  @Option(
    help: ArgumentHelp(
      "The tokens by id, where the file does not say: a JSON list, a JSON object from tokens to ids, or a text whose "
        + "characters, in code-point order, they are.", valueName: "file"), completion: .file())
  var vocabulary: String?

  @Option(help: "Of a file with several recurrent modules: which one.")
  var prefix: String?

  @Option(help: "Of a file with several linear layers: the one that says the tokens.")
  var readout: String?

  @Option(help: "Of a file with several embeddings: the one that the network reads.")
  var embedding: String?

  var request: LanguageModelRequest {
    var request = LanguageModelRequest(path: model)
    request.trial = trial
    request.update = update
    request.vocabulary = vocabulary
    (request.prefix, request.readout, request.embedding) = (prefix, readout, embedding)
    return request
  }

  /// Reads the model and says what the file leaves open.
  func read(quiet: Bool = false) throws -> ReadLanguageModel {
    let found = try request.read()
    for note in found.notes { Terminal.say("Note: \(note)", unless: quiet) }
    return found
  }

  /// As further commands name the model.
  var text: String {
    CommandText.path(model) + (trial.map { " --trial \($0)" } ?? "")
      + (update.map { " --update \($0)" } ?? "")
      + (vocabulary.map { " --vocabulary \(CommandText.path($0))" } ?? "")
  }
}
