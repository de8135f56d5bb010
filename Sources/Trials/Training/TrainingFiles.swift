import Foundation
import GradientFlow
import TextFiles

/// The files that training leaves in its run: models under PyTorch's names, and the last checkpoint.
public struct TrainingFiles: Sendable {
  private let directory: RunDirectory

  /// - Parameter directory: of the run, or of the shard, that the trials are stored in.
  package init(_ directory: RunDirectory) { self.directory = directory }

  /// The trained network of a trial, or as it was after an update.
  package func model(_ trial: String, iteration: Int? = nil) -> String {
    let suffix = iteration.map { "-" + String(format: "%08d", $0) } ?? ""
    return PathName.joined(directory.models, "\(trial)\(suffix).safetensors")
  }

  /// Where a training run resumes.
  package func checkpoint(_ trial: String) -> String {
    PathName.joined(directory.checkpoints, "\(trial).safetensors")
  }

  /// Writes a file, with its folder if it is missing.
  ///
  /// - Throws: `ModelFileError` of kind `cannotWrite`.
  package func write(
    _ tensors: [(name: String, array: NumericArray)], metadata: [String: String], to path: String
  ) throws {
    try makeDirectory(PathName.folder(of: path))
    try SafetensorsFile.write(tensors: tensors, metadata: metadata, to: path)
  }

  /// Takes the checkpoint of a finished trial away, if there is one, and the folder with the last one.
  ///
  /// - Throws: ``RunError/writing(_:_:)``.
  package func removeCheckpoint(_ trial: String) throws(RunError) {
    let path = checkpoint(trial)
    guard uninterrupted({ unlink(path) }) == 0 || errno == ENOENT || errno == ENOTDIR else {
      throw .writing(path, errno)
    }
    rmdir(directory.checkpoints)
  }

  /// Removes those of stored trials, left by a process that ended between the two.
  ///
  /// - Parameter trials: asked for only where there are checkpoints.
  package func removeCheckpoints(of trials: () -> Set<String>) throws(RunError) {
    guard let names = FolderListing.names(directory.checkpoints), !names.isEmpty else { return }
    let trials = trials()
    for name in names {
      let trial = name.prefix { $0 != "." }
      if trials.contains(String(trial)) { try removeCheckpoint(String(trial)) }
    }
  }
}
