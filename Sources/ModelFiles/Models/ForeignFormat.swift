/// Files that trained models come in and that are not read, told from their first bytes.
enum ForeignFormat {
  /// The error of a file in one of these formats, which says how to save one that is read; nil for any other file.
  static func refusal(of bytes: ArraySlice<UInt8>) -> ModelFileError? {
    if bytes.starts(with: ModelArchive.zipMagic) { return zip(bytes) }
    if bytes.starts(with: [0x89] + Array("HDF\r\n".utf8)) {
      return .unsupported("byte 0", "an HDF5 file (.h5)", saveArrays)
    }
    if bytes.starts(with: NPYFile.magic) {
      return .unsupported("byte 0", "an NPY file, one array without a name", "save all with numpy.savez")
    }
    if bytes.starts(with: Array("version https://git-lfs".utf8)) {
      return .unsupported(
        "byte 0", "a Git LFS pointer instead of the file", "fetch the file with git lfs pull")
    }
    // A safetensors file whose header takes 0x280 bytes starts like this too, but then the header follows.
    guard let start = bytes.part(0..<9), start.first == 0x80,
      (2...5).contains(start[start.startIndex + 1]), start.last != UInt8(ascii: "{")
    else { return nil }
    return .unsupported("byte 0", "a Python pickle, as torch.save writes it", saveSafetensors)
  }

  /// What a zip archive is, by the name of its first member.
  private static func zip(_ bytes: ArraySlice<UInt8>) -> ModelFileError? {
    guard let header = try? LocalHeader(bytes, at: 0, limit: bytes.count) else { return nil }
    let name = String(decoding: header.name.prefix(1_000), as: UTF8.self)
    if name.hasSuffix(".npy") { return nil }
    if ["metadata.json", "config.json", "model.weights.h5"].contains(name) {
      return .unsupported("byte 0", "a Keras archive (.keras)", saveArrays)
    }
    guard name.hasSuffix(".pkl") || name.contains("/data/") || name.contains("/code/") else { return nil }
    return .unsupported("byte 0", "a PyTorch archive of pickles (.pt, .pth)", saveSafetensors)
  }

  private static let saveSafetensors =
    "save the weights in Python: from safetensors.torch import save_file; "
    + "save_file(model.state_dict(), \"model.safetensors\"); or, where tensors share memory or are not contiguous, "
    + "safetensors.torch.save_model(model, \"model.safetensors\")"

  private static let saveArrays =
    "save the weights in Python: import numpy; "
    + "numpy.savez(\"model.npz\", **{w.path: w.numpy() for w in model.weights}); w.name instead of w.path in Keras 2"
}
