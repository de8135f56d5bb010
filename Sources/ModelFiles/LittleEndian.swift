extension ArraySlice<UInt8> {
  /// The unsigned integer that starts `offset` bytes into the slice; `nil` if it is not all inside.
  func littleEndian<Value: FixedWidthInteger & UnsignedInteger>(
    _ type: Value.Type, at offset: Int
  ) -> Value? {
    let size = MemoryLayout<Value>.size
    guard offset >= 0, count >= size, offset <= count - size else { return nil }
    return withUnsafeBytes { raw in
      Value(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
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
