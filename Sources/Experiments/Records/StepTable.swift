import Foundation
import GradientFlow

/// The per-step results of one trial: some ``StepColumn``s over t = 0…T. NaN marks what does not exist.
public struct StepTable: Sendable, Equatable {
  /// T.
  public let steps: Int
  private let table: ColumnTable<StepColumn>
  /// Each with T + 1 values.
  public var columns: [StepColumn: [Double]] { table.columns }

  /// - Precondition: every column has T + 1 values.
  public init(steps: Int, columns: [StepColumn: [Double]] = [:]) {
    self.steps = steps
    table = ColumnTable(rows: steps + 1, columns: columns)
  }

  /// The value at step t, or nil where it does not exist.
  public subscript(column: StepColumn, t: Int) -> Double? {
    table[column, t]
  }

  /// The tables' columns from a diagnosis.
  ///
  /// - Parameters:
  ///   - clipped: of the recursion that was asked for.
  ///   - unclipped: of the recursion without a step clip.
  ///   - coefficient: of the global-norm rule, log10; 0 where it does not apply.
  public init(clipped: StepGradients, unclipped: StepGradients, log10Coefficient: Double = 0) {
    let s = clipped
    func fromOne(_ values: [Double]) -> [Double] { [.nan] + values }
    var columns: [StepColumn: [Double]] = [
      .hidden: s.hidden, .hiddenMean: s.hiddenMean, .hiddenDeviation: s.hiddenDeviation,
      .immediate: s.immediate, .hiddenUnclipped: unclipped.hidden,
      .hiddenAfterClip: s.hiddenAfterClip.map { $0 + log10Coefficient },
      .preactivation: fromOne(s.preactivation), .weightHH: fromOne(s.weightHH),
      .weightIH: fromOne(s.weightIH), .biasIH: fromOne(s.biasIH), .biasHH: fromOne(s.biasHH),
    ]
    if !s.cell.isEmpty {
      columns[.cell] = s.cell
      columns[.cellMean] = s.cellMean
    }
    if s.gates.count > 1 {
      for (g, gate) in s.gates.enumerated() {
        guard let column = StepColumn.gate(gate) else { continue }
        columns[column] = fromOne(
          (0..<s.steps).map { s.preactivationByGate[$0 * s.gates.count + g] })
      }
    }
    if s.recurrentPreactivation != s.preactivation {
      columns[.recurrentPreactivation] = fromOne(s.recurrentPreactivation)
    }
    self.init(steps: s.steps, columns: columns)
  }

  // MARK: - The store's form

  /// Names of the columns present; see ``ColumnTable``.
  public var columnList: String { table.columnList }

  /// Column after column, T + 1 little-endian doubles each: in NumPy,
  /// `frombuffer(blob, "<f8").reshape(len(columns), T + 1)`.
  public var blob: Data { table.blob }

  /// Reads the store's form back; nil if it does not fit together.
  public init?(steps: Int, columnList: String, blob: Data) {
    guard (0...blob.count).contains(steps),
      let table = ColumnTable<StepColumn>(rows: steps + 1, columnList: columnList, blob: blob)
    else { return nil }
    self.steps = steps
    self.table = table
  }
}
