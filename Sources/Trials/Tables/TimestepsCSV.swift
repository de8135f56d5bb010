import GradientFlow
import Specification
import TextFiles

/// `timesteps.csv`: one row per trial, layer, direction and step, columns in fixed order; new ones go to the right.
public struct TimestepsCSV: Sendable {
  /// What each row of a layer begins with, has in its middle and ends with.
  private let head, middle, end: String
  /// What a row ends with beside.
  private let further: FurtherColumns
  private let path: LayerPath?
  /// Of a layer of no sweep: sequences by step 0…T, and log10 ‖∂L/∂x_t‖, t = 1…T.
  private let counts: [Int]
  private let inputNorms: [Double]

  private static let firstAxes: [Axis] = [
    .cell, .hiddenSize, .spectralRadius, .sequenceLength, .forgetBias, .clip, .seed,
  ]
  private static let middleAxes: [Axis] = [.inputScale, .initializer]
  /// The first columns of a step; columns added later follow the middle axes.
  private static let firstCount = 9

  /// Columns that only some runs have, at the far right.
  public struct FurtherColumns: Sendable {
    /// The axes that came later and have a column in the run.
    let axes: [Axis]
    /// Whether sequences of a batch have different lengths: how many of them have a step.
    let countsSequences: Bool
    /// Whether networks have an encoder: which part a step is of.
    let namesParts: Bool
    /// Whether there is the gradient by what each layer reads, of diagnoses.
    let hasInputGradients: Bool

    public init(
      axes: [Axis] = [], countsSequences: Bool = false, namesParts: Bool = false,
      hasInputGradients: Bool = false
    ) {
      self.axes = axes
      self.countsSequences = countsSequences
      self.namesParts = namesParts
      self.hasInputGradients = hasInputGradients
    }

    /// Of a run.
    public init(_ specification: SweepSpecification) {
      self.init(
        axes: specification.laterAxes,
        countsSequences: specification.values(of: .shortestLength, \.shortestLength).contains { $0 != nil },
        namesParts: specification.hasEncoder)
    }

    var names: [String] {
      axes.map(\.column) + (hasInputGradients ? ["log10_grad_x"] : [])
        + (countsSequences ? ["sequences"] : []) + (namesParts ? ["part"] : [])
    }
  }

  /// The column names.
  public static func header(_ further: FurtherColumns = FurtherColumns()) -> String {
    let columns = StepDiagnosis.measured.map(\.name)
    let names =
      ["trial"] + firstAxes.map(\.column) + ["t", "lag"] + columns.prefix(firstCount)
      + middleAxes.map(\.column) + columns.dropFirst(firstCount) + ["layer", "direction"] + further.names
    return names.joined(separator: ",")
  }

  /// The rows of a layer of a trial of a sweep.
  public init(
    _ trial: TrialParameters, _ path: LayerPath, further: FurtherColumns = FurtherColumns()
  ) {
    func fields(_ axes: [Axis]) -> String { axes.map { "," + $0.field(trial) }.joined() }
    head = trial.id + fields(Self.firstAxes)
    middle = fields(Self.middleAxes)
    end = ",\(path.layer),\(path.direction.rawValue)" + fields(further.axes)
    self.further = further
    self.path = path
    (counts, inputNorms) = ([], [])
  }

  /// The rows of a layer of a network that was not drawn by a sweep, whose other parameters are not known.
  ///
  /// - Parameter inputNorms: log10 ‖∂L/∂x_t‖ of the layer, t = 1…T, where `further` has a column of it.
  public init(
    name: String, cell: CellKind, shape: SequenceShape, clip: GradientClip, layer: Int, direction: Direction,
    inputNorms: [Double] = [], further: FurtherColumns = FurtherColumns()
  ) {
    let fields: [Axis: String] = [
      .cell: cell.rawValue, .hiddenSize: "\(shape.hiddenSize)", .sequenceLength: "\(shape.steps)",
      .clip: CSVField.text(clip.label),
    ]
    head = CSVField.text(name) + Self.firstAxes.map { "," + (fields[$0] ?? "") }.joined()
    middle = Self.middleAxes.map { _ in "," }.joined()
    end = ",\(layer),\(direction.rawValue)"
    self.further = further
    self.inputNorms = inputNorms
    counts = further.countsSequences ? (0...shape.steps).map(shape.states) : []
    path = nil
  }

  /// Writes the rows of a table, t = 0…T or those that were kept.
  public func write(_ table: StepTable, to write: (String) throws -> Void) rethrows {
    let columns = StepDiagnosis.measured.map { table.columns[$0] }
    let (first, last) = (columns.prefix(Self.firstCount), columns.dropFirst(Self.firstCount))
    let steps = table.steps
    try writeInPieces(0..<table.rows, to: write) { row, text in
      let t = table.time(ofRow: row)
      text += head
      text += ",\(t),\(steps - t)"
      for column in first { CSVField.append(column?[row], to: &text) }
      text += middle
      for column in last { CSVField.append(column?[row], to: &text) }
      text += end
      if further.hasInputGradients {
        CSVField.append(inputNorms.indices.contains(t - 1) ? inputNorms[t - 1] : nil, to: &text)
      }
      if further.countsSequences { text += ",\(path?.sequences(at: t) ?? counts[t])" }
      if further.namesParts { text += ",\(path?.part(at: t)?.rawValue ?? "")" }
      text += "\n"
    }
  }
}

extension SweepSpecification {
  /// Whether networks read one sequence and say another one.
  package var hasEncoder: Bool { task.identity.topology == .encoderDecoder }
  /// Whether some network may have more than one recurrent layer, read forward, or other axes of networks are used: only then
  /// there is a table of layers.
  package var hasLayerTable: Bool { hasEncoder || laterAxes.contains { $0.added == Axis.network } }
}
