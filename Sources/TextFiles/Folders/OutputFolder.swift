import Foundation
import GradientFlow

/// A folder that a command writes into: a new or empty one, or one that this program has made for the same purpose.
///
/// A folder is known by what lies in it, so that runs may be moved, copied and continued by other versions:
/// - a run by its `.lock`, `manifest.json`, `progress.json`, `trials.sqlite`, by the scripts that `gradflow slurm` wrote,
///   or by a shard in it of which that is true;
/// - a diagnosis by its `summary.json`;
/// - a look at units by its `units.csv`;
/// - figures by a script NAME.gp among them, or as the folder `figures` of a run or a diagnosis.
///
/// What a process left that was ended at its first steps (an empty lock, empty folders, half-written files) is as good
/// as nothing. In such a folder too a file is overwritten only if it is one that this program writes.
public enum OutputFolder: Sendable {
  /// Of a sweep; one that trains writes more tables.
  case run(trains: Bool)
  /// Of a model, with tables of such names.
  case diagnosis(tables: [String])
  /// Of the units of a language model.
  case units
  case figures

  /// Makes sure that writing there harms nothing.
  ///
  /// - Parameter isSpecification: whether a `spec.yaml` is as this program writes it: a folder that holds nothing else is
  ///   that of a run to be begun.
  /// - Throws: ``RunError/foreignFolder(path:purpose:found:)``, ``RunError/foreignFile(path:)``, or
  ///   ``RunError/cannotWrite(path:problem:)`` where the path leads to no folder.
  public func check(
    _ path: String, isSpecification: (String) -> Bool = { _ in false }
  ) throws(RunError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      if code == ENOENT, lstat(path, &status) != 0 { return }
      throw .cannotWrite(
        path: path,
        problem: code == ENOENT ? "it is a symbolic link that leads nowhere" : SystemFailure(code).problem
      )
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw .cannotWrite(path: path, problem: "it is a file, not a directory")
    }
    let names: [String]
    do { names = try FolderListing.read(path) } catch {
      throw .cannotWrite(path: path, problem: error.problem)
    }
    if try !isSurelyOurs(path, names) {
      let foreign = names.filter { !isNothing($0, in: path) }
      let isBegun = foreign == ["spec.yaml"] && isSpecification(PathName.joined(path, "spec.yaml"))
      if let found = foreign.first, !isBegun {
        throw .foreignFolder(path: path, purpose: name, found: found)
      }
    }
    for (name, file) in files where file.isMissing(at: PathName.joined(path, name)) {
      try Self.checkReadable(PathName.joined(path, name))
      if file.isMissing(at: PathName.joined(path, name)) {
        throw .foreignFile(path: PathName.joined(path, name))
      }
    }
  }

  /// A folder that seems to be somebody else's may only hold files that cannot be opened now.
  private func isSurelyOurs(_ path: String, _ names: [String]) throws(RunError) -> Bool {
    if isOurs(path) { return true }
    for name in names { try Self.checkReadable(PathName.joined(path, name)) }
    return isOurs(path)
  }

  /// - Throws: ``RunError/readingRefused(path:_:)`` where the system has no descriptors, or the disk fails.
  private static func checkReadable(_ path: String) throws(RunError) {
    var status = stat()
    guard stat(path, &status) == 0, [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else { return }
    do { _ = try OpenFile(path) } catch {
      if error.isOfEnvironment { throw .readingRefused(path: path, error) }
    }
  }

  /// Whether this program made the folder, for this purpose.
  func isOurs(_ path: String) -> Bool {
    func holds(_ file: OwnFile, _ name: String) -> Bool { file.isAt(PathName.joined(path, name)) }
    switch self {
    case .run:
      if holds(.lock, ".lock") || holds(.manifest, "manifest.json") || holds(.progress, "progress.json")
        || holds(.store, "trials.sqlite") || holds(.slurmScript, "slurm/array.sh")
      {
        return true
      }
      let shards = PathName.joined(path, "shards")
      return (FolderListing.names(shards) ?? []).contains {
        Shard(folder: $0) != nil && isOurs(PathName.joined(shards, $0))
      }
    case .diagnosis: return holds(.diagnosisSummary, "summary.json")
    case .units: return holds(.unitTable, "units.csv")
    case .figures:
      if PathName.last(of: path) == "figures" {
        let above = PathName.folder(of: PathName.absolute(path) ?? path)
        let owners: [OutputFolder] = [.run(trains: false), .diagnosis(tables: []), .units]
        if owners.contains(where: { $0.isOurs(above) }) {
          return true
        }
      }
      return (FolderListing.names(path) ?? []).contains {
        $0.hasSuffix(".gp") && holds(.figureScript, $0)
      }
    }
  }

  /// What is overwritten: names, and what must lie there if anything does.
  private var files: [(name: String, file: OwnFile)] {
    switch self {
    case .run(let trains):
      let tables =
        ["trials.csv", "timesteps.csv", "layers.csv"]
        + (trains ? ["training.csv", "training_timesteps.csv", "test_steps.csv", "test_lengths.csv"] : [])
      return tables.map { ($0, .trialTable) } + (trains ? [("baselines.csv", .baselineTable)] : []) + [
        ("manifest.json", .manifest), ("slurm/array.sh", .slurmScript), ("slurm/merge.sh", .slurmScript),
      ]
    case .diagnosis(let tables):
      return [
        ("summary.json", .diagnosisSummary), ("timesteps.csv", .diagnosisTimesteps),
        ("two_time.csv", .measurementTable), ("gradients.safetensors", .tensors),
        ("states.safetensors", .tensors), ("state_gradients.safetensors", .tensors),
        ("elements.csv", .measurementTable), ("tokens.csv", .tokenTable),
        ("evolution.csv", .updateTable), ("updates.csv", .updateTable),
      ] + tables.map { ($0, .measurementTable) }
    case .units:
      return [
        ("units.csv", .unitTable), ("associations.csv", .associationTable), ("closing.csv", .closingTable),
      ]
    // Each figure is looked at when it is written.
    case .figures: return []
    }
  }

  /// Whether an entry of a folder is nobody's: of a file system, or of a process that was ended at its first steps.
  private func isNothing(_ name: String, in path: String) -> Bool {
    if ["lost+found", ".DS_Store"].contains(name) || LeftoverFiles.isName(name) { return true }
    let place = PathName.joined(path, name)
    let isFolderOfARun = ["shards", "slurm", "figures", "models", "checkpoints"].contains(name)
    if isFolderOfARun || Shard(folder: name) != nil {
      return FolderListing.names(place)?.allSatisfy { isNothing($0, in: place) } == true
    }
    return [".lock", ".reading"].contains(name) && RegularFile.beginning(of: place, limit: 1)?.isEmpty == true
  }

  /// What it is, in words.
  package var name: String {
    switch self {
    case .run: return "run"
    case .diagnosis: return "diagnosis"
    case .units: return "look at units"
    case .figures: return "folder of figures"
    }
  }
}
