/// A tensor whose type, shape and place in the data have been checked.
struct PlacedTensor {
  var name: String
  var storedType: StoredType
  var shape: [Int]
  var begin: Int
  var end: Int
}

extension SafetensorsHeader {
  /// The tensors in the order of their data, which they cover exactly.
  func layout(dataLength: Int) throws(ModelFileError) -> [PlacedTensor] {
    var placed: [PlacedTensor] = []
    placed.reserveCapacity(tensors.count)
    for (name, entry) in tensors {
      do {
        placed.append(try entry.placed(name, dataLength))
      } catch {
        throw error.located(place: Self.place(of: name))
      }
    }
    // Empty tensors share their offset with a neighbour; the name makes the order definite.
    placed.sort { ($0.begin, $0.end, $0.name) < ($1.begin, $1.end, $1.name) }

    var covered = 0
    for tensor in placed {
      guard tensor.begin == covered else {
        throw .malformed(
          "\(Self.place(of: tensor.name)), data_offsets",
          "data from \(tensor.begin), while the data before it ends at \(covered)",
          tensor.begin < covered ? "tensors must not overlap" : "data must have no gaps")
      }
      covered = tensor.end
    }
    guard covered == dataLength else {
      throw .malformed(
        "data, byte \(covered)", "\(dataLength - covered) bytes that belong to no tensor",
        "the data must end where its last tensor does")
    }
    return placed
  }
}

extension SafetensorsHeader.Entry {
  fileprivate func placed(
    _ name: String, _ dataLength: Int
  ) throws(ModelFileError) -> PlacedTensor {
    guard let type = StoredType(safetensorsName: dtype) else {
      let allowed = StoredType.allCases.map(\.safetensorsName).joined(separator: ", ")
      throw .unsupported(
        "dtype", "the element type \(Excerpt.quoted(dtype))", "supported types: \(allowed)")
    }
    let size = try ArrayShape.byteCount(shape, type)
    guard offsets.count == 2 else {
      throw .malformed("data_offsets", "\(offsets.count) numbers", "they are [begin, end]")
    }
    let (begin, end) = (offsets[0], offsets[1])
    guard 0 <= begin, begin <= end, end <= dataLength else {
      throw .malformed(
        "data_offsets", "[\(begin), \(end)]",
        "they must satisfy 0 <= begin <= end <= \(dataLength), the length of the data; "
          + "the file is cut short or damaged")
    }
    guard end - begin == size else {
      throw .malformed(
        "data_offsets", "[\(begin), \(end)], which is \(end - begin) bytes",
        "shape \(shape) of \(dtype) takes \(size) bytes")
    }
    return PlacedTensor(name: name, storedType: type, shape: shape, begin: begin, end: end)
  }
}

extension StoredType {
  /// The name of the type in a safetensors header.
  var safetensorsName: String {
    switch self {
    case .float64: "F64"
    case .float32: "F32"
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .int64: "I64"
    case .int32: "I32"
    case .int16: "I16"
    case .int8: "I8"
    case .uint8: "U8"
    case .bool: "BOOL"
    }
  }

  init?(safetensorsName name: String) {
    guard let type = Self.allCases.first(where: { $0.safetensorsName.utf8.elementsEqual(name.utf8) }) else {
      return nil
    }
    self = type
  }
}
