/// The dictionary in the header of an NPY file.
struct NPYHeader {
  let storedType: StoredType
  let isFortranOrder: Bool
  let shape: [Int]

  /// Parses the header text at `range` of an NPY file's bytes.
  init(text bytes: ArraySlice<UInt8>, range: Range<Int>) throws(ModelFileError) {
    var literal = NPYLiteral(bytes: bytes, range: range)
    var descr: String?
    var order: Bool?
    var shape: [Int]?

    try literal.expect("{")
    while !literal.take("}") {
      let place = literal.place
      let key = try literal.string()
      try literal.expect(":")
      switch key {
      case "descr" where descr == nil: descr = try literal.descr()
      case "fortran_order" where order == nil: order = try literal.bool()
      case "shape" where shape == nil: shape = try literal.tuple()
      default:
        throw .malformed(
          place, "the key \(Excerpt.literal(key))",
          "the header has descr, fortran_order and shape, each once")
      }
      if !literal.take(",") {
        try literal.expect("}")
        break
      }
    }
    try literal.expectEnd()

    storedType = try Self.storedType(Self.required(descr, "descr"))
    isFortranOrder = try Self.required(order, "fortran_order")
    self.shape = try Self.required(shape, "shape")
  }

  private static func required<Value>(
    _ value: Value?, _ key: String
  ) throws(ModelFileError) -> Value {
    guard let value else {
      throw .malformed(
        "header", "no key '\(key)'", "the header has descr, fortran_order and shape")
    }
    return value
  }

  private static func storedType(_ descr: String) throws(ModelFileError) -> StoredType {
    if let type = StoredType(npyDescr: descr) { return type }
    if descr.hasPrefix(">") {
      throw .unsupported(
        "descr", "big-endian elements, \(Excerpt.literal(descr))",
        "save little-endian ones: numpy.save(path, array.astype(array.dtype.newbyteorder('<')))")
    }
    let allowed = StoredType.allCases.compactMap(\.npyDescr).joined(separator: ", ")
    throw .unsupported(
      "descr", "the element type \(Excerpt.literal(descr))", "supported types: \(allowed)")
  }
}
