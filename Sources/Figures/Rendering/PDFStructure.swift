/// The ends of a PDF: its header, and a last line `%%EOF` after the place of its table of objects, which must be in the
/// file (ISO 32000-1, section 7.5).
enum PDFStructure {
  static func flaw(in bytes: [UInt8]) -> String? {
    guard bytes.starts(with: "%PDF-".utf8) else { return "it does not begin as a PDF" }
    let end = String(decoding: bytes.suffix(64), as: UTF8.self).split { $0 == "\n" || $0 == "\r" }
    guard end.last == "%%EOF", end.count >= 3, end[end.count - 3].hasSuffix("startxref"),
      let table = Int(end[end.count - 2])
    else { return "it is cut off at byte \(bytes.count)" }
    return bytes.indices.contains(table) ? nil : "its table of objects is missing"
  }
}
