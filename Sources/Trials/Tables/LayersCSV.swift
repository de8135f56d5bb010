import GradientFlow
import Specification
import TextFiles

/// `layers.csv`: one row per trial, layer and direction, of runs whose networks may have several; new columns go to the
/// right.
public enum LayersCSV {
  private static let firstAxes: [Axis] = [
    .cell, .hiddenSize, .spectralRadius, .sequenceLength, .forgetBias, .clip, .seed,
  ]
  private static let lastAxes: [Axis] = [.inputScale, .initializer]

  /// The column names.
  ///
  /// - Parameter axes: those that came later and have a column in the run.
  public static func header(_ axes: [Axis] = []) -> String {
    (["trial"] + firstAxes.map(\.column) + ["part", "layer", "direction"] + LayerRecord.columns.map(\.name)
      + lastAxes.map(\.column) + axes.map(\.column)).joined(separator: ",")
  }

  /// The rows of a trial, each with its line feed; none of a failed one.
  ///
  /// - Parameter axes: those that came later and have a column in the run.
  public static func rows(_ record: TrialRecord, of trial: TrialParameters, axes: [Axis] = []) -> [String] {
    func fields(_ axes: [Axis]) -> String { axes.map { "," + $0.field(trial) }.joined() }
    let (head, end) = (trial.id + fields(firstAxes), fields(lastAxes) + fields(axes) + "\n")
    return record.allLayers.map { layer in
      var row = head + ",\(layer.place.part?.rawValue ?? ""),\(layer.place.layer)"
      row += ",\(layer.place.direction.rawValue)"
      for column in LayerRecord.columns { CSVField.append(column.value(layer), to: &row) }
      return row + end
    }
  }
}
