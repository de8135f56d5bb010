import Trials

/// A completed trial, as stored.
package struct StoredTrial: Sendable {
  package let id: String
  /// The parameters as canonical JSON.
  package let parameters: String
  package let record: TrialRecord
  /// Time it took on one core; nil in stores of schema 1.
  package let seconds: Double?
  /// Row of `sessions`; nil in stores of schema 1.
  package var session: Int64?

  /// Bytes that it holds in memory.
  package var size: Int {
    let tables = record.layers.isEmpty ? [record.steps] : record.layers.map(\.steps)
    return 1000 * tables.count + tables.reduce(0) { $0 + ($1.map { $0.rows * $0.columns.count * 8 } ?? 0) }
      + (record.training?.size ?? 0)
  }
}
