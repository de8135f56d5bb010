import Foundation
import ModelFiles
import TestSupport
import Testing

@Suite("Paths: reading what is there, writing all or nothing")
struct PathTests {
  /// The formats, each read from a path.
  enum Format: CaseIterable {
    case npy, npz, safetensors

    func read(_ path: String) throws {
      switch self {
      case .npy: _ = try NPYFile(contentsOf: path)
      case .npz: _ = try NPZFile(contentsOf: path)
      case .safetensors: _ = try SafetensorsFile(contentsOf: path)
      }
    }
  }

  @Test(arguments: Format.allCases) func missingFileIsToldFromOtherFailures(format: Format) throws {
    let directory = try TemporaryDirectory()
    try AtomicFile.write([UInt8](), to: directory.file("file"))
    for path in [directory.file("none"), directory.file("none/a"), directory.file("file/a"), ""] {
      let error = #expect(throws: ModelFileError.self) { try format.read(path) }
      #expect(error?.kind == .missing)
      #expect(error?.file == path)
    }
  }

  @Test(arguments: Format.allCases) func directoryAndDeviceAreNotReadable(format: Format) throws {
    let directory = try TemporaryDirectory()
    for path in [directory.path, "/dev/null"] {
      let error = #expect(throws: ModelFileError.self) { try format.read(path) }
      #expect(error?.kind == .unreadable)
      #expect(error?.description.hasPrefix(path + ": ") == true)
    }
  }

  @Test(arguments: Format.allCases) func malformedFileIsNamed(format: Format) throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("empty")
    try AtomicFile.write([UInt8](), to: path)
    let error = #expect(throws: ModelFileError.self) { try format.read(path) }
    #expect(error?.kind == .malformed)
    #expect(error?.file == path)
  }

  /// The size that a file has when it is opened is no promise.
  @Test(arguments: Format.allCases) func aFileThatShrinksWhileItIsReadIsReadOrRefused(format: Format) throws {
    let directory = try TemporaryDirectory()
    let path = directory.write([UInt8](repeating: 0x7B, count: 1 << 20), to: "file")
    DispatchQueue.concurrentPerform(iterations: 2) { task in
      for round in 0..<200 {
        if task == 0 {
          truncate(path, round % 2 == 0 ? 3 : 1 << 20)
        } else {
          #expect(throws: ModelFileError.self) { try format.read(path) }
        }
      }
    }
  }

  @Test func writingReplacesTheContentAndLeavesNothingElse() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("a")
    try AtomicFile.write(Data("long content".utf8), to: path)
    try AtomicFile.write([UInt8]("short".utf8), to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "short")
    #expect(try directory.contents() == ["a"])
  }

  @Test func writingKeepsPermissionsAndLinks() throws {
    let directory = try TemporaryDirectory()
    let (target, link) = (directory.file("target"), directory.file("link"))
    try AtomicFile.write([1] as [UInt8], to: target)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: target)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    try AtomicFile.write([2] as [UInt8], to: link)

    #expect(FileManager.default.contents(atPath: target) == Data([2]))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
    let mode = try FileManager.default.attributesOfItem(atPath: target)[.posixPermissions]
    #expect(mode as? Int == 0o640)
  }

  @Test func failedWritingLeavesNoFile() throws {
    let directory = try TemporaryDirectory()
    let tooLong = String(repeating: "n", count: 300)
    for name in ["", "none/a", tooLong, "new/"] {
      let path = directory.file(name)
      let error = #expect(throws: ModelFileError.self) {
        try AtomicFile.write([1] as [UInt8], to: path)
      }
      #expect(error?.kind == .cannotWrite)
      #expect(error?.file == path)
      #expect(try directory.contents() == [])
    }
  }

  @Test func writersRefuseWhatTheFormatCannotHold() throws {
    let directory = try TemporaryDirectory()
    let half = try NumericArray(
      littleEndianBytes: [0, 0], storedType: .bfloat16, shape: [1])
    let npy = #expect(throws: ModelFileError.self) {
      try NPYFile.write(half, to: directory.file("a.npy"))
    }
    #expect(npy?.kind == .unsupported)
    for names in [["w", "w"], ["__metadata__"], ["é", "e\u{301}"]] {
      let error = #expect(throws: ModelFileError.self) {
        try SafetensorsFile.write(
          tensors: names.map { ($0, half) }, to: directory.file("a.safetensors"))
      }
      #expect(error?.kind == .mismatch)
      #expect(error?.file == directory.file("a.safetensors"))
    }
    #expect(try directory.contents() == [])
  }
}
