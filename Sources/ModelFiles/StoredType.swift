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
  public var byteCount: Int { form.byteCount }

  /// The name of the type in a safetensors header.
  var safetensorsName: String { form.safetensors }

  /// The `descr` NumPy writes for the type; `nil` if it has none.
  var npyDescr: String? { form.npy }

  private var form: (byteCount: Int, safetensors: String, npy: String?) {
    switch self {
    case .float64: (8, "F64", "<f8")
    case .float32: (4, "F32", "<f4")
    case .float16: (2, "F16", "<f2")
    case .bfloat16: (2, "BF16", nil)
    case .int64: (8, "I64", "<i8")
    case .int32: (4, "I32", "<i4")
    case .int16: (2, "I16", "<i2")
    case .int8: (1, "I8", "|i1")
    case .uint8: (1, "U8", "|u1")
    case .bool: (1, "BOOL", "|b1")
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
