import GradientFlow
import Specification
import TextFiles

/// `test_steps.csv`: one row per trained network and step with a loss, of the whole test set; new columns go to the right.
public enum StepTestsCSV {
  /// The column names.
  public static let header = (["trial"] + StepTest.columns.map(\.name)).joined(separator: ",")

  /// Writes the rows of a trial.
  package static func write(
    _ record: TrialRecord, of trial: TrialParameters, to write: (String) throws -> Void
  ) rethrows {
    let columns = StepTest.columns.map { record.stepTests.columns[$0] }
    try writeInPieces(0..<record.stepTests.rows, to: write) { row, text in
      text += trial.id
      for column in columns { CSVField.append(column?[row], to: &text) }
      text += "\n"
    }
  }
}

extension SweepSpecification {
  /// Whether it trains networks whose loss reads several steps: their tests are kept by step.
  public var hasStepTests: Bool {
    trains && task.identity.tokenLevel == nil
      && values(of: .sequenceLength, \.sequenceLength).contains { steps in
        task.identity.placement(steps: steps).count(of: steps) > 1
      }
  }
}
