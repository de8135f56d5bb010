/// A NumPy `.npz` file: named arrays, a zip archive with one `.npy` member each.
///
/// Read are archives as `numpy.savez` and `numpy.savez_compressed` write them: members stored or
/// deflated, with zip64 where sizes need it, no encryption. Members are found through the central
/// directory, their checksums verified; together they unpack to at most 4 GiB.
///
/// Specifications: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html> and
/// <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>.
public struct NPZFile: ArrayFile, Equatable {
  /// Array names, without `.npy`, in the order of the archive's directory.
  public let names: [String]

  let arrays: [String: NumericArray]

  /// Reads and validates a file's bytes.
  ///
  /// - Throws: `ModelFileError` of kind `malformed` for bytes that break the format or a checksum, `unsupported` for
  ///   encrypted members or other compression, members that are not arrays, and what `NPYFile` does not support.
  public init(bytes: [UInt8]) throws(ModelFileError) {
    var names: [String] = []
    var arrays: [String: NumericArray] = [:]
    for member in try ZipDirectory(bytes[...]).members() {
      let (name, array) = try ModelFileError.locating(
        place: "member \(Excerpt.literal(member.name))", try Self.array(member, in: bytes, besides: arrays))
      arrays[name] = array
      names.append(name)
    }
    self.names = names
    self.arrays = arrays
  }

  /// The array with this name, if the file has it.
  public subscript(name: String) -> NumericArray? { arrays[name] }

  private static func array(
    _ member: ZipMember, in bytes: [UInt8], besides known: [String: NumericArray]
  ) throws(ModelFileError) -> (name: String, array: NumericArray) {
    guard member.name.hasSuffix(".npy") else {
      throw .unsupported(nil, "a member that is not an .npy file", "save the archive with numpy.savez")
    }
    let name = String(member.name.dropLast(4))
    guard known[name] == nil else { throw .malformed(nil, "the name a second time", "names must be unique") }
    return (name, try NPYFile(slice: member.contents(in: bytes)).array)
  }
}
