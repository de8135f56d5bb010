import Foundation

/// A peer of Benchmarks/peers: a Python process that is told what to do line by line (see protocol.py).
final class Peer {
  /// Which script, and whether it may tune the allocator.
  struct Kind: Hashable {
    let script: String
    let isTuned: Bool
    /// As it stands in the table.
    let title: String
    let isInstrumented: Bool

    /// Of passes of one layer.
    static let ofPasses: [Kind] = [
      Kind(script: "jax_scan", isTuned: false, title: "JAX", isInstrumented: true),
      Kind(script: "torch_loop", isTuned: false, title: "PyTorch loop", isInstrumented: true),
      Kind(script: "jax_scan", isTuned: true, title: "JAX, tuned", isInstrumented: true),
      Kind(script: "torch_loop", isTuned: true, title: "PyTorch loop, tuned", isInstrumented: true),
      fused,
    ]
    /// Of passes of several layers, and of sequences of different lengths.
    static let ofStacks: [Kind] = [
      fused, Kind(script: "torch_fused", isTuned: true, title: "PyTorch fused, tuned", isInstrumented: false),
    ]
    /// Of updates of training.
    static let ofTrainings: [Kind] = [
      Kind(script: "torch_training", isTuned: false, title: "PyTorch", isInstrumented: false),
      Kind(script: "torch_training", isTuned: true, title: "PyTorch, tuned", isInstrumented: false),
    ]
    /// Of updates of plain RNNs by gradient descent, with or without the penalty.
    static let numpy = Kind(script: "numpy_training", isTuned: false, title: "NumPy", isInstrumented: false)

    private static let fused = Kind(
      script: "torch_fused", isTuned: false, title: "PyTorch fused", isInstrumented: false)
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let kind: Kind
  /// Of the library, as it says itself.
  let version: String
  private let process = Process()
  private let commands = Pipe()
  private let answers = Pipe()
  private var received = Data()

  /// Starts the peer; nil, with a line about it, where Python or the library is missing.
  init?(_ kind: Kind, directory: String, python: String) {
    self.kind = kind
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      [python, "\(directory)/\(kind.script).py"] + (kind.isTuned ? ["--tuned"] : [])
    process.standardInput = commands
    process.standardOutput = answers
    process.standardError = FileHandle.nullDevice
    var found: String?
    do {
      try process.run()
      found = nil
    } catch {
      note("\(kind.title): \(python) does not start")
      version = ""
      return nil
    }
    let greeting = Peer.object(Peer.line(from: answers.fileHandleForReading, &received))
    found = greeting?["version"] as? String
    guard let found else {
      let missing = greeting?["missing"] as? String ?? "it did not start"
      note("\(kind.title): left out (\(missing) is missing)")
      version = ""
      return nil
    }
    version = found
  }

  deinit {
    try? commands.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// Reads a case and warms up.
  func load(_ directory: String) throws { _ = try command("load", directory) }
  /// Writes the results of one run.
  func writeResults(to directory: String) throws { _ = try command("results", directory) }
  /// The median of repeated runs, µs.
  func time(seconds: Double) throws -> Double {
    let answer = try command("time", seconds)
    guard let value = answer["microseconds"] as? Double else {
      throw Failure(description: "\(kind.title): no time in \(answer)")
    }
    return value
  }

  private func command(_ name: String, _ argument: Any) throws -> [String: Any] {
    var line = try JSONSerialization.data(withJSONObject: [name: argument])
    line.append(UInt8(ascii: "\n"))
    try commands.fileHandleForWriting.write(contentsOf: line)
    guard let answer = Peer.object(Peer.line(from: answers.fileHandleForReading, &received)) else {
      throw Failure(description: "\(kind.title): ended at '\(name)'")
    }
    if let error = answer["error"] { throw Failure(description: "\(kind.title): \(error)") }
    return answer
  }

  private static func object(_ line: Data?) -> [String: Any]? {
    line.flatMap { try? JSONSerialization.jsonObject(with: $0) as? [String: Any] }
  }

  /// The next line; nil at the end.
  private static func line(from handle: FileHandle, _ received: inout Data) -> Data? {
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        let line = Data(received[received.startIndex..<end])
        received = Data(received[received.index(after: end)...])
        return line
      }
      let more = handle.availableData
      if more.isEmpty { return nil }
      received.append(more)
    }
  }
}

/// Says something while the table is in the making.
func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
