import ModelFiles

/// The smallest files of each format, spelled out.
enum TinyFiles {
  /// Elements 5 and -5 as int8: a header of 53 bytes without padding.
  static let npy: [UInt8] = npy(header: "{'descr':'|i1','fortran_order':False,'shape':(2,), }\n")

  /// One member, `a.npy`, which is `npy`; comments give the offset of each line.
  static let npz: [UInt8] =
    [
      0x50, 0x4B, 0x03, 0x04, 20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0,  // 0
      0xB5, 0x06, 0x9F, 0x10, 65, 0, 0, 0, 65, 0, 0, 0,  // 14
      5, 0, 0, 0,  // 26
      0x61, 0x2E, 0x6E, 0x70, 0x79,  // 30
    ] + npy + [
      0x50, 0x4B, 0x01, 0x02, 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0,  // 100
      0xB5, 0x06, 0x9F, 0x10, 65, 0, 0, 0, 65, 0, 0, 0,  // 116
      5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  // 128
      0x61, 0x2E, 0x6E, 0x70, 0x79,  // 146
      0x50, 0x4B, 0x05, 0x06, 0, 0, 0, 0, 1, 0, 1, 0,  // 151
      51, 0, 0, 0, 100, 0, 0, 0, 0, 0,  // 163
    ]

  /// `w`, 1 and -2 as float32, and `b`, 7 as int16.
  static let safetensors: [UInt8] = safetensors(
    header: #"{"__metadata__":{"format":"pt"},"#
      + #""b":{"dtype":"I16","shape":[],"data_offsets":[8,10]},"#
      + #""w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}"#,
    data: [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 7, 0])

  /// An NPY file of version 1.0 with any header of at most 255 bytes.
  static func npy(header: String, data: [UInt8] = [0x05, 0xFB]) -> [UInt8] {
    [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(header.utf8.count), 0]
      + Array(header.utf8) + data
  }

  /// A safetensors file with any header of at most 255 bytes.
  static func safetensors(header: String, data: [UInt8] = []) -> [UInt8] {
    [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8) + data
  }
}

extension [UInt8] {
  /// The same bytes with some replaced.
  func patched(at offset: Int, _ bytes: UInt8...) -> [UInt8] {
    var copy = self
    copy.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
    return copy
  }
}
