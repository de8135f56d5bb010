/// A store's table definitions, read from its bytes.
enum SalvagedTable {
  /// The most bytes of such a text, and of the pages that it may lie in.
  private static let limit = 1 << 14, searched = 1 << 16

  /// The columns of a table, from the statement that created it; nil if that is not found intact.
  package static func columns(of table: String, in files: [SalvageFile]) -> [String]? {
    let beginning = Array("CREATE TABLE \(table) (".utf8)
    for file in files {
      let bytes = file.bytes(at: 0, count: searched)
      guard let start = bytes.firstRange(of: beginning)?.upperBound,
        let end = bytes[start...].prefix(limit).firstIndex(of: UInt8(ascii: ")"))
      else { continue }
      let text = String(decoding: bytes[start..<end], as: UTF8.self)
      let names = text.split(separator: ",").map { column in
        column.split { " \n\t\"".contains($0) }.first.map(String.init) ?? ""
      }
      if names.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } }) {
        return names
      }
    }
    return nil
  }
}
