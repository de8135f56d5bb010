import Foundation
import GradientFlow
import Machine
import TextFiles

/// `manifest.json`: where the numbers of a run come from.
public struct RunManifest: Sendable {
  private let startedAt = Date()
  private let jobs: Int

  /// Of a run that this process is about to continue.
  public init(jobs: Int) { self.jobs = jobs }

  /// Writes the manifest of a run.
  public func write(for run: Run, progress: RunProgress) throws {
    let process = ProcessInfo.processInfo
    let provenance = Provenance.current
    func time(_ date: Date) -> JSONText { .string(ISO8601DateFormatter().string(from: date)) }
    let json = JSONText.object([
      ("schema_version", .integer(RunStore.schemaVersion)),
      ("gradflow_version", .string(provenance.version)),
      ("source_revision", provenance.sourceRevision.map(JSONText.string) ?? .null),
      ("name", .string(run.specification.name)),
      ("started_at", time(startedAt)),
      ("finished_at", time(Date())),
      ("argv", .array(CommandLine.arguments.map(JSONText.string))),
      ("jobs", .integer(jobs)),
      ("shard", run.directory.shard.map { .string($0.description) } ?? .null),
      ("root_seed", .unsigned(run.specification.rootSeed)),
      ("record", .string(run.specification.recording.rawValue)),
      ("seeds", .array(run.specification.values(of: .seed, \.seed).map(JSONText.unsigned))),
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
          ("processor", .string(provenance.processor)), ("cores", .integer(process.processorCount)),
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
      ("kernels", .string(provenance.kernels)),
      (
        "computed_by",
        .array(
          try run.store.trialsByProvenance().map { entry in
            .object([
              ("trials", .integer(entry.trials)), ("gradflow_version", .string(entry.provenance.version)),
              ("source_revision", entry.provenance.sourceRevision.map(JSONText.string) ?? .null),
              ("kernels", .string(entry.provenance.kernels)), ("blas", .string(entry.provenance.blas)),
              ("processor", .string(entry.provenance.processor)),
            ])
          })
      ),
    ])
    try AtomicFile.write(Array(json.text.utf8), to: run.directory.manifest)
  }
}
