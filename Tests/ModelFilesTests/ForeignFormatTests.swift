import ModelFiles
import TestSupport
import Testing

@Suite("Files of models that are not read")
struct ForeignFormatTests {
  private static let saveSafetensors =
    "save the weights in Python: from safetensors.torch import save_file; "
    + "save_file(model.state_dict(), \"model.safetensors\"); or, where tensors share memory or are not contiguous, "
    + "safetensors.torch.save_model(model, \"model.safetensors\")"
  private static let saveArrays =
    "save the weights in Python: import numpy; numpy.savez(\"model.npz\", **{w.path: w.numpy() for w in "
    + "model.weights}); w.name instead of w.path in Keras 2"
  private static let hdf5: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0]

  private static func archive(_ names: String...) -> [UInt8] {
    StoredArchive(names.map { ($0, [0x80, 2, 0x2E]) }).bytes
  }

  /// Each says what it is and how to save what is read.
  @Test(
    arguments: [
      (
        archive("model/data.pkl", "model/data/0"), "a PyTorch archive of pickles (.pt, .pth)", saveSafetensors
      ),
      (archive("m/data/0", "m/data.pkl"), "a PyTorch archive of pickles (.pt, .pth)", saveSafetensors),
      (
        [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20], "a Python pickle, as torch.save writes it",
        saveSafetensors
      ),
      (archive("metadata.json", "config.json", "model.weights.h5"), "a Keras archive (.keras)", saveArrays),
      (hdf5, "an HDF5 file (.h5)", saveArrays),
      (TinyFiles.npy, "an NPY file, one array without a name", "save all with numpy.savez"),
      (
        Array("version https://git-lfs.github.com/spec/v1\n".utf8), "a Git LFS pointer instead of the file",
        "fetch the file with git lfs pull"
      ),
    ] as [([UInt8], String, String)])
  func aKnownFormatIsNamed(bytes: [UInt8], found: String, advice: String) throws {
    let directory = try TemporaryDirectory()
    directory.write(bytes, to: "model")
    let error = #expect(throws: ModelFileError.self) { try TrainedModel(contentsOf: directory.file("model")) }
    #expect(error?.kind == .unsupported)
    #expect(error?.description == "\(directory.file("model")): byte 0: \(found); \(advice)")
    #expect(error?.complaint == nil)
  }

  @Test(
    arguments: [
      ([0x08, 0x0E, 0x3A, 0x83, 0x0E, 0x0A, 0x26, 0x0A, 0x01], "an ONNX file"),
      ([0x08, 0x07, 0x12, 0x07, 0x70, 0x79, 0x74, 0x6F, 0x72], "an ONNX file"),
      ([0x08, 0x01, 0x12, 0xAA, 0x10, 0x0A, 0x0B, 0x0A, 0x01], "a TensorFlow SavedModel (saved_model.pb)"),
      (Array("GGUF".utf8) + [3, 0, 0, 0, 9], "a GGUF file (.gguf)"),
      ([0x1C, 0, 0, 0] + Array("TFL3".utf8) + [0x14], "a TensorFlow Lite file (.tflite)"),
      ([0x81, 0xA6] + Array("params".utf8) + [0x82, 0xA5] + Array("Dense".utf8), "a msgpack file"),
      (Array("(dp0\nS'w'\np1\n".utf8), "a Python pickle"),
      (Array("{\n  \"metadata\": {".utf8), "a JSON text"),
      (Array("{\"weight_map\": {}}".utf8), "a JSON text"),
      ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0], "a gzip file"),
    ] as [([UInt8], String)])
  func otherToolsFilesAreNamed(bytes: [UInt8], found: String) {
    let error = #expect(throws: ModelFileError.self) { try ModelArchive(bytes: bytes) }
    #expect(
      error?.kind == .unsupported && error?.found.hasPrefix(found) == true, "\(String(describing: error))")
    #expect(error?.complaint == nil)
  }

  /// Lengths of headers whose bytes are those that other formats begin with: {", a msgpack map, ONNX, (dp.
  @Test(arguments: [0x227B, 0xA581, 0xB08F, 0x120E08, 0x120108, 0x70_6428, 0x46_5547, 0x8B1F])
  func headersOfAnyLengthAreRead(length: Int) throws {
    var header = Array("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}".utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: length - header.count)
    let bytes = (0..<8).map { UInt8(length >> (8 * $0) & 255) } + header + [UInt8](repeating: 0, count: 8)
    #expect(try ModelArchive(bytes: bytes).names == ["a"])
  }

  @Test func anythingElseIsADamagedFile() {
    for bytes in [[], Array("hello, world".utf8), Array("PK".utf8), [0x80, 2], Self.archive("a.txt")] {
      let error = #expect(throws: ModelFileError.self) { try ModelArchive(bytes: bytes) }
      #expect(error?.complaint == nil)
    }
  }

  /// The length of such a header starts as a pickle does.
  @Test func aHeaderOf640BytesIsNoPickle() throws {
    var tensors = ModelTensors.pytorch(gates: 1)
    for length in 1... {
      tensors.metadata = ["a": String(repeating: "x", count: length)]
      let bytes = tensors.safetensors
      guard bytes[1] == 2 else { continue }
      #expect(bytes[0] < 0x80)
      tensors.metadata = ["a": String(repeating: "x", count: length + 0x80 - Int(bytes[0]))]
      break
    }
    #expect(Array(tensors.safetensors.prefix(2)) == [0x80, 2])
    #expect(try TrainedModel(tensors.archive()).model.hiddenSize == 3)
  }

  @Test func missingFilesAndDirectoriesAreNamed() throws {
    let directory = try TemporaryDirectory()
    let missing = #expect(throws: ModelFileError.self) {
      try TrainedModel(contentsOf: directory.file("none"))
    }
    #expect(missing?.kind == .missing && missing?.file == directory.file("none"))
    let folder = #expect(throws: ModelFileError.self) { try TrainedModel(contentsOf: directory.path) }
    #expect(folder?.kind == .unreadable)
  }
}
