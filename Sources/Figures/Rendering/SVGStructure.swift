/// The parts of an SVG as gnuplot writes it: every element that is opened is closed, the last one is `svg`, and nothing
/// but white space follows.
enum SVGStructure {
  static func flaw(in bytes: [UInt8]) -> String? {
    var open: [ArraySlice<UInt8>] = []
    var offset = 0
    var isClosed = false
    while let start = bytes[offset...].firstIndex(of: UInt8(ascii: "<")) {
      if isClosed { break }
      guard let end = end(of: bytes, from: start) else { return cutOff(bytes) }
      let tag = bytes[start + 1..<end - 1]
      offset = end
      guard let first = tag.first, first != UInt8(ascii: "?"), first != UInt8(ascii: "!") else { continue }
      let name = tag.drop { $0 == UInt8(ascii: "/") }.prefix { !" \t\r\n/".utf8.contains($0) }
      if first == UInt8(ascii: "/") {
        guard open.popLast() == name else { return "'\(text(name))' is closed at byte \(start) but not open" }
        isClosed = open.isEmpty && text(name) == "svg"
      } else if tag.last != UInt8(ascii: "/") {
        open.append(name)
      }
    }
    guard isClosed else { return cutOff(bytes) }
    return bytes[offset...].allSatisfy { " \t\r\n".utf8.contains($0) }
      ? nil : "it continues after its end at byte \(offset)"
  }

  /// The place after a tag, comment or piece of plain text that begins at a `<`; nil where it has no end.
  private static func end(of bytes: [UInt8], from start: Int) -> Int? {
    for (opening, closing) in [("<!--", "-->"), ("<![CDATA[", "]]>")]
    where bytes[start...].starts(with: opening.utf8) {
      let closing = Array(closing.utf8)
      return bytes.indices[(start + opening.utf8.count)...].first { bytes[$0...].starts(with: closing) }
        .map { $0 + closing.count }
    }
    var quote: UInt8?
    for offset in bytes.indices[start...] {
      let byte = bytes[offset]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: ">") {
        return offset + 1
      }
    }
    return nil
  }

  private static func cutOff(_ bytes: [UInt8]) -> String { "it is cut off at byte \(bytes.count)" }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
