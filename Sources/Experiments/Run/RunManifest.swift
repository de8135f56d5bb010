import Foundation
import GradientFlow

/// `manifest.json`: where the numbers of a run come from.
public struct RunManifest: Sendable {
  /// This package's version.
  public static let version = "0.1.0"

  private let startedAt: Date
  private let jobs: Int
  private let arguments: [String]

  public init(jobs: Int, arguments: [String], startedAt: Date = Date()) {
    self.jobs = jobs
    self.arguments = arguments
    self.startedAt = startedAt
  }

  /// Writes the manifest of a run.
  public func write(for run: Run, progress: RunProgress) throws {
    let process = ProcessInfo.processInfo
    func time(_ date: Date) -> JSONText { .string(ISO8601DateFormatter().string(from: date)) }
    let json = JSONText.object([
      ("schema_version", .integer(RunStore.schemaVersion)),
      ("gradflow_version", .string(Self.version)),
      ("source_revision", Self.sourceRevision.map(JSONText.string) ?? .null),
      ("name", .string(run.specification.name)),
      ("started_at", time(startedAt)),
      ("finished_at", time(Date())),
      ("argv", .array(arguments.map(JSONText.string))),
      ("jobs", .integer(jobs)),
      ("root_seed", .unsigned(run.specification.rootSeed)),
      ("seeds", .array(run.specification.seeds.map(JSONText.unsigned))),
      (
        "counts",
        .object([
          ("trials", .integer(progress.total)), ("done", .integer(progress.done)),
          ("failed", .integer(progress.failed)), ("underflow", .integer(progress.underflowed)),
          ("overflow", .integer(progress.overflowed)), ("diverged", .integer(progress.diverged)),
        ])
      ),
      (
        "machine",
        .object([
          ("processor", .string(Self.processor)), ("cores", .integer(process.processorCount)),
          ("memory_bytes", .unsigned(process.physicalMemory)),
          ("system", .string(process.operatingSystemVersionString)),
        ])
      ),
      (
        "blas",
        .object([
          ("library", .string(BLASEnvironment.configuration)),
          ("core", .string(BLASEnvironment.core)), ("threads", .integer(1)),
        ])
      ),
      ("kernels", .string(KernelSelection.current.description)),
    ])
    try AtomicFile.write(Array(json.text.utf8), to: run.directory.manifest)
  }

  private static var processor: String {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("model name") }),
      let name = line.split(separator: ":").last
    else { return "unknown" }
    return name.trimmingCharacters(in: .whitespaces)
  }

  /// The commit of the checkout the program was built in, where it still lies there: `.git/HEAD` above the
  /// executable, followed once.
  private static var sourceRevision: String? {
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
