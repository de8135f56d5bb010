/// The softmax on a fixed window of 8 tokens, for vocabularies that ``WindowModel`` has.
public enum WindowBaseline: BaselineModel {
  /// Tokens of the window.
  public static let window = 8

  public static func baselines(of text: BaselineText) -> [Baseline] {
    guard
      let model = WindowModel(
        tokens: text.tokens, vocabulary: text.vocabulary, window: window, training: text.training,
        validation: text.validation)
    else { return [] }
    return [
      Baseline(
        .window, contextLength: window,
        validationLoss: model.loss(tokens: text.tokens, on: text.validation),
        testLoss: model.loss(tokens: text.tokens, on: text.test))
    ]
  }
}
