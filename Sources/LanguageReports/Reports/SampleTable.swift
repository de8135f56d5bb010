import Foundation
import GradientFlow
import TextFiles

/// What a network said at each of its checkpoints: how its language comes about.
public struct SampleTable {
  /// What was said after some updates.
  public struct Sample: Sendable, Equatable {
    public let updates: Int
    public let text: String
    /// Mean −ln p of what was said, nats per token.
    public let nats: Double
  }

  public private(set) var samples: [Sample] = []

  /// Lets every checkpoint speak.
  ///
  /// - Throws: `LanguageModelError`.
  public init(
    _ checkpoints: [(updates: Int, model: ReadLanguageModel)], _ generation: Generation
  ) throws(LanguageModelError) {
    for (updates, model) in checkpoints {
      var ids: [Int32] = []
      var logs: [Double] = []
      try model.model.generate(generation) { token in
        ids.append(token.id)
        logs.append(token.logProbability)
        return true
      }
      samples.append(
        Sample(
          updates: updates, text: model.model.vocabulary.text(of: ids),
          nats: -logs.reduce(0, +) / Double(max(1, logs.count))))
    }
  }

  /// Line ends are shown, not made.
  public func text(width: Int?) -> String {
    AlignedRows.text(
      [["update", "says"]]
        + samples.map { [Brief.grouped($0.updates), $0.text.replacing("\n", with: "⏎")] }, width: width)
  }

  public var json: JSONText {
    .array(
      samples.map {
        .object([
          ("updates", .integer($0.updates)), ("text", .string($0.text)), ("nats", .number($0.nats)),
        ])
      })
  }
}
