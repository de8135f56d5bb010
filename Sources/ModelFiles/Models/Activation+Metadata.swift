import RecurrentCells

extension Activation {
  /// The key under which the metadata of a safetensors file may have it.
  public static let metadataKey = "nonlinearity"
}
