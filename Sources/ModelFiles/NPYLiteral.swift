/// A cursor on the Python literals of an NPY header: strings, bools and tuples of integers.
struct NPYLiteral {
  private let bytes: ArraySlice<UInt8>
  private let end: Int
  private var offset: Int

  init(bytes: ArraySlice<UInt8>, range: Range<Int>) {
    self.bytes = bytes
    self.end = range.upperBound
    self.offset = range.lowerBound
  }

  /// Where the next token starts, for messages.
  var place: String {
    var ahead = self
    ahead.skipSpaces()
    return "byte \(ahead.offset)"
  }

  /// Takes a punctuation mark if it comes next.
  mutating func take(_ mark: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard current == UInt8(ascii: mark) else { return false }
    offset += 1
    return true
  }

  mutating func expect(_ mark: Unicode.Scalar) throws(ModelFileError) {
    guard take(mark) else { throw unexpected("'\(mark)' is expected here") }
  }

  /// Takes the padding after the dictionary.
  mutating func expectEnd() throws(ModelFileError) {
    skipSpaces()
    guard offset == end else { throw unexpected("only spaces and a newline may follow '}'") }
  }

  /// The longest string in bytes; NumPy writes up to 13.
  private static let maximumString = 1_000

  /// Takes a string in single or double quotes, without escapes.
  mutating func string() throws(ModelFileError) -> String {
    skipSpaces()
    guard let quote = current, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw unexpected("a quoted string is expected here")
    }
    let start = offset + 1
    offset = start
    while let byte = current, byte != quote {
      guard byte != UInt8(ascii: "\\"), byte >= 0x20 else {
        throw unexpected("strings in the header have no escapes and no control characters")
      }
      guard offset - start < Self.maximumString else {
        throw unexpected("strings in the header take at most \(Self.maximumString) bytes")
      }
      offset += 1
    }
    guard current == quote, let text = bytes.part(start..<offset) else {
      throw unexpected("a closing quote is expected here")
    }
    offset += 1
    return String(decoding: text, as: UTF8.self)
  }

  /// Takes the element type, which is a list instead of a string for structured arrays.
  mutating func descr() throws(ModelFileError) -> String {
    skipSpaces()
    guard current != UInt8(ascii: "["), current != UInt8(ascii: "(") else {
      throw .unsupported(
        "byte \(offset)", "a structured element type", "save each field as an array of its own")
    }
    return try string()
  }

  mutating func bool() throws(ModelFileError) -> Bool {
    skipSpaces()
    for (word, value) in [("True", true), ("False", false)] {
      let next = offset..<min(offset + word.utf8.count, end)
      guard let text = bytes.part(next), text.elementsEqual(word.utf8) else { continue }
      offset = next.upperBound
      return value
    }
    throw unexpected("True or False is expected here")
  }

  /// Takes a tuple of integers: `()`, `(3,)`, `(3, 4)`.
  mutating func tuple() throws(ModelFileError) -> [Int] {
    try expect("(")
    var extents: [Int] = []
    while !take(")") {
      extents.append(try integer())
      if take(",") { continue }
      guard extents.count > 1 else { throw unexpected("',' is expected after a single extent") }
      try expect(")")
      break
    }
    return extents
  }

  private mutating func integer() throws(ModelFileError) -> Int {
    skipSpaces()
    let start = offset
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      offset += 1
    }
    guard let digits = bytes.part(start..<offset), !digits.isEmpty else {
      throw unexpected("an extent is expected here, a whole number from 0 up")
    }
    guard let value = Int(String(decoding: digits, as: UTF8.self)),
      digits.count == 1 || digits.first != UInt8(ascii: "0")
    else {
      throw .malformed(
        "byte \(start)", "the extent \(Excerpt.literal(digits))",
        "an extent is a whole number below 2^63 without leading zeros")
    }
    return value
  }

  private var current: UInt8? {
    offset < end ? bytes[bytes.startIndex + offset] : nil
  }

  private mutating func skipSpaces() {
    while current == UInt8(ascii: " ") || current == UInt8(ascii: "\n") { offset += 1 }
  }

  private func unexpected(_ advice: String) -> ModelFileError {
    .malformed("byte \(offset)", current.map(Excerpt.byte) ?? "the end of the header", advice)
  }
}
