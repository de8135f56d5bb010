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
