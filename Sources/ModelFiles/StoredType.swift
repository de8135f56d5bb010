/// The number type a file stores for each element of an array.
public enum StoredType: String, Equatable, Hashable, Sendable, CaseIterable {
  /// IEEE 754 binary64.
  case float64
  /// IEEE 754 binary32.
  case float32
  /// IEEE 754 binary16.
  case float16
  /// The upper half of a binary32. Safetensors has it, NPY does not.
  case bfloat16
  /// Two's complement, 8 bytes.
  case int64
  /// Two's complement, 4 bytes.
  case int32
  /// Two's complement, 2 bytes.
  case int16
  /// Two's complement, 1 byte.
  case int8
  /// Unsigned, 1 byte.
  case uint8
  /// One byte; zero is false, any other value true.
  case bool

  /// Bytes an element takes in a file.
  public var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16, .int16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// Whether elements are floating point, so may be fractional or not finite.
  public var isFloatingPoint: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: true
    case .int64, .int32, .int16, .int8, .uint8, .bool: false
    }
  }
}
