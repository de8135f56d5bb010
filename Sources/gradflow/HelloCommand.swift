import ArgumentParser
import Experiments
import GradientFlow

struct HelloCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hello",
    abstract: "Work through a four-letter network by hand: every number of one pass, forward and back.",
    discussion: """
      A character-level network of three tanh units learns to spell "hello": it reads h, e, l, l and is to say e, l, l, o. \
      Prints one-hot inputs, hidden states, scores, probabilities and losses, then the gradients on the way back and what \
      each step contributes to each weight. After "l" there are two right answers: only the hidden state tells them apart.

        gradflow hello                    # after 100 updates
        gradflow hello --updates 0        # the network as drawn
        gradflow hello --word banana --hidden 5
        gradflow hello --weights net.safetensors --vocabulary vocabulary.json

      Adagrad with learning rate \(LetterTraining.learningRate.shortestDecimal), each component of the gradient clipped to \
      ±\(LetterTraining.clip.shortestDecimal), as in min-char-rnn.
      """)

  @Option(help: "What it learns to spell, at least two letters.")
  var word = "hello"

  @Option(help: "Hidden units H.")
  var hidden = 3

  @Option(help: "Updates before the pass that is shown.")
  var updates: Int?

  @Option(help: "Of the first weights.")
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp("Take these weights; no updates unless --updates says so.", valueName: "file"),
    completion: .file())
  var weights: String?

  @Option(help: ArgumentHelp("The letters by id, where the file does not say.", valueName: "file"))
  var vocabulary: String?

  @Flag(help: "Print all numbers as JSON.")
  var json = false

  private static let usualUpdates = 100
  private static let longestWord = 40, mostUnits = 100

  func validate() throws {
    guard (2...Self.longestWord).contains(word.unicodeScalars.count) else {
      throw ValidationError(
        "--word '\(word)' has \(word.unicodeScalars.count) letters; allowed are 2 to \(Self.longestWord).")
    }
    guard (1...Self.mostUnits).contains(hidden) else {
      throw ValidationError("--hidden \(hidden): allowed are 1 to \(Self.mostUnits).")
    }
    if let updates, !(0...1_000_000).contains(updates) {
      throw ValidationError("--updates \(updates): allowed are 0 to 1000000.")
    }
    if vocabulary != nil, weights == nil { throw ValidationError("--vocabulary is for --weights.") }
  }

  func run() async throws {
    try await ExitStatus.interruptible {
      var training = try training()
      let before = training.pass.loss
      try training.train(updates: updates ?? (weights == nil ? Self.usualUpdates : 0))
      let pass = training.pass
      let text = LetterPassText(pass, width: Terminal.width)
      if json { return Terminal.data(text.json.text) }
      if training.updates > 0 {
        Terminal.say(
          "\(training.updates) updates: loss \(Brief.number(before)) → \(Brief.number(pass.loss)) nats")
      }
      Terminal.data(text.text)
      Terminal.say("Next: gradflow train experiments/char-lm.yaml")
    }
  }

  private func training() throws -> LetterTraining {
    guard let weights else { return try LetterTraining(word: word, hiddenSize: hidden, seed: seed) }
    var request = LanguageModelRequest(path: weights)
    request.vocabulary = vocabulary
    let found = try request.read()
    for note in found.notes { Terminal.say("Note: \(note)") }
    let network = found.model.network
    guard network.cell == .rnn, network.recurrent.layers.count == 1, network.embedding == nil else {
      throw LanguageFileError.noModel(
        weights, "the numbers of a pass are shown for one layer of tanh units that reads one-hot letters")
    }
    _ = try found.tokens(of: word, from: "--word")
    return try LetterTraining(found.model, word: word)
  }
}
