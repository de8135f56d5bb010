import Foundation

/// A pass over a safetensors header that refuses what a JSON decoder lets through: duplicate
/// keys and long ones, numbers with a fraction or exponent, long arrays, encodings other than UTF-8, and deep nesting.
///
/// It does not check the grammar; the decoder does.
struct SafetensorsHeaderScan {
  /// The header object, a tensor's object in it, an array in that.
  private static let maximumDepth = 3

  private var depth = 0
  /// The commas of the array that is open at the moment.
  private var commas: Int?
  /// The keys seen in each object that is open at the moment, outermost first.
  private var keys: [Set<String>] = []
  /// Where the last string read is in the header, including quotes.
  private var lastString: Range<Int>?

  static func check(_ text: ArraySlice<UInt8>) throws(ModelFileError) {
    guard text.first == UInt8(ascii: "{") else {
      let found = text.first.map(Excerpt.byte) ?? "an empty header"
      throw .malformed("byte 8", found, "the header must start with '{'")
    }
    guard String(validating: text, as: UTF8.self) != nil else {
      throw .malformed("header", "bytes that are not UTF-8", "the header must be UTF-8")
    }
    var scan = SafetensorsHeaderScan()
    var offset = 0
    while offset < text.count {
      offset = try scan.token(text, at: offset)
    }
  }

  /// Takes the token or character at `offset`; returns the offset after it.
  private mutating func token(
    _ text: ArraySlice<UInt8>, at offset: Int
  ) throws(ModelFileError) -> Int {
    let byte = text[text.startIndex + offset]
    switch byte {
    case UInt8(ascii: "\""):
      let end = try stringEnd(text, from: offset)
      lastString = offset..<end
      return end
    case UInt8(ascii: ":"):
      try noteKey(text)
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      depth += 1
      guard depth <= Self.maximumDepth else {
        throw .malformed(
          "byte \(8 + offset)", "an object or array nested \(depth) deep",
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
          "byte \(8 + offset)", "more than \(ArrayShape.maximumRank) numbers",
          "at most \(ArrayShape.maximumRank) dimensions are allowed")
      }
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      return try numberEnd(text, from: offset)
    case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
      UInt8(ascii: "\t"):
      break
    default:
      throw .malformed(
        "byte \(8 + offset)", Excerpt.byte(byte),
        "a header holds objects, arrays, strings and whole numbers only")
    }
    return offset + 1
  }

  private func numberEnd(
    _ text: ArraySlice<UInt8>, from start: Int
  ) throws(ModelFileError) -> Int {
    let digits = text.dropFirst(start).prefix { byte in
      byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    guard Int(String(decoding: digits, as: UTF8.self)) != nil else {
      throw .malformed(
        "byte \(8 + start)", "the number \(Excerpt.literal(digits))",
        "numbers are whole and below 2^63")
    }
    return start + digits.count
  }

  private func stringEnd(
    _ text: ArraySlice<UInt8>, from start: Int
  ) throws(ModelFileError) -> Int {
    var offset = start + 1
    while offset < text.count {
      switch text[text.startIndex + offset] {
      case UInt8(ascii: "\""): return offset + 1
      case UInt8(ascii: "\\"): offset += 2
      default: offset += 1
      }
    }
    throw .malformed("byte \(8 + start)", "a string without an end", "strings end with '\"'")
  }

  private mutating func noteKey(_ text: ArraySlice<UInt8>) throws(ModelFileError) {
    guard let range = lastString, !keys.isEmpty, let quoted = text.part(range) else { return }
    lastString = nil
    guard range.count <= SafetensorsFile.maximumNameLength + 2 else {
      throw .malformed(
        "byte \(8 + range.lowerBound)", "a key of \(range.count - 2) bytes",
        "keys take at most \(SafetensorsFile.maximumNameLength) bytes")
    }
    guard let key = Self.unquoted(quoted) else {
      throw .malformed(
        "byte \(8 + range.lowerBound)", "the key \(Excerpt.literal(quoted))",
        "keys must be valid JSON strings")
    }
    guard keys[keys.count - 1].insert(key).inserted else {
      throw .malformed(
        "byte \(8 + range.lowerBound)", "the key \(Excerpt.literal(key)) a second time",
        "keys must be unique")
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
