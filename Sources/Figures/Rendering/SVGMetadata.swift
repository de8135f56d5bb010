/// Texts of an SVG: `title` and `desc`, the first children of its root (SVG 1.1, section 5.4).
enum SVGMetadata {
  static func added(_ metadata: ImageMetadata, to image: [UInt8]) -> [UInt8]? {
    guard let root = image.firstRange(of: Array("<svg".utf8)),
      let start = image[root.upperBound...].firstIndex(of: UInt8(ascii: ">")).map({ $0 + 1 })
    else { return nil }
    let texts =
      "\n<title>\(escaped(metadata.title))</title>\n"
      + "<desc>\(metadata.description.map(escaped).joined(separator: "\n"))</desc>"
    return image[..<start] + Array(texts.utf8) + image[end(of: image, from: start)...]
  }

  /// The end of the texts that gnuplot has put after the root's tag.
  private static func end(of image: [UInt8], from start: Int) -> Int {
    var end = start
    for name in ["title", "desc"] {
      let rest = image[end...].drop { " \t\r\n".utf8.contains($0) }
      guard rest.starts(with: "<\(name)>".utf8), let close = rest.firstRange(of: Array("</\(name)>".utf8))
      else { continue }
      end = close.upperBound
    }
    return end
  }

  private static func escaped(_ text: String) -> String {
    // XML has no control characters, not even as references.
    String(
      String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 || $0 == "\n" || $0 == "\t" })
    )
    .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
