import Foundation
import GradientFlow

/// What computes: the program and the machine, as far as they decide the last digits of a result.
public struct Provenance: Sendable, Equatable {
  /// This package's version.
  public static let version = "0.1.0"

  public let version: String
  /// The commit of the checkout the program was built in; nil where that is not known.
  public let sourceRevision: String?
  /// The kernels chosen for the processor.
  public let kernels: String
  public let blas: String
  public let processor: String
  public let host: String

  package init(
    version: String, sourceRevision: String?, kernels: String, blas: String, processor: String, host: String
  ) {
    self.version = version
    self.sourceRevision = sourceRevision
    self.kernels = kernels
    self.blas = blas
    self.processor = processor
    self.host = host
  }

  /// Of this program on this machine.
  public static var current: Provenance {
    Provenance(
      version: version, sourceRevision: currentRevision, kernels: KernelSelection.current.description,
      blas: "\(BLASEnvironment.configuration), core \(BLASEnvironment.core)", processor: currentProcessor,
      host: ProcessInfo.processInfo.hostName)
  }

  /// Whether both give the same bits, whatever the host is called.
  package func computesLike(_ other: Provenance) -> Bool {
    (version, sourceRevision, kernels, blas, processor)
      == (other.version, other.sourceRevision, other.kernels, other.blas, other.processor)
  }

  /// One line for people.
  public var description: String {
    let revision = sourceRevision.map { " (\($0.prefix(8)))" } ?? ""
    return "gradflow \(version)\(revision), \(kernels), \(processor)"
  }

  private static var currentProcessor: String {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("model name") }),
      let name = line.split(separator: ":").last
    else { return "unknown" }
    return name.trimmingCharacters(in: .whitespaces)
  }

  /// `.git/HEAD` above the executable, followed once.
  private static var currentRevision: String? {
    var folder = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
    while let current = folder, current.path != "/" {
      let git = current.appendingPathComponent(".git")
      if let head = try? String(contentsOf: git.appendingPathComponent("HEAD"), encoding: .utf8) {
        let text = head.trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.hasPrefix("ref: ") else { return text }
        let reference = git.appendingPathComponent(String(text.dropFirst(5)))
        return (try? String(contentsOf: reference, encoding: .utf8))?
          .trimmingCharacters(in: .whitespacesAndNewlines)
      }
      folder = current.deletingLastPathComponent()
    }
    return nil
  }
}
