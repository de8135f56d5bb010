/// Texts of a PDF: a new dictionary of information in an incremental update (ISO 32000-1, sections 7.5.6 and 14.3.3).
///
/// The date in the old dictionary, which is not in use any more, becomes blanks, so that the same figure gives the same
/// bytes.
enum PDFMetadata {
  static func added(_ metadata: ImageMetadata, to image: [UInt8]) -> [UInt8]? {
    guard let table = lastTable(image) else { return nil }
    let isClassic = image[table...].starts(with: "xref".utf8)
    guard let trailer = trailer(image, table, isClassic: isClassic), let size = number("Size", in: trailer),
      let root = reference("Root", in: trailer)
    else { return nil }
    var bytes = withoutDate(image, before: table)
    if bytes.last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
    let information = bytes.count
    bytes += Array("\(size) 0 obj\n\(dictionary(metadata))\nendobj\n".utf8)
    let update = bytes.count
    let entries = "/Root \(root) /Info \(size) 0 R /Prev \(table)"
    if isClassic {
      let offset = String(information)
      let place = String(repeating: "0", count: max(0, 10 - offset.count)) + offset
      bytes += Array(
        "xref\n0 1\n0000000000 65535 f \n\(size) 1\n\(place) 00000 n \ntrailer\n<< /Size \(size + 1) \(entries) >>\n"
          .utf8)
    } else {
      // A file with a stream of places goes on with such a stream (section 7.5.8), which lists itself too.
      let places = row(information) + row(update)
      bytes += Array(
        ("\(size + 1) 0 obj\n<< /Type /XRef /Size \(size + 2) \(entries) /Index [\(size) 2] /W [1 4 2] "
          + "/Length \(places.count) >>\nstream\n").utf8)
      bytes += places + Array("\nendstream\nendobj\n".utf8)
    }
    return bytes + Array("startxref\n\(update)\n%%EOF\n".utf8)
  }

  /// An entry of a stream of places: an object, where it is, the first of its number.
  private static func row(_ offset: Int) -> [UInt8] {
    [1] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: offset >> $0) } + [0, 0]
  }

  /// The place of the table of objects that is read first.
  private static func lastTable(_ image: [UInt8]) -> Int? {
    let end = String(decoding: image.suffix(64), as: UTF8.self).split { $0 == "\n" || $0 == "\r" }
    guard let line = end.dropLast().last, let table = Int(line), image.indices.contains(table) else {
      return nil
    }
    return table
  }

  /// The text of the dictionary that names the document's root.
  private static func trailer(_ image: [UInt8], _ table: Int, isClassic: Bool) -> String? {
    let (from, to) = isClassic ? ("trailer", "startxref") : ("<<", "stream")
    guard let start = image[table...].firstRange(of: Array(from.utf8)),
      let end = image[start.upperBound...].firstRange(of: Array(to.utf8))
    else { return nil }
    return String(decoding: image[start.lowerBound..<end.lowerBound], as: UTF8.self)
  }

  private static func number(_ key: String, in text: String) -> Int? {
    text.split(separator: "/\(key)", maxSplits: 1).dropFirst().first
      .flatMap { Int($0.drop { $0 == " " }.prefix(while: \.isNumber)) }
  }

  /// For example `13 0 R`.
  private static func reference(_ key: String, in text: String) -> String? {
    let words = text.split(separator: "/\(key)", maxSplits: 1).dropFirst().first?.split(
      maxSplits: 3, whereSeparator: \.isWhitespace)
    guard let words, words.count > 2, Int(words[0]) != nil, Int(words[1]) != nil, words[2].hasPrefix("R")
    else { return nil }
    return "\(words[0]) \(words[1]) R"
  }

  /// Cairo writes the dictionary of information among the last objects.
  private static func withoutDate(_ image: [UInt8], before table: Int) -> [UInt8] {
    var bytes = image
    let part = max(0, table - 4096)..<table
    guard let start = image[part].firstRange(of: Array("/CreationDate (".utf8))?.lowerBound,
      let end = image[start..<table].firstIndex(of: UInt8(ascii: ")"))
    else { return image }
    for place in start...end { bytes[place] = UInt8(ascii: " ") }
    return bytes
  }

  private static func dictionary(_ metadata: ImageMetadata) -> String {
    let entries = [
      ("Title", metadata.title), ("Subject", metadata.description.joined(separator: "\n")),
      ("Creator", metadata.creator), ("Producer", "gnuplot, cairo"),
    ]
    return "<< " + entries.map { "/\($0) \(string($1))" }.joined(separator: "\n   ") + " >>"
  }

  /// UTF-16 with a byte order mark, in hexadecimal digits.
  private static func string(_ text: String) -> String {
    "<FEFF"
      + text.utf16.map { unit in
        let digits = String(unit, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
      }.joined() + ">"
  }
}
