extension ArraySlice<UInt8> {
  /// The unsigned integer of up to 8 bytes that starts `offset` bytes into the slice; `nil` if it is not all inside.
  func littleEndian(_ width: Int, at offset: Int) -> UInt64? {
    part(offset..<offset + width).map { $0.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
  }

  /// The bytes `range`, counted from the start of the slice; `nil` if they are not all inside.
  func part(_ range: Range<Int>) -> ArraySlice<UInt8>? {
    guard range.lowerBound >= 0, range.upperBound <= count else { return nil }
    return self[(startIndex + range.lowerBound)..<(startIndex + range.upperBound)]
  }
}

extension [UInt8] {
  /// Appends the bytes of an unsigned integer, lowest first.
  mutating func appendLittleEndian(_ value: some FixedWidthInteger & UnsignedInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}
