import Foundation
import GradientFlow
import Specification
import TextFiles

/// `baselines.csv`: one row per model without a recurrent network, trained and tested on the parts of the text that the
/// run's language models are; new columns go to the right.
public enum BaselinesCSV {
  /// The column names.
  public static let header = "model,context,validation_loss,test_loss,test_perplexity,test_bits"

  /// The rows, each with its line feed.
  public static func rows(_ baselines: [Baseline]) -> [String] {
    baselines.map { model in
      let numbers = [
        model.validationLoss, model.testLoss, exp(model.testLoss), model.testLoss / log(2),
      ]
      return "\(CSVField.text(model.kind.name)),\(model.contextLength),"
        + numbers.map { CSVField.number($0) }.joined(separator: ",") + "\n"
    }
  }
}

extension SweepSpecification {
  /// Whether it trains language models.
  public var trainsLanguage: Bool { trains && task.identity.tokenLevel != nil }
}
