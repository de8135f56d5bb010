import Foundation
import GradientFlow

/// The columns of `baselines.csv`. A new one is an entry of ``columns``.
extension Baseline: ColumnSource {
  public typealias Entry = Double?

  public static let columns: [Column<Baseline, Double?>] = [
    .model, .context, .validationLoss, .testLoss,
  ]
}

extension Column<Baseline, Double?> {
  public static var model: Self {
    Self("model", "Which model it is, by its place in the list of kinds.") { Double($0.kind.rawValue) }
  }
  public static var context: Self {
    Self("context", "Tokens before the predicted one that it reads at most.") { Double($0.contextLength) }
  }
  public static var validationLoss: Self {
    Self("validation_loss", "Mean −ln p on the validation part, nats per token.") { $0.validationLoss }
  }
  public static var testLoss: Self {
    Self("test_loss", "Mean −ln p on the test part, nats per token.") { $0.testLoss }
  }
}

extension ColumnTable<Baseline> {
  /// Of no text.
  public init() { self.init(rows: 0) }

  init(_ baselines: [Baseline]) {
    self.init(rows: 0)
    append(baselines.count) { column in baselines.map { column.value($0) ?? .nan } }
  }

  /// As they were put in.
  public var baselines: [Baseline] {
    (0..<rows).compactMap { row in
      guard let number = self[.model, row], let kind = BaselineKind(rawValue: Int(number)),
        let context = self[.context, row], let validation = self[.validationLoss, row],
        let test = self[.testLoss, row]
      else { return nil }
      return Baseline(
        kind, contextLength: Int(context), validationLoss: validation, testLoss: test)
    }
  }
}
