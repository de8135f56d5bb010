import Foundation

/// A pass over a safetensors header that refuses what a JSON decoder lets through: duplicate
/// keys and long ones, numbers with a fraction or exponent, long arrays, encodings other than UTF-8, and deep nesting.
///
/// It does not check the grammar; the decoder does.
struct SafetensorsHeaderScan {
  /// The header object, a tensor's object in it, an array in that.
  private static let maximumDepth = 3

  private let text: ArraySlice<UInt8>
  /// Where the next token is in the file, whose header follows 8 bytes.
  private var offset: Int
  private var depth = 0
  /// The commas of the array that is open at the moment.
  private var commas: Int?
  /// The keys seen in each object that is open at the moment, outermost first.
  private var keys: [Set<String>] = []
  /// Where the last string read is, including quotes.
  private var lastString: Range<Int>?

  private init(_ text: ArraySlice<UInt8>) { (self.text, offset) = (text, text.startIndex) }

  /// Checks a header as a part of its file.
  static func check(_ text: ArraySlice<UInt8>) throws(ModelFileError) {
    guard text.first == UInt8(ascii: "{") else {
      let found = text.first.map(Excerpt.byte) ?? "an empty header"
      throw .malformed("byte 8", found, "the header must start with '{'")
    }
    guard String(validating: text, as: UTF8.self) != nil else {
      throw .malformed("header", "bytes that are not UTF-8", "the header must be UTF-8")
    }
    var scan = Self(text)
    while scan.offset < text.endIndex { try scan.takeToken() }
  }

  /// Takes the token or character that is next.
  private mutating func takeToken() throws(ModelFileError) {
    let (start, byte) = (offset, text[offset])
    offset += 1
    switch byte {
    case UInt8(ascii: "\""): try takeString(from: start)
    case UInt8(ascii: ":"): try noteKey()
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      depth += 1
      guard depth <= Self.maximumDepth else {
        throw .malformed(
          "byte \(start)", "an object or array nested \(depth) deep",
          "a header nests at most \(Self.maximumDepth) deep")
      }
      if byte == UInt8(ascii: "{") { keys.append([]) } else { commas = 0 }
    case UInt8(ascii: "}"):
      depth -= 1
      _ = keys.popLast()
    case UInt8(ascii: "]"):
      depth -= 1
      commas = nil
    case UInt8(ascii: ","):
      commas = commas.map { $0 + 1 }
      // A decoder makes room for numbers many times the size of their text.
      guard commas ?? 0 < ArrayShape.maximumRank else {
        throw .unsupported(
          "byte \(start)", "more than \(ArrayShape.maximumRank) numbers",
          "at most \(ArrayShape.maximumRank) dimensions are allowed")
      }
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): try takeNumber(from: start)
    case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): break
    default:
      throw .malformed(
        "byte \(start)", Excerpt.byte(byte), "a header holds objects, arrays, strings and whole numbers only")
    }
  }

  private mutating func takeNumber(from start: Int) throws(ModelFileError) {
    let digits = text[start...].prefix { byte in
      byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    guard Int(String(decoding: digits, as: UTF8.self)) != nil else {
      throw .malformed(
        "byte \(start)", "the number \(Excerpt.literal(digits))", "numbers are whole and below 2^63")
    }
    offset = digits.endIndex
  }

  private mutating func takeString(from start: Int) throws(ModelFileError) {
    while offset < text.endIndex {
      let byte = text[offset]
      offset += byte == UInt8(ascii: "\\") ? 2 : 1
      if byte == UInt8(ascii: "\"") {
        lastString = start..<offset
        return
      }
    }
    throw .malformed("byte \(start)", "a string without an end", "strings end with '\"'")
  }

  private mutating func noteKey() throws(ModelFileError) {
    guard let range = lastString, !keys.isEmpty else { return }
    lastString = nil
    let place = "byte \(range.lowerBound)"
    guard range.count <= SafetensorsFile.maximumNameLength + 2 else {
      throw .malformed(
        place, "a key of \(range.count - 2) bytes",
        "keys take at most \(SafetensorsFile.maximumNameLength) bytes")
    }
    guard let key = Self.unquoted(text[range]) else {
      throw .malformed(
        place, "the key \(Excerpt.literal(text[range]))", "keys must be valid JSON strings")
    }
    guard keys[keys.count - 1].insert(key).inserted else {
      throw .malformed(place, "the key \(Excerpt.literal(key)) a second time", "keys must be unique")
    }
  }

  /// The text of a JSON string; the same text may be spelled with and without escapes.
  private static func unquoted(_ quoted: ArraySlice<UInt8>) -> String? {
    guard quoted.contains(UInt8(ascii: "\\")) else {
      return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
    }
    return try? JSONDecoder().decode(String.self, from: Data(quoted))
  }
}
