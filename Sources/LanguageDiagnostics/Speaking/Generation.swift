import Language
import LinearAlgebra
import RecurrentCells

/// What a language model is to say.
public struct Generation: Sendable, Hashable {
  /// What it reads first, from a zero state; at least one token.
  public var prompt: [Int32]
  /// How many tokens it says.
  public var length: Int
  public var rule: SamplingRule
  /// Of the stream that chooses.
  public var seed: UInt64

  public init(prompt: [Int32], length: Int, rule: SamplingRule = SamplingRule(), seed: UInt64 = 0) {
    self.prompt = prompt
    self.length = length
    self.rule = rule
    self.seed = seed
  }

  /// One token that was said.
  public struct Token: Sendable, Equatable {
    public let id: Int32
    /// ln p of the model itself, at temperature 1 and among all tokens.
    public let logProbability: Double
  }
}

extension LanguageModel where Element == Float {
  /// Says tokens one by one, each read at the next step.
  ///
  /// - Parameter say: called with each as soon as it is chosen; false ends there.
  /// - Throws: ``LanguageModelError/diverged(token:)``.
  /// - Complexity: a step of one sequence for each token.
  public func generate(
    _ generation: Generation, say: (Generation.Token) -> Bool
  ) throws(LanguageModelError) {
    try withoutActuallyEscaping(say) { say throws(LanguageModelError) in
      try network.cell.accept(Speaking(model: self, generation: generation, say: say)).get()
    }
  }
}

extension LanguageModel where Element == Double {
  /// Says tokens one by one, each read at the next step.
  ///
  /// - Parameter say: called with each as soon as it is chosen; false ends there.
  /// - Throws: ``LanguageModelError/diverged(token:)``.
  /// - Complexity: a step of one sequence for each token.
  public func generate(
    _ generation: Generation, say: (Generation.Token) -> Bool
  ) throws(LanguageModelError) {
    try withoutActuallyEscaping(say) { say throws(LanguageModelError) in
      try network.cell.accept(Speaking(model: self, generation: generation, say: say)).get()
    }
  }
}

private struct Speaking<Element: Scalar>: CellVisitor {
  let model: LanguageModel<Element>
  let generation: Generation
  let say: (Generation.Token) -> Bool

  init(model: LanguageModel<Element>, generation: Generation, say: @escaping (Generation.Token) -> Bool) {
    (self.model, self.generation, self.say) = (model, generation, say)
  }

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> Result<Void, LanguageModelError>
  where Cell.Element == Element {
    Result { () throws(LanguageModelError) in try speak(type) }
  }

  private func speak<Cell: RecurrentCell>(_ type: Cell.Type) throws(LanguageModelError)
  where Cell.Element == Element {
    precondition(!generation.prompt.isEmpty, "nothing to begin with")
    let size = model.vocabulary.count
    let reader = TokenReader<Cell>(model.network)
    var stream = RandomStream(rootSeed: 0, trialSeed: generation.seed, purpose: .generatedText)
    try reader.read(generation.prompt)
    for k in 0..<generation.length {
      let token = reader.withLogits { y in
        // After the last token that was read.
        let row = UnsafeBufferPointer(rebasing: y.suffix(size))
        let id = generation.rule.token(of: row, uniform: stream.uniform())
        return Generation.Token(id: Int32(id), logProbability: logSoftmax(row, id))
      }
      guard say(token) else { return }
      if k + 1 < generation.length { try reader.read(CollectionOfOne(token.id)) }
    }
  }
}
