import GradientFlow

/// A small language model, drawn from a seed, with logits that are far from equal.
enum SmallLanguageModel {
  static func make(
    _ cell: CellKind = .lstm, layers: Int = 2, size: Int = 5, hidden: Int = 6, embedding: Int? = nil,
    seed: UInt64 = 3
  ) throws -> LanguageModel<Double> {
    var recipe = NetworkRecipe(
      ParameterRecipe(cell: cell, hiddenSize: hidden, inputSize: size, spectralRadius: 1, seed: seed),
      layers: layers, embeddingSize: embedding, outputSize: size)
    recipe.weightDeviation = 1
    let tokens = (0..<size).map { String(Character(Unicode.Scalar(UInt8(97 + $0)))) }
    return try LanguageModel(try recipe.network(), try Vocabulary(.characters, tokens))
  }

  static func tokens(_ count: Int, of size: Int = 5) -> [Int32] {
    var stream = RandomStream(rootSeed: 1, trialSeed: 9, purpose: .other(31))
    return (0..<count).map { _ in Int32(stream.integer(below: size)) }
  }

  /// ŷ_t of every step of a text, from a pass over the whole of it.
  static func distributions(_ model: LanguageModel<Double>, _ tokens: [Int32]) throws -> [[Double]] {
    let all = model.network.distributions(
      on: NetworkInputs(
        shape: BatchShape(steps: tokens.count, batch: 1),
        inputs: .tokens(tokens.map { Int($0) }, count: model.vocabulary.count)))
    let size = model.vocabulary.count
    guard let all else { return [] }
    return (0..<tokens.count).map { Array(all[$0 * size..<($0 + 1) * size]) }
  }
}
