/// The arrays of a model by name, from a safetensors or an NPZ file.
///
/// Which of the two it is shows in the first bytes; the name of the file does not matter.
public struct ModelArchive: ArrayFile, Equatable {
  /// The formats read.
  public enum Format: String, Sendable, CaseIterable {
    case safetensors, npz
  }

  private enum Content: Equatable, Sendable {
    case safetensors(SafetensorsFile)
    case npz(NPZFile)
  }

  private let content: Content

  /// Reads and validates a file's bytes.
  ///
  /// - Throws: `ModelFileError` as ``SafetensorsFile`` and ``NPZFile`` do; of kind `unsupported`, with what to save
  ///   instead, for files of PyTorch and Keras that are neither.
  public init(bytes: [UInt8]) throws(ModelFileError) {
    if let refusal = ForeignFormat.refusal(of: bytes[...]) { throw refusal }
    content =
      bytes.starts(with: Self.zipMagic)
      ? .npz(try NPZFile(bytes: bytes)) : .safetensors(try SafetensorsFile(bytes: bytes))
  }

  /// The format of the file.
  public var format: Format {
    switch content {
    case .safetensors: .safetensors
    case .npz: .npz
    }
  }

  /// Array names in the order of the file.
  public var names: [String] {
    switch content {
    case .safetensors(let file): file.names
    case .npz(let file): file.names
    }
  }

  /// The `__metadata__` of a safetensors file; an NPZ file has none.
  public var metadata: [String: String] {
    switch content {
    case .safetensors(let file): file.metadata
    case .npz: [:]
    }
  }

  /// The array with this name, if the file has it.
  public subscript(name: String) -> NumericArray? {
    switch content {
    case .safetensors(let file): file[name]
    case .npz(let file): file[name]
    }
  }

  /// The name under which the array is stored: its own, or that of the weights it is tied to, which safetensors'
  /// `save_model` notes in the metadata.
  func storedName(_ name: String) -> String? {
    if self[name] != nil { return name }
    return metadata[name].flatMap { self[$0] == nil ? nil : $0 }
  }

  static let zipMagic = Array("PK".utf8)
}
