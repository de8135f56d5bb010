/// A NumPy `.npz` file: named arrays, a zip archive with one `.npy` member each.
///
/// Read are archives as `numpy.savez` and `numpy.savez_compressed` write them: members stored or
/// deflated, with zip64 where sizes need it, no encryption. Members are found through the central
/// directory, their checksums verified; together they unpack to at most 4 GiB.
///
/// Specifications: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html> and
/// <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>.
public struct NPZFile: Equatable, Sendable {
  /// Array names, without `.npy`, in the order of the archive's directory.
  public let names: [String]

  private let arrays: [String: NumericArray]

  /// Reads and validates a file.
  ///
  /// - Throws: `ModelFileError`, with kind `missing` or `unreadable` for the path, `malformed`
  ///   for bytes that break the format or a checksum, `unsupported` for encrypted members
  ///   or other compression, members that are not arrays, and what `NPYFile` does not support.
  public init(contentsOf path: String) throws(ModelFileError) {
    let bytes = try InputFile.bytes(at: path)
    do {
      try self.init(bytes: bytes)
    } catch {
      throw error.located(file: path)
    }
  }

  /// Reads and validates a file's bytes.
  ///
  /// - Throws: `ModelFileError` of kind `malformed` or `unsupported`.
  public init(bytes: [UInt8]) throws(ModelFileError) {
    var names: [String] = []
    var arrays: [String: NumericArray] = [:]
    for member in try ZipDirectory.members(bytes[...]) {
      do throws(ModelFileError) {
        let name = try Self.arrayName(member.name)
        guard arrays[name] == nil else {
          throw .malformed(nil, "the name a second time", "names must be unique")
        }
        arrays[name] = try NPYFile(slice: member.contents(in: bytes)).array
        names.append(name)
      } catch {
        throw error.located(place: "member \(Excerpt.quoted(member.name))")
      }
    }
    self.names = names
    self.arrays = arrays
  }

  /// The array with this name, if the file has it.
  public subscript(name: String) -> NumericArray? { arrays[name] }

  private static func arrayName(_ member: String) throws(ModelFileError) -> String {
    guard member.hasSuffix(".npy") else {
      throw .unsupported(
        nil, "a member that is not an .npy file", "save the archive with numpy.savez")
    }
    return String(member.dropLast(4))
  }
}
