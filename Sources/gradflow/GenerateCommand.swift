import ArgumentParser
import Experiments
import Foundation
import GradientFlow

struct GenerateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Let a trained language model write text.",
    discussion: """
      Reads a prompt from a zero state, then says one token after another, each drawn from softmax(y/τ) and read at the \
      next step. The same seed says the same.

        gradflow generate runs/char-lm --prompt "In the beginning" --length 500
        gradflow generate runs/char-lm --temperature 0.5 --top-k 10 --seed 7
        gradflow generate runs/char-lm --by-checkpoint          # how its language came about (checkpoint_every)
        gradflow generate model.safetensors --vocabulary vocabulary.json --prompt "The "
        gradflow generate runs/char-lm --log-probabilities > said.csv   # what each character cost

      A low temperature τ says what is likely, a high one what is possible; 0 always says the likeliest.
      """)

  @OptionGroup var model: LanguageOptions

  @Option(help: "What it reads first. Default: a line end, or the first token of the vocabulary.")
  var prompt: String?

  @Option(help: "How many characters or words to say. Default: 500; 80 by checkpoint.")
  var length: Int?

  @Option(help: "τ, at least 0.")
  var temperature = 1.0

  @Option(name: .customLong("top-k"), help: "Only the k likeliest tokens may be said. Default: all.")
  var topCount: Int?

  @Option(help: "Of the random choices.")
  var seed: UInt64 = 0

  @Flag(help: "Print one row per token with ln p of the model itself, as CSV.")
  var logProbabilities = false

  @Flag(help: "Let every model speak that the training has kept, in a table.")
  var byCheckpoint = false

  @Flag(help: "With --by-checkpoint: print JSON.")
  var json = false

  func validate() throws {
    if let length, length < 1 {
      throw ValidationError("--length \(length): allowed are whole numbers from 1.")
    }
    if let topCount, topCount < 1 {
      throw ValidationError("--top-k \(topCount): allowed are whole numbers from 1.")
    }
    guard temperature >= 0, temperature.isFinite else {
      throw ValidationError("--temperature \(temperature): allowed are finite numbers from 0.")
    }
    if json, !byCheckpoint { throw ValidationError("--json is for --by-checkpoint.") }
    if byCheckpoint, logProbabilities {
      throw ValidationError("--by-checkpoint prints a table; --log-probabilities is of one model.")
    }
  }

  func run() async throws {
    try await ExitStatus.interruptible {
      if byCheckpoint { return try printCheckpoints() }
      let found = try model.read()
      try found.requireTokens()
      let generation = try generation(of: found, length: length ?? 500)
      if logProbabilities { return try printRows(found, generation) }
      // A prompt that was given is part of the text.
      let vocabulary = found.model.vocabulary
      var said: [Int32] = prompt == nil ? [] : generation.prompt
      if vocabulary.level == .characters {
        Terminal.data(vocabulary.text(of: said))
        try found.model.generate(generation) { token in
          Terminal.data(vocabulary.text(of: CollectionOfOne(token.id)))
          return true
        }
        Terminal.data("\n")
      } else {
        try found.model.generate(generation) { token in
          said.append(token.id)
          return true
        }
        Terminal.data(vocabulary.text(of: said) + "\n")
      }
      Terminal.say("Next: gradflow score \(model.text) FILE")
    }
  }

  private func generation(of model: ReadLanguageModel, length: Int) throws -> Generation {
    let vocabulary = model.model.vocabulary
    var ids: [Int32]
    if let prompt {
      ids = try model.tokens(of: prompt, from: "--prompt")
      guard !ids.isEmpty else {
        throw LanguageFileError.text("--prompt", "has no \(vocabulary.level.noun)s")
      }
    } else {
      ids = [
        vocabulary.tokens.firstIndex(of: vocabulary.level == .characters ? "\n" : ".").map { Int32($0) } ?? 0
      ]
    }
    return Generation(
      prompt: ids, length: length, rule: SamplingRule(temperature: temperature, topCount: topCount),
      seed: seed)
  }

  private func printRows(_ found: ReadLanguageModel, _ generation: Generation) throws {
    Terminal.data("position,token,log_probability\n")
    var position = 0
    try found.model.generate(generation) { token in
      position += 1
      let text = CSVField.text(found.model.vocabulary.tokens[Int(token.id)])
      Terminal.data("\(position),\(text),\(CSVField.number(token.logProbability))\n")
      return true
    }
  }

  private func printCheckpoints() throws {
    let checkpoints = try model.request.checkpoints()
    let generation = try generation(of: checkpoints[0].model, length: length ?? 80)
    let table = try SampleTable(checkpoints, generation)
    Terminal.data(json ? table.json.text : table.text(width: Terminal.width))
    if checkpoints.count < 3 {
      Terminal.say(
        "Few checkpoints were kept; train with checkpoint_every=N to see how the language came about.")
    }
  }
}
