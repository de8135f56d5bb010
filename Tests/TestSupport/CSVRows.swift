/// The rows of a CSV without quotes by column name, with the header's names in order.
public struct CSVRows: Sendable {
  public let columns: [String]
  public let rows: [[String: String]]

  public init(_ text: String) {
    func fields(_ line: Substring) -> [String] {
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let lines = text.split(separator: "\n")
    let columns = lines.first.map(fields) ?? []
    self.columns = columns
    rows = lines.dropFirst().map { line in
      let fields = fields(line)
      precondition(
        fields.count == columns.count, "\(fields.count) fields for \(columns.count) columns: \(line)")
      return Dictionary(uniqueKeysWithValues: zip(columns, fields))
    }
  }

  /// A column as text.
  public subscript(column: String) -> [String] { rows.map { $0[column] ?? "" } }

  /// A column as numbers; nil for an empty field.
  public func numbers(_ column: String) -> [Double?] { self[column].map(Double.init) }

  /// The rows in which columns have these values.
  public func rows(where values: [String: String]) -> [[String: String]] {
    rows.filter { row in values.allSatisfy { row[$0.key] == $0.value } }
  }
}
