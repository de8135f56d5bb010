import Foundation
import GradientFlow

/// A problem on disk, for the peers: its sizes and arrays, as protocol.py reads them.
struct CaseFolder {
  let path: String
  /// For messages.
  let name: String

  /// An array in single precision.
  struct Array {
    let name: String
    let values: [Double]
    let shape: [Int]

    init(_ name: String, _ values: [Double], _ shape: [Int]) {
      (self.name, self.values, self.shape) = (name, values, shape)
    }
  }

  /// Writes it.
  init(
    _ name: String, in parent: String, description: [String: any Sendable], arrays: [Array]
  ) throws {
    self.name = name
    path =
      parent + "/" + name.replacingOccurrences(of: ", ", with: "-").replacingOccurrences(of: " ", with: "-")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for array in arrays {
      try NPYFile.write(
        NumericArray(Float.array(array.values), shape: array.shape), to: "\(path)/\(array.name).npy")
    }
    try JSONSerialization.data(withJSONObject: description, options: .sortedKeys)
      .write(to: URL(fileURLWithPath: "\(path)/case.json"))
  }

  /// Hands the case to a peer and fails unless what it finds is ours: in single precision, after hundreds of
  /// steps.
  ///
  /// - Parameters:
  ///   - own: by name; each number of a name that ends in `norms` or `losses` is compared by itself, others
  ///     beside the largest. What the peer does not find is left out, but not everything.
  func load(_ peer: Peer, comparing own: [String: [Double]], tolerance: Double = 1e-3) throws {
    try peer.load(path)
    let place = "\(path)/\(peer.kind.script)"
    try peer.writeResults(to: place)
    var compared = 0
    for (name, values) in own.sorted(by: { $0.key < $1.key }) {
      let file = "\(place)/\(name).npy"
      guard FileManager.default.fileExists(atPath: file) else { continue }
      let theirs = try NPYFile(contentsOf: file).array.doubles()
      let largest = values.map(\.magnitude).max() ?? 0
      let isByElement = name.hasSuffix("norms") || name.hasSuffix("losses")
      for (mine, other) in zip(values, theirs) {
        let scale = isByElement ? mine.magnitude : largest
        guard theirs.count == values.count, (mine - other).magnitude <= tolerance * scale else {
          throw Peer.Failure(
            description: "\(peer.kind.title), \(self.name): \(name) differs, \(other) against our \(mine)")
        }
      }
      compared += 1
    }
    guard compared > 0 else {
      throw Peer.Failure(description: "\(peer.kind.title), \(name): nothing to compare")
    }
  }
}

/// A folder that is gone when the work in it is done.
func withScratchFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let path = NSTemporaryDirectory() + "speed-table-\(ProcessInfo.processInfo.processIdentifier)"
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}
