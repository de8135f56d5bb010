/// The arrays of a model by name, from a safetensors or an NPZ file.
///
/// Which of the two it is shows in the first bytes; the name of the file does not matter.
public struct ModelArchive: ArrayFile, Equatable {
  /// Array names in the order of the file.
  public let names: [String]
  /// The `__metadata__` of a safetensors file; an NPZ file has none.
  public let metadata: [String: String]

  private let arrays: [String: NumericArray]

  /// Reads and validates a file's bytes.
  ///
  /// - Throws: `ModelFileError` as ``SafetensorsFile`` and ``NPZFile`` do; of kind `unsupported`, with what to save
  ///   instead, for files of PyTorch and Keras that are neither.
  public init(bytes: [UInt8]) throws(ModelFileError) {
    if let refusal = ForeignFormat.refusal(of: bytes[...]) { throw refusal }
    if bytes.starts(with: Self.zipMagic) {
      let file = try NPZFile(bytes: bytes)
      (names, metadata, arrays) = (file.names, [:], file.arrays)
    } else {
      let file = try SafetensorsFile(bytes: bytes)
      (names, metadata, arrays) = (file.names, file.metadata, file.arrays)
    }
  }

  /// The array with this name, if the file has it.
  public subscript(name: String) -> NumericArray? { arrays[name] }

  /// The name under which the array is stored: its own, or that of the weights it is tied to, which safetensors'
  /// `save_model` notes in the metadata.
  func storedName(_ name: String) -> String? {
    if self[name] != nil { return name }
    return metadata[name].flatMap { self[$0] == nil ? nil : $0 }
  }

  static let zipMagic = Array("PK".utf8)
}
