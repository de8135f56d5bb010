import GradientFlow
import Specification
import TextFiles

/// `timesteps.csv`: one row per trial and step, columns in fixed order; new ones go to the right.
public struct TimestepsCSV: Sendable {
  /// What each row of a trial begins with, has in its middle and ends with.
  private let head, middle, end: String

  private static let firstAxes: [Axis] = [
    .cell, .hiddenSize, .spectralRadius, .sequenceLength, .forgetBias, .clip, .seed,
  ]
  private static let middleAxes: [Axis] = [.inputScale, .initializer]
  /// The first columns of a step; columns added later follow the middle axes.
  private static let firstCount = 9

  /// The column names.
  ///
  /// - Parameter axes: those that came later and have a column in the run.
  public static func header(_ axes: [Axis] = []) -> String {
    let columns = StepDiagnosis.columns.map(\.name)
    let names =
      ["trial"] + firstAxes.map(\.column) + ["t", "lag"] + columns.prefix(firstCount)
      + middleAxes.map(\.column) + columns.dropFirst(firstCount) + ["layer", "direction"] + axes.map(\.column)
    return names.joined(separator: ",")
  }

  /// The rows of a trial of a sweep.
  ///
  /// - Parameter axes: those that came later and have a column in the run.
  public init(_ trial: TrialParameters, axes: [Axis] = []) {
    func fields(_ axes: [Axis]) -> String { axes.map { "," + $0.field(trial) }.joined() }
    head = trial.id + fields(Self.firstAxes)
    middle = fields(Self.middleAxes)
    end = ",0,\(Direction.forward.rawValue)" + fields(axes) + "\n"
  }

  /// The rows of a layer of a network that was not drawn by a sweep, whose other parameters are not known.
  public init(
    name: String, cell: CellKind, shape: SequenceShape, clip: GradientClip, layer: Int, direction: Direction
  ) {
    let fields: [Axis: String] = [
      .cell: cell.rawValue, .hiddenSize: "\(shape.hiddenSize)", .sequenceLength: "\(shape.steps)",
      .clip: CSVField.text(clip.label),
    ]
    head = CSVField.text(name) + Self.firstAxes.map { "," + (fields[$0] ?? "") }.joined()
    middle = Self.middleAxes.map { _ in "," }.joined()
    end = ",\(layer),\(direction.rawValue)\n"
  }

  /// Writes the rows t = 0…T of a table.
  public func write(_ table: StepTable, to write: (String) throws -> Void) rethrows {
    let columns = StepDiagnosis.columns.map { table.columns[$0] }
    let (first, last) = (columns.prefix(Self.firstCount), columns.dropFirst(Self.firstCount))
    try writeInPieces(0..<table.rows, to: write) { t, text in
      text += head
      text += ",\(t),\(table.steps - t)"
      for column in first { CSVField.append(column?[t], to: &text) }
      text += middle
      for column in last { CSVField.append(column?[t], to: &text) }
      text += end
    }
  }
}
