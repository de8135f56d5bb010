import GradientDiagnostics
import Language
import LinearAlgebra
import RecurrentCells
import Training

/// Trains the small network of ``LetterPass`` on one word, as min-char-rnn does: Adagrad, every component of the gradient
/// clipped to ±5, all weights from N(0, 0.5²) at first.
///
/// - Note: Source: Karpathy, min-char-rnn.py (2015).
public struct LetterTraining: Sendable {
  public private(set) var model: LanguageModel<Double>
  private let word: [Int32]
  private var optimiser: OptimiserState<Double>
  /// Updates made.
  public private(set) var updates = 0

  /// Of Adagrad.
  public static let learningRate = 0.1
  /// Of each component of the gradient of the sum of all losses, whose mean L is.
  public static let clip = 5.0
  /// Standard deviation of the first weights, which are large enough to see what they do.
  public static let weightDeviation = 0.5

  /// A drawn network.
  ///
  /// - Parameters:
  ///   - word: at least two letters; its letters, in the order in which they come first, are the vocabulary.
  ///   - hiddenSize: H.
  /// - Throws: ``VocabularyError`` never for a word of letters.
  public init(word: String, hiddenSize: Int, seed: UInt64) throws {
    var letters: [String] = []
    for scalar in word.unicodeScalars {
      let letter = String(Character(scalar))
      if !letters.contains(letter) { letters.append(letter) }
    }
    let vocabulary = try Vocabulary(.characters, letters)
    var recipe = NetworkRecipe(
      ParameterRecipe(
        cell: .rnn, hiddenSize: hiddenSize, inputSize: vocabulary.count, spectralRadius: 1, seed: seed),
      outputSize: vocabulary.count)
    recipe.weightDeviation = Self.weightDeviation
    try self.init(try LanguageModel(try recipe.network(), vocabulary), word: word)
  }

  /// A given network.
  ///
  /// - Throws: ``VocabularyError`` for a letter that is not in its vocabulary.
  public init(_ model: LanguageModel<Double>, word: String) throws {
    self.model = model
    self.word = try model.vocabulary.encode(word)
    optimiser = OptimiserState(.adagrad, for: model.network)
  }

  /// Every number of a pass through the word.
  public var pass: LetterPass { LetterPass(model, word: word) }

  /// Makes updates.
  public mutating func train(updates count: Int) throws(LanguageModelError) {
    var network = model.network
    let size = model.vocabulary.count
    let pass = NetworkPass<TanhCell<Double>>()
    let inputs = NetworkInputs<Double>(
      shape: BatchShape(steps: word.count - 1, batch: 1),
      inputs: .tokens(word.dropLast().map { Int($0) }, count: size))
    for _ in 0..<count {
      pass.run(network, on: inputs)
      if let divergence = pass.divergence { throw .diverged(token: divergence.step) }
      let loss = CrossEntropyLoss(
        classes: word.dropFirst().map { Int($0) }, readout: network.readout, placement: .everyStep)
      let found = pass.backward(loss: loss)
      let gradient = ClippedGradients(
        .value(Self.clip / Double(word.count - 1)), clipped: found, unclipped: found, penalty: nil)
      _ = optimiser.step(
        &network, gradient.unscaled, factor: gradient.factor, learningRate: Self.learningRate)
      updates += 1
    }
    model = try LanguageModel(network, model.vocabulary)
  }
}
