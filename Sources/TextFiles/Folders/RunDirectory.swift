import Foundation
import GradientFlow

/// The paths of a run, or of a shard of one: `RUN/shards/2-of-7` is laid out like a run and holds a part of it.
public struct RunDirectory: Sendable, Equatable {
  /// As the user gave it.
  public let path: String

  public init(_ path: String) { self.path = path }

  public var specification: String { file("spec.yaml") }
  public var manifest: String { file("manifest.json") }
  public var store: String { file("trials.sqlite") }
  public var trials: String { file("trials.csv") }
  public var timesteps: String { file("timesteps.csv") }
  /// Layers and directions of networks that may have several.
  public var layers: String { file("layers.csv") }
  public var figures: String { file("figures") }
  /// The course of trainings: rows for some updates in turn, and for the timesteps of those that were looked at.
  public var training: String { file("training.csv") }
  public var trainingTimesteps: String { file("training_timesteps.csv") }
  /// Tests of trained networks by step.
  public var testSteps: String { file("test_steps.csv") }
  /// Tests of trained networks at other lengths.
  public var testLengths: String { file("test_lengths.csv") }
  /// Models without a recurrent network of the text that language models are trained on.
  public var baselines: String { file("baselines.csv") }
  /// Trained networks under PyTorch's names.
  public var models: String { file("models") }
  /// Checkpoints of unfinished training runs.
  package var checkpoints: String { file("checkpoints") }
  /// Scripts and logs of Slurm jobs.
  public var slurm: String { file("slurm") }
  /// How far the process is that writes, for others to see.
  package var progress: String { file("progress.json") }
  package var lock: String { file(".lock") }
  /// Every folder that a process writing into the run makes files in.
  public var folders: [String] { [path, models, checkpoints, figures, slurm] }
  private var shards: String { file("shards") }

  private func file(_ name: String) -> String { PathName.joined(path, name) }

  // MARK: - Shards

  /// The directory of a shard of this run.
  public func directory(of shard: Shard) -> RunDirectory {
    RunDirectory(PathName.joined(shards, shard.folder))
  }

  /// The shards that have a store in this run, in order.
  ///
  /// - Throws: ``RunError/readingRefused(path:_:)``.
  package func shardsPresent() throws(RunError) -> [Shard] {
    try namesInDirectory(shards).compactMap(Shard.init(folder:)).filter {
      FileManager.default.fileExists(atPath: directory(of: $0).store)
    }.sorted { ($0.count, $0.index) < ($1.count, $1.index) }
  }

  /// Which shard this is the directory of, by its name; nil for a whole run.
  public var shard: Shard? {
    let parts = (PathName.absolute(path) ?? path).split(separator: "/").suffix(2)
    return parts.count == 2 && parts.first == "shards"
      ? parts.last.flatMap { Shard(folder: String($0)) } : nil
  }

  /// The run that a shard's directory lies in; the directory itself for a whole run.
  public var whole: RunDirectory {
    guard let shard else { return self }
    let end = "/shards/\(shard.folder)"
    if path.hasSuffix(end), path.count > end.count { return RunDirectory(String(path.dropLast(end.count))) }
    return RunDirectory(PathName.folder(of: PathName.folder(of: PathName.absolute(path) ?? path)))
  }

  /// The command that continues it.
  public var sweepCommand: String {
    "gradflow sweep \(CommandText.path(whole.path))" + (shard.map { " --shard \($0)" } ?? "")
  }
}
