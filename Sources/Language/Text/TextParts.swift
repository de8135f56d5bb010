/// Which parts of a text are for what: first what is trained on, then what is watched during training, then what is tested
/// on at the end.
///
///     training 0..<n − v − e,   validation the next v = ⌊n · validation⌋,   test the last e = ⌊n · test⌋
public struct TextParts: Sendable, Equatable {
  public let training, validation, test: Range<Int>

  /// - Parameters:
  ///   - count: n, tokens of the text.
  ///   - validation: in percent.
  ///   - test: in percent.
  /// - Precondition: percentages are not negative, and together below 100.
  public init(count: Int, validation: Int, test: Int) {
    precondition(validation >= 0 && test >= 0 && validation + test < 100, "parts of a text in percent")
    let (v, e) = (count * validation / 100, count * test / 100)
    training = 0..<count - v - e
    self.validation = training.upperBound..<count - e
    self.test = self.validation.upperBound..<count
  }
}

/// A part of a text that a network is not trained on.
public enum HeldOutPart: String, Sendable, Hashable, CaseIterable {
  /// Watched during training.
  case validation
  /// Read once, at the end.
  case test
}

extension TextParts {
  /// The tokens of a held-out part.
  public subscript(part: HeldOutPart) -> Range<Int> {
    switch part {
    case .validation: validation
    case .test: test
    }
  }
}
