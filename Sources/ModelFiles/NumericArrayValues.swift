extension NumericArray {
  /// The elements widened to `Double`, in row-major order.
  ///
  /// Exact for every stored type but `int64`, where magnitudes above 2^53 round to the nearest
  /// `Double`. A bool is 0 or 1.
  public func doubles() -> [Double] {
    switch storedType {
    case .float64: mapped(UInt64.self) { Double(bitPattern: $0) }
    case .float32: mapped(UInt32.self) { Double(Float(bitPattern: $0)) }
    case .float16: mapped(UInt16.self, Self.widenedHalf)
    case .bfloat16: mapped(UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) }
    case .int64, .int32, .int16, .int8, .uint8, .bool: fixedPoint { Double($0) }
    }
  }

  /// The elements as integers, in row-major order.
  ///
  /// A floating-point array is accepted when each element is a whole number; a bool is 0 or 1.
  ///
  /// - Throws: `ModelFileError` of kind `mismatch` that names the first element that is
  ///   fractional, not finite or beyond `Int`.
  public func integers() throws(ModelFileError) -> [Int] {
    storedType.isFloatingPoint ? try wholeNumbers() : fixedPoint { $0 }
  }

  /// The elements of a type that holds integers alone.
  private func fixedPoint<Value>(_ convert: (Int) -> Value) -> [Value] {
    switch storedType {
    case .int64: mapped(Int64.self) { convert(Int($0)) }
    case .int32: mapped(Int32.self) { convert(Int($0)) }
    case .int16: mapped(Int16.self) { convert(Int($0)) }
    case .int8: mapped(Int8.self) { convert(Int($0)) }
    case .uint8: mapped(UInt8.self) { convert(Int($0)) }
    case .bool: mapped(UInt8.self) { convert($0 == 0 ? 0 : 1) }
    case .float64, .float32, .float16, .bfloat16: []
    }
  }

  private func wholeNumbers() throws(ModelFileError) -> [Int] {
    try doubles().enumerated().map { (position, value) throws(ModelFileError) in
      guard let whole = Int(exactly: value) else {
        throw .mismatch(
          "element \(index(of: position))", "the value \(value)",
          "each element must be a whole number within 64 bits")
      }
      return whole
    }
  }

  /// The multi-dimensional index of the element at a row-major position.
  private func index(of position: Int) -> [Int] {
    var rest = position
    var index = shape
    for axis in shape.indices.reversed() {
      index[axis] = rest % shape[axis]
      rest /= shape[axis]
    }
    return index
  }

  private func mapped<Stored: FixedWidthInteger, Value>(
    _ type: Stored.Type, _ convert: (Stored) -> Value
  ) -> [Value] {
    let size = MemoryLayout<Stored>.size
    return [Value](unsafeUninitializedCapacity: count) { values, initialized in
      littleEndianBytes.withUnsafeBytes { raw in
        for index in values.indices {
          let stored = raw.loadUnaligned(fromByteOffset: index * size, as: Stored.self)
          values.initializeElement(at: index, to: convert(Stored(littleEndian: stored)))
        }
      }
      initialized = count
    }
  }

  /// A binary16 bit pattern as a `Double`, by bits because `Float16` is not on every platform.
  private static func widenedHalf(_ bits: UInt16) -> Double {
    let sign = UInt64(bits >> 15) << 63
    let exponent = UInt64(bits >> 10) & 0x1F
    let fraction = UInt64(bits) & 0x3FF
    switch exponent {
    case 0:
      let magnitude = Double(fraction) * 0x1p-24
      return Double(bitPattern: magnitude.bitPattern | sign)
    case 0x1F:
      return Double(bitPattern: sign | 0x7FF << 52 | fraction << 42)
    default:
      return Double(bitPattern: sign | (exponent + (1023 - 15)) << 52 | fraction << 42)
    }
  }
}
