import ModelFiles
import Testing

@Suite("Files spelled byte by byte")
struct TinyFileTests {
  @Test func npyIsRead() throws {
    let array = try NPYFile(bytes: TinyFiles.npy).array
    #expect(array.shape == [2])
    #expect(array.storedType == .int8)
    #expect(array.doubles() == [5, -5])
  }

  @Test func npzIsReadWithoutTheNameSuffix() throws {
    let file = try NPZFile(bytes: TinyFiles.npz)
    #expect(file.names == ["a"])
    #expect(try file["a"]?.integers() == [5, -5])
    #expect(file["a.npy"] == nil)
  }

  @Test func npzWithACommentOrNoMembersIsRead() throws {
    let comment: [UInt8] = [0x50, 0x4B, 0x05, 0x06, 9]
    let commented = TinyFiles.npz.patched(at: 171, 5) + comment
    #expect(try NPZFile(bytes: commented) == NPZFile(bytes: TinyFiles.npz))
    let empty: [UInt8] = [0x50, 0x4B, 0x05, 0x06] + [UInt8](repeating: 0, count: 18)
    #expect(try NPZFile(bytes: empty).names.isEmpty)
  }

  @Test func safetensorsIsReadInTheOrderOfItsData() throws {
    let file = try SafetensorsFile(bytes: TinyFiles.safetensors)
    #expect(file.names == ["w", "b"])
    #expect(file.metadata == ["format": "pt"])
    #expect(file["w"]?.shape == [2, 1])
    #expect(file["w"]?.doubles() == [1, -2])
    #expect(file["b"]?.shape == [])
    #expect(try file["b"]?.integers() == [7])
    #expect(file["c"] == nil)
  }

  @Test func emptySafetensorsIsRead() throws {
    let file = try SafetensorsFile(bytes: TinyFiles.safetensors(header: "{}  "))
    #expect(file.names.isEmpty)
  }

  @Test func npyIsWrittenAsVersion1AlignedTo64Bytes() throws {
    let dictionary = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }"
    let header = dictionary + String(repeating: " ", count: 60) + "\n"
    let expected: [UInt8] =
      [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0] + Array(header.utf8) + [1, 2]
    let array = try NumericArray(littleEndianBytes: [1, 2], storedType: .uint8, shape: [2])
    #expect(try NPYFile.encoded(array) == expected)
  }

  @Test func safetensorsIsWrittenPaddedWithWideElementsFirst() throws {
    let header =
      #"{"__metadata__":{"k":"v"},"b":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]},"#
      + #""a\"":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}  "#
    let expected =
      [136, 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8) + [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 1]
    let flag = try NumericArray(littleEndianBytes: [1], storedType: .bool, shape: [1])
    let bytes = try SafetensorsFile.encoded(
      tensors: [("b", flag), ("a\"", NumericArray([1.0], shape: []))], metadata: ["k": "v"])
    #expect(bytes == expected)
  }

  @Test(
    arguments: [
      ("<f8", [0, 0, 0, 0, 0, 0, 0xF8, 0xBF], -1.5), ("=f8", [0, 0, 0, 0, 0, 0, 0, 0x40], 2),
      ("<f4", [0, 0, 0xC0, 0xBF], -1.5), ("<f2", [0, 0xBE], -1.5),
      ("<i8", [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], -2),
      ("<i4", [0, 0, 1, 0], 65536), ("=i2", [0, 0x80], -32768), ("|i1", [0x80], -128),
      ("|u1", [0xFF], 255), ("|b1", [1], 1), ("|b1", [2], 1), ("|b1", [0], 0),
    ] as [(String, [UInt8], Double)])
  func npyElementTypeIsRead(descr: String, data: [UInt8], value: Double) throws {
    let header = "{'shape': (), \"fortran_order\": True,'descr': '\(descr)'}"
    let array = try NPYFile(bytes: TinyFiles.npy(header: header, data: data)).array
    #expect(array.doubles() == [value])
    #expect(array.shape.isEmpty)
  }

  @Test(arguments: [2, 3] as [UInt8])
  func npyVersionWithALongHeaderLengthIsRead(version: UInt8) throws {
    let bytes = TinyFiles.npy.patched(at: 6, version, 0)
    let array = try NPYFile(bytes: Array(bytes[..<10]) + [0, 0] + bytes[10...]).array
    #expect(array.doubles() == [5, -5])
  }
}
