/// A text of tokens in three parts.
public struct BaselineText: Sendable {
  /// Each in 0..<vocabulary.
  public let tokens: [Int32]
  /// V.
  public let vocabulary: Int
  /// What models learn from.
  public let training: Range<Int>
  /// What orders, passes and the like are chosen on.
  public let validation: Range<Int>
  /// What is chosen is tested on.
  public let test: Range<Int>

  public init(
    tokens: [Int32], vocabulary: Int, training: Range<Int>, validation: Range<Int>, test: Range<Int>
  ) {
    (self.tokens, self.vocabulary) = (tokens, vocabulary)
    (self.training, self.validation, self.test) = (training, validation, test)
  }
}

/// Stops at tokens outside a vocabulary and at ranges outside the text: models read both without checks.
func checkText(_ tokens: [Int32], vocabulary: Int, ranges: [Range<Int>]) {
  precondition(
    ranges.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= tokens.count }, "ranges lie in the text")
  precondition(tokens.allSatisfy { $0 >= 0 && $0 < vocabulary }, "tokens are in 0..<vocabulary")
}
