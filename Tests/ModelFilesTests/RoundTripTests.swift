import Foundation
import ModelFiles
import TestSupport
import Testing

@Suite("Round trips through files")
struct RoundTripTests {
  /// An array of every type, its bytes unlike each other.
  private static func sample(_ type: StoredType, shape: [Int]) throws -> NumericArray {
    let count = shape.reduce(1, *) * type.byteCount
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: 7 + 37 * $0) }
    return try NumericArray(littleEndianBytes: bytes, storedType: type, shape: shape)
  }

  @Test(arguments: StoredType.allCases.filter { $0 != .bfloat16 })
  func npyKeepsEveryByte(type: StoredType) throws {
    let directory = try TemporaryDirectory()
    for shape in [[], [0], [7], [2, 3, 1], [3, 0, 2]] {
      let array = try Self.sample(type, shape: shape)
      try NPYFile.write(array, to: directory.file("a.npy"))
      #expect(try NPYFile(contentsOf: directory.file("a.npy")).array == array)
    }
  }

  @Test func safetensorsKeepsEveryTypeNameAndMetadata() throws {
    let directory = try TemporaryDirectory()
    let tensors = try StoredType.allCases.map { type in
      (name: "w.\(type)/\"é\\\n", array: try Self.sample(type, shape: [2, 3]))
    }
    let metadata = ["format": "pt", "": "a\t\"b\"", "ключ": "значение"]
    let path = directory.file("w.safetensors")
    try SafetensorsFile.write(tensors: tensors, metadata: metadata, to: path)

    let file = try SafetensorsFile(contentsOf: path)
    #expect(file.metadata == metadata)
    #expect(Set(file.names) == Set(tensors.map(\.name)))
    for tensor in tensors { #expect(file[tensor.name] == tensor.array) }
  }

  @Test func safetensorsOfOneTypeKeepsTheOrderOfNames() throws {
    let names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "empty", "bias_hh_l0"]
    let tensors = try names.map { name in
      (name: name, array: try NumericArray([Double](), shape: [0]))
    }
    let filled = try names.map { (name: $0, array: try NumericArray([1.0], shape: [1])) }
    #expect(try SafetensorsFile(bytes: SafetensorsFile.encoded(tensors: filled)).names == names)
    let empty = try SafetensorsFile(bytes: SafetensorsFile.encoded(tensors: tensors))
    #expect(Set(empty.names) == Set(names))
  }

  @Test func specialValuesKeepTheirBits() throws {
    let patterns: [UInt64] = [
      0x7FF8_0000_0000_0001, 0xFFF0_0000_DEAD_BEEF, 0x7FF0_0000_0000_0000,
      0xFFF0_0000_0000_0000, 0x8000_0000_0000_0000, 0x0000_0000_0000_0001,
    ]
    let array = try NumericArray(patterns.map { Double(bitPattern: $0) }, shape: [2, 3])
    let npy = try NPYFile(bytes: NPYFile.encoded(array)).array
    let encoded = try SafetensorsFile.encoded(tensors: [("x", array)])
    let tensor = try #require(try SafetensorsFile(bytes: encoded)["x"])
    #expect(npy.doubles().map(\.bitPattern) == patterns)
    #expect(tensor.doubles().map(\.bitPattern) == patterns)
  }

  @Test func valuesOfEachKindKeepTheirType() throws {
    let doubles = try NumericArray([0.1, -3], shape: [2])
    let floats = try NumericArray([Float(0.1), -3], shape: [2])
    let integers = try NumericArray([Int.min, Int.max], shape: [2, 1])
    #expect(doubles.storedType == .float64 && doubles.doubles() == [0.1, -3])
    #expect(floats.storedType == .float32 && floats.doubles() == [Double(Float(0.1)), -3])
    #expect(integers.storedType == .int64)
    #expect(try integers.integers() == [Int.min, Int.max])
  }

  @Test(arguments: [
    ([2, 3], [0, 2, 4, 1, 3, 5]),
    ([2, 1, 3], [0, 2, 4, 1, 3, 5]),
    ([2, 2, 3], [0, 4, 8, 2, 6, 10, 1, 5, 9, 3, 7, 11]),
    ([1, 4], [0, 1, 2, 3]), ([6], [0, 1, 2, 3, 4, 5]),
    ([2, 2, 2, 2], [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15]),
  ])
  func fortranOrderBecomesRowMajor(shape: [Int], expected: [Int]) throws {
    let extents = shape.map { "\($0)," }.joined()
    for (descr, width) in [("|u1", 1), ("<i2", 2), ("<i4", 4), ("<i8", 8)] {
      let header = "{'descr':'\(descr)','fortran_order':True,'shape':(\(extents))}\n"
      let data = (0..<expected.count).flatMap { value in
        [UInt8(value)] + [UInt8](repeating: 0, count: width - 1)
      }
      let array = try NPYFile(bytes: TinyFiles.npy(header: header, data: data)).array
      #expect(array.shape == shape)
      #expect(try array.integers() == expected)
    }
  }
}
