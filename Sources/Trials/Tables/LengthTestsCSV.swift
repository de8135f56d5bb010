import GradientFlow
import Specification
import TextFiles

/// `test_lengths.csv`: one row per trained network and length that it was also tested at; new columns go to the right.
public enum LengthTestsCSV {
  /// The column names.
  public static let header = (["trial"] + LengthTest.columns.map(\.name)).joined(separator: ",")

  /// The rows of a trial, each with its line feed.
  public static func rows(_ record: TrialRecord, of trial: TrialParameters) -> [String] {
    let columns = LengthTest.columns.map { record.lengthTests.columns[$0] }
    return (0..<record.lengthTests.rows).map { row in
      var text = trial.id
      for column in columns { CSVField.append(column?[row], to: &text) }
      return text + "\n"
    }
  }
}
