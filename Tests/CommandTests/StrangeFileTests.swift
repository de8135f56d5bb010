import Foundation
import TestSupport
import Testing

/// Files that are none: nothing is waited for, nothing is read without end, and the message names the path.
@Suite("Pipes, devices and folders in place of files") struct StrangeFileTests {
  private let program: BuiltProgram
  private let directory: TemporaryDirectory

  /// What may lie where a file is expected.
  enum Strange: CaseIterable {
    case pipe, zeros, full, folder, loop, empty

    func make(at path: String) throws {
      try? FileManager.default.removeItem(atPath: path)
      switch self {
      case .pipe: #expect(mkfifo(path, 0o600) == 0)
      case .zeros: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/zero")
      case .full: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
      case .folder: try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      case .loop: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
      case .empty: #expect(FileManager.default.createFile(atPath: path, contents: nil))
      }
    }
  }

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  private func expectRefusal(_ arguments: [String], naming path: String, _ statuses: [Int32]) throws {
    let run = try program.start(arguments)
    _ = run.waits { !run.isRunning }
    if run.isRunning { run.send(SIGKILL) }
    let outcome = try run.wait()
    #expect(statuses.contains(outcome.status), "\(arguments): \(outcome.status) \(outcome.errors)")
    #expect(outcome.errors.contains(path), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
  }

  @Test(arguments: Strange.allCases)
  func aSpecificationIsRefused(_ strange: Strange) throws {
    let path = directory.file("x.yaml")
    try strange.make(at: path)
    try expectRefusal(["sweep", path, "--dry-run"], naming: path, [66, 78])
  }

  @Test(arguments: Strange.allCases)
  func theTextOfATaskIsRefused(_ strange: Strange) throws {
    try strange.make(at: directory.file("text"))
    let path = try directory.write("name: x\ntask: {kind: text, path: text}\n", to: "x.yaml")
    try expectRefusal(["sweep", path, "--dry-run"], naming: "\(path):2:26: task.path", [66, 78])
  }

  @Test(arguments: Strange.allCases)
  func aFileOfACaseIsRefused(_ strange: Strange) throws {
    let source = ReferenceCases.path("lstm_batch1_h7_initial_state")
    let files = try FileManager.default.contentsOfDirectory(atPath: source)
    for file in files where !file.hasPrefix("expected") {
      let copy = try TemporaryDirectory()
      for other in files where other != file {
        try FileManager.default.copyItem(atPath: source + "/" + other, toPath: copy.file(other))
      }
      try strange.make(at: copy.file(file))
      try expectRefusal(
        ["diagnose", "--case", copy.path, "-o", copy.file("out")], naming: copy.file(file), [65, 66])
    }
  }

  @Test(arguments: Strange.allCases)
  func expectedResultsAreRefused(_ strange: Strange) throws {
    let source = ReferenceCases.path("rnn_tanh_one_step")
    for file in ["expected.json", "expected.npz"] {
      let copy = try TemporaryDirectory()
      for other in try FileManager.default.contentsOfDirectory(atPath: source) where other != file {
        try FileManager.default.copyItem(atPath: source + "/" + other, toPath: copy.file(other))
      }
      try strange.make(at: copy.file(file))
      try expectRefusal(["verify", copy.path], naming: copy.file(file), [65, 66])
    }
  }

  /// `gradflow sweep <(…)` and `… | gradflow sweep /dev/stdin`, with a writer that takes its time.
  @Test func aPipeWithAWriterIsReadToItsEnd() throws {
    for script in [
      "\"$0\" sweep <(printf 'name: p\\n'; sleep 0.2; printf 'seeds: 3\\n') --dry-run",
      "{ printf 'name: p\\n'; sleep 0.2; printf 'seeds: 3\\n'; } | \"$0\" sweep /dev/stdin --dry-run",
    ] {
      let shell = Process()
      shell.executableURL = URL(fileURLWithPath: "/bin/bash")
      shell.arguments = ["-c", script, program.path]
      let output = Pipe()
      shell.standardOutput = output
      try shell.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      shell.waitUntilExit()
      #expect(shell.terminationStatus == 0)
      #expect(text.contains("p: 6 trials"), "\(text)")
    }
  }
}
