/// Writes rows in pieces of some size: one text that keeps its memory is far cheaper than a text for each.
///
/// - Parameter append: adds a row to the text.
func writeInPieces<Rows: Sequence>(
  _ rows: Rows, to write: (String) throws -> Void, append: (Rows.Element, inout String) -> Void
) rethrows {
  var text = ""
  for row in rows {
    append(row, &text)
    if text.utf8.count > 60_000 {
      try write(text)
      text.removeAll(keepingCapacity: true)
    }
  }
  if !text.isEmpty { try write(text) }
}
