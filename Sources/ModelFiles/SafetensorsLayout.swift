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
    var placed = try tensors.map { (name, entry) throws(ModelFileError) in
      try ModelFileError.locating(place: Self.place(of: name), try entry.placed(name, dataLength))
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
    // By bytes: strings are equal that differ in how they spell a character.
    guard
      let type = StoredType.allCases.first(where: { $0.safetensorsName.utf8.elementsEqual(dtype.utf8) })
    else {
      let allowed = StoredType.allCases.map(\.safetensorsName).joined(separator: ", ")
      throw .unsupported(
        "dtype", "the element type \(Excerpt.literal(dtype))", "supported types: \(allowed)")
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
