/// Files that trained models come in and that are not read, told from their first bytes.
enum ForeignFormat {
  case pickle, pytorchArchive, kerasArchive, hdf5, npy, gitLFSPointer

  /// The format of a file; nil if it is none of these.
  init?(_ bytes: ArraySlice<UInt8>) {
    if bytes.starts(with: ModelArchive.zipMagic) {
      guard let format = Self.zip(bytes) else { return nil }
      self = format
    } else if bytes.starts(with: [0x89] + Array("HDF\r\n".utf8)) {
      self = .hdf5
    } else if bytes.starts(with: NPYFile.magic) {
      self = .npy
    } else if bytes.starts(with: Array("version https://git-lfs".utf8)) {
      self = .gitLFSPointer
    } else if let start = bytes.part(0..<9), start.first == 0x80,
      (2...5).contains(start[start.startIndex + 1]),
      start.last != UInt8(ascii: "{")
    {
      // A safetensors file whose header takes 0x280 bytes starts like this too, but then the header follows.
      self = .pickle
    } else {
      return nil
    }
  }

  /// What a zip archive is, by the name of its first member.
  private static func zip(_ bytes: ArraySlice<UInt8>) -> Self? {
    guard let header = try? LocalHeader(bytes, at: 0, limit: bytes.count) else { return nil }
    let name = String(decoding: header.name.prefix(1_000), as: UTF8.self)
    if name.hasSuffix(".npy") { return nil }
    if ["metadata.json", "config.json", "model.weights.h5"].contains(name) { return .kerasArchive }
    return name.hasSuffix(".pkl") || name.contains("/data/") || name.contains("/code/")
      ? .pytorchArchive : nil
  }

  /// What is found, and how to save a file that is read.
  var refusal: ModelFileError {
    switch self {
    case .pickle: .unsupported("byte 0", "a Python pickle, as torch.save writes it", Self.saveSafetensors)
    case .pytorchArchive:
      .unsupported("byte 0", "a PyTorch archive of pickles (.pt, .pth)", Self.saveSafetensors)
    case .kerasArchive: .unsupported("byte 0", "a Keras archive (.keras)", Self.saveArrays)
    case .hdf5: .unsupported("byte 0", "an HDF5 file (.h5)", Self.saveArrays)
    case .npy: .unsupported("byte 0", "an NPY file, one array without a name", "save all with numpy.savez")
    case .gitLFSPointer:
      .unsupported("byte 0", "a Git LFS pointer instead of the file", "fetch the file with git lfs pull")
    }
  }

  static let saveSafetensors =
    "save the weights in Python: from safetensors.torch import save_file; "
    + "save_file(model.state_dict(), \"model.safetensors\"); or, where tensors share memory or are not contiguous, "
    + "safetensors.torch.save_model(model, \"model.safetensors\")"

  static let saveArrays =
    "save the weights in Python: import numpy; "
    + "numpy.savez(\"model.npz\", **{w.path: w.numpy() for w in model.weights}); w.name instead of w.path in Keras 2"
}
