import ModelFiles

/// A JSON text (RFC 8259) that becomes a tree of ``SpecificationNode``.
///
/// Strict: every key once in its object, no comments, no trailing commas, bounded nesting. What is wrong is told with
/// line and column, which a `JSONDecoder` does not know. The YAML parser knows them, but takes much that is not JSON
/// (comments, trailing commas, `{a: 1 2}`), not all that is (pairs of surrogates, keys of more than 1,024 characters),
/// and tells of a repeated key its first place alone: strings, words and marks would be scanned here all the same.
package struct JSONSource {
  /// The most bytes that are read.
  package static let byteLimit = 1 << 20
  /// The deepest nesting; a case needs 2.
  private static let depthLimit = 16

  private let file: String
  private let bytes: [UInt8]
  private var offset = 0
  private var line = 1
  private var column = 1

  /// The tree of a text.
  ///
  /// - Throws: ``SpecificationError`` of kind `malformed`, with the place.
  package static func root(of text: String, file: String) throws(SpecificationError) -> SpecificationNode {
    try CombiningRun.check(text, in: .file(file))
    var source = JSONSource(file: file, bytes: Array(text.utf8))
    let root = try source.value(depth: 1)
    source.skipBlanks()
    guard source.current == nil else { throw source.unexpected("nothing may follow the first value") }
    return root
  }

  // MARK: - Values

  private mutating func value(depth: Int) throws(SpecificationError) -> SpecificationNode {
    skipBlanks()
    guard depth <= Self.depthLimit else { throw unexpected("values nest at most \(Self.depthLimit) deep") }
    let start = place
    switch current {
    case UInt8(ascii: "{"): return SpecificationNode(content: .mapping(try members(depth)), place: start)
    case UInt8(ascii: "["): return SpecificationNode(content: .list(try items(depth)), place: start)
    case UInt8(ascii: "\""):
      return SpecificationNode(content: .scalar(try string(), isQuoted: true), place: start)
    default: return SpecificationNode(content: .scalar(try word(), isQuoted: false), place: start)
    }
  }

  private mutating func members(_ depth: Int) throws(SpecificationError) -> [SpecificationNode.Entry] {
    var members: [SpecificationNode.Entry] = []
    var places: [String: SpecificationError.Place] = [:]
    step()
    if take("}") { return [] }
    repeat {
      skipBlanks()
      let start = place
      guard current == UInt8(ascii: "\"") else { throw unexpected("a key in double quotes is expected here") }
      let name = try string()
      if let first = places.updateValue(start, forKey: name) {
        throw SpecificationError(
          .duplicateKey, at: start, "the key \(Excerpt.quoted(name)) is given twice, first at \(first)")
      }
      guard take(":") else { throw unexpected("':' is expected here") }
      members.append(SpecificationNode.Entry(name: name, place: start, value: try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw unexpected("',' or '}' is expected here") }
    return members
  }

  private mutating func items(_ depth: Int) throws(SpecificationError) -> [SpecificationNode] {
    var items: [SpecificationNode] = []
    step()
    if take("]") { return [] }
    repeat { items.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw unexpected("',' or ']' is expected here") }
    return items
  }

  /// A number, true, false or null.
  private mutating func word() throws(SpecificationError) -> String {
    let start = self
    while let byte = current, Self.isWordByte(byte) { step() }
    let text = String(decoding: bytes[start.offset..<offset], as: UTF8.self)
    guard ["true", "false", "null"].contains(text) || Self.isNumber(text) else {
      throw start.unexpected(
        "a value is expected here: an object, an array, a string, a number, true, false or null")
    }
    return text
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      return true
    default: return false
    }
  }

  /// JSON's numbers are those of a specification without a leading '+' and with digits around the point.
  private static func isNumber(_ text: String) -> Bool {
    let digits = text.first == "-" ? text.dropFirst() : text[...]
    let point = digits.firstIndex(of: ".").map { digits.index(after: $0) }
    let hasFraction = point.map { $0 < digits.endIndex && digits[$0].isDecimalDigit } ?? true
    return digits.first?.isDecimalDigit == true && hasFraction && NumberLiteral(text) != nil
  }

  // MARK: - Strings

  private mutating func string() throws(SpecificationError) -> String {
    step()
    var text: [UInt8] = []
    while let byte = current, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw unexpected("a string has control characters as escapes only") }
      if byte == UInt8(ascii: "\\") {
        text += Array(String(try escaped()).utf8)
      } else {
        text.append(byte)
        step()
      }
    }
    guard current != nil else { throw unexpected("the string must end with '\"'") }
    step()
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func escaped() throws(SpecificationError) -> Unicode.Scalar {
    let start = self
    step()
    let letter = current
    step()
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter ?? 0)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      if let unit = codeUnit() {
        if let scalar = Unicode.Scalar(unit) { return scalar }
        if unit < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")), let low = codeUnit(),
          (0xDC00..<0xE000).contains(low),
          let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + low - 0xDC00)
        {
          return scalar
        }
      }
    default: break
    }
    throw start.unexpected(
      "the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits, in pairs for surrogates"
    )
  }

  /// The number that four hexadecimal digits make.
  private mutating func codeUnit() -> UInt32? {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = current.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else { return nil }
      value = value << 4 | UInt32(digit)
      step()
    }
    return value
  }

  // MARK: - The cursor

  private var place: SpecificationError.Place { .position(file: file, line: line, column: column) }

  private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func step() {
    guard let byte = current else { return }
    offset += 1
    if byte == UInt8(ascii: "\n") {
      line += 1
      column = 1
    } else if current.map({ $0 & 0xC0 != 0x80 }) ?? true {
      // A scalar ends where no continuation byte follows.
      column += 1
    }
  }

  private mutating func skipBlanks() {
    while let byte = current, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { step() }
  }

  /// Takes a byte if it comes next.
  private mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    step()
    return true
  }

  /// Takes a mark if it comes next, perhaps after blanks.
  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    skipBlanks()
    return take(UInt8(ascii: mark))
  }

  private func unexpected(_ advice: String) -> SpecificationError {
    let rest = String(decoding: bytes[offset...].prefix(4), as: UTF8.self).unicodeScalars.first
    let found = rest.map { Excerpt.quoted(String($0)) } ?? "the end of the text"
    return SpecificationError(.malformed, at: place, "\(found) is not JSON: \(advice)")
  }
}
