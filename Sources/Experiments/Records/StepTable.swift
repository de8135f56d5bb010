import Foundation
import GradientFlow

/// The per-step results of one trial: some ``StepColumn``s over t = 0…T. NaN marks what does not exist.
public struct StepTable: Sendable, Equatable {
  /// T.
  public let steps: Int
  /// Each with T + 1 values.
  public private(set) var columns: [StepColumn: [Double]]

  public init(steps: Int, columns: [StepColumn: [Double]] = [:]) {
    precondition(columns.values.allSatisfy { $0.count == steps + 1 }, "a column has T + 1 values")
    self.steps = steps
    self.columns = columns
  }

  /// The value at step t, or nil where it does not exist.
  public subscript(column: StepColumn, t: Int) -> Double? {
    guard let value = columns[column]?[t], !value.isNaN else { return nil }
    return value
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

  /// Names of the columns present, in declaration order, separated by commas.
  public var columnList: String {
    StepColumn.allCases.filter { columns[$0] != nil }.map(\.rawValue).joined(separator: ",")
  }

  /// Column after column, T + 1 little-endian doubles each: in NumPy,
  /// `frombuffer(blob, "<f8").reshape(len(columns), T + 1)`.
  public var blob: Data {
    var data = Data(capacity: columns.count * (steps + 1) * 8)
    for column in StepColumn.allCases {
      guard let values = columns[column] else { continue }
      values.map { $0.bitPattern.littleEndian }.withUnsafeBytes { data.append(contentsOf: $0) }
    }
    return data
  }

  /// Reads the store's form back; nil if it does not fit together.
  public init?(steps: Int, columnList: String, blob: Data) {
    let names = columnList.split(separator: ",").map(String.init)
    let known = names.compactMap(StepColumn.init(rawValue:))
    // The count is bounded by the bytes before anything is computed from it.
    guard (0...blob.count).contains(steps), known.count == names.count,
      blob.count == names.count * (steps + 1) * 8
    else { return nil }
    var columns: [StepColumn: [Double]] = [:]
    blob.withUnsafeBytes { raw in
      for (k, column) in known.enumerated() {
        columns[column] = (0...steps).map { t in
          Double(
            bitPattern: UInt64(
              littleEndian: raw.loadUnaligned(
                fromByteOffset: (k * (steps + 1) + t) * 8, as: UInt64.self)))
        }
      }
    }
    self.steps = steps
    self.columns = columns
  }
}
