import RecurrentCells

/// Files that trained models come in and that are not read, told from their first bytes.
enum ForeignFormat {
  /// The error of a file in one of these formats, which says how to save one that is read; nil for any other file.
  static func refusal(of bytes: ArraySlice<UInt8>) -> ModelFileError? {
    if bytes.starts(with: ModelArchive.zipMagic) { return zip(bytes) }
    // Safetensors files begin with the length of their header, which may be any of what follows; then the header does.
    if bytes.dropFirst(8).first == UInt8(ascii: "{") { return nil }
    for (magic, offset, name, advice) in known where bytes.dropFirst(offset).starts(with: magic) {
      return .unsupported("byte 0", name, advice)
    }
    if isPickle(bytes) {
      return .unsupported("byte 0", "a Python pickle, as torch.save writes it", saveSafetensors)
    }
    if isIndex(bytes) {
      return .unsupported(
        "byte 0", "a JSON text, as model.safetensors.index.json that lists the parts of a model",
        "give the part that has the recurrent layers, or join them: from safetensors.torch import load_file, save_file; "
          + "save_file({**load_file(\"a.safetensors\"), **load_file(\"b.safetensors\")}, \"model.safetensors\")"
      )
    }
    if bytes.starts(with: [0x08, 0x01, 0x12]) {
      return .unsupported("byte 0", "a TensorFlow SavedModel (saved_model.pb)", saveArrays)
    }
    if isONNX(bytes) { return .unsupported("byte 0", "an ONNX file", saveONNX) }
    if isMessagePack(bytes) {
      return .unsupported("byte 0", "a msgpack file, as flax.serialization writes it", saveFlax)
    }
    return nil
  }

  private static let known: [(magic: [UInt8], offset: Int, name: String, advice: String)] = [
    ([0x89] + Array("HDF\r\n".utf8), 0, "an HDF5 file (.h5)", saveArrays),
    (NPYFile.magic, 0, "an NPY file, one array without a name", "save all with numpy.savez"),
    (
      Array("version https://git-lfs".utf8), 0, "a Git LFS pointer instead of the file",
      "fetch the file with git lfs pull"
    ),
    (
      Array("GGUF".utf8), 0, "a GGUF file (.gguf)",
      "save the weights in Python: from gguf import GGUFReader; import numpy; "
        + "numpy.savez(\"model.npz\", **{t.name: t.data for t in GGUFReader(\"model.gguf\").tensors})"
    ),
    (
      Array("TFL3".utf8), 4, "a TensorFlow Lite file (.tflite)",
      "its weights are compiled for inference: save those of the Keras model instead: " + saveArrays
    ),
    ([0xFD] + Array("7zXZ".utf8), 0, "an xz file", "unpack it: unxz"),
    ([0x28, 0xB5, 0x2F, 0xFD], 0, "a Zstandard file", "unpack it: unzstd"),
    (Array("BZh".utf8), 0, "a bzip2 file", "unpack it: bunzip2"),
    (Array("7z".utf8) + [0xBC, 0xAF], 0, "a 7z archive", "unpack it"),
    (Array("ustar".utf8), 257, "a tar archive", "unpack it: tar xf"),
    (Array("\u{1F}\u{8B}".unicodeScalars.map { UInt8($0.value) }), 0, "a gzip file", "unpack it: gunzip"),
  ]

  /// A pickle of protocol 2 to 5; of protocol 0 and 1, which is text, one of a dictionary or of an object.
  private static func isPickle(_ bytes: ArraySlice<UInt8>) -> Bool {
    if let start = bytes.part(0..<9), start.first == 0x80, (2...5).contains(start[start.startIndex + 1]) {
      return true
    }
    return [
      "}q", "]q", "(dp", "(lp", "(S'", "(V", "(ip", "cnumpy", "c__builtin__", "ccollections", "ctorch",
      "ccopy_reg",
    ].contains {
      bytes.starts(with: $0.utf8)
    }
  }

  /// A JSON object, where a safetensors file has the length of its header.
  private static func isIndex(_ bytes: ArraySlice<UInt8>) -> Bool {
    let text = bytes.prefix(64).drop { [0x20, 0x0A, 0x0D, 0x09].contains($0) }
    guard text.first == UInt8(ascii: "{") else { return false }
    let next = text.dropFirst().first { ![0x20, 0x0A, 0x0D, 0x09].contains($0) }
    return next == UInt8(ascii: "\"")
  }

  /// A protocol buffer whose first field is the version of ONNX, with the name of the program that wrote it behind.
  private static func isONNX(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let start = bytes.part(0..<8), start.first == 0x08, (1...20).contains(start[start.startIndex + 1])
    else {
      return false
    }
    return [0x12, 0x1A, 0x22, 0x3A, 0x42].contains(start[start.startIndex + 2])
  }

  /// A map whose first key is a short text.
  private static func isMessagePack(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let start = bytes.part(0..<12), let first = start.first else { return false }
    let skip: Int
    switch first {
    case 0x81...0x8F: skip = 1
    case 0xDE: skip = 3
    default: return false
    }
    let key = start.dropFirst(skip)
    guard let mark = key.first, (0xA1...0xBF).contains(mark) else { return false }
    return key.dropFirst().prefix(min(Int(mark) - 0xA0, 6)).allSatisfy { (0x20..<0x7F).contains($0) }
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

  private static let saveONNX =
    "its operators have other orders of gates (LSTM: i, o, f, c), and a GRU with linear_before_reset = 0 is another "
    + "equation: save the weights of the model that it was made of; or its arrays in Python: import onnx, numpy; "
    + "from onnx import numpy_helper as h; "
    + "numpy.savez(\"model.npz\", **{t.name: h.to_array(t) for t in onnx.load(\"model.onnx\").graph.initializer}), under "
    + "PyTorch's names and in its order"

  private static let saveFlax =
    "capture the model with gradflow_capture.capture_arrays, or save its arrays in Python under PyTorch's names with "
    + "numpy.savez"
}
