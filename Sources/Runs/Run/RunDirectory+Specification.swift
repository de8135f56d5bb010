import Foundation
import GradientFlow
import Specification
import TextFiles

extension RunDirectory {
  /// - Throws: ``RunError/notARun(path:problem:)`` unless it is a directory with a `spec.yaml`.
  package func check() throws(RunError) {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .notARun(path: path, problem: "it does not exist")
    }
    guard isDirectory.boolValue else { throw .notARun(path: path, problem: "it is a file") }
    guard FileManager.default.fileExists(atPath: specification) else {
      throw .notARun(path: path, problem: "it contains no spec.yaml")
    }
  }

  /// The specification of the run.
  ///
  /// - Throws: ``RunError/notARun(path:problem:)``, or ``SpecificationError`` if its `spec.yaml` is damaged.
  func readSpecification() throws -> SweepSpecification {
    try check()
    return try SweepSpecification.readNormalised(path: specification)
  }

  /// What a specification adds to the run: nil if there is none yet, nothing if it is the same.
  ///
  /// - Throws: ``RunError/specificationChanged(path:differences:)`` where it does more than add.
  package func additions(by new: SweepSpecification) throws -> [String]? {
    guard FileManager.default.fileExists(atPath: specification) else {
      if FileManager.default.fileExists(atPath: store) {
        throw RunError.notARun(path: path, problem: "it contains trials.sqlite but no spec.yaml")
      }
      return nil
    }
    let old = try SweepSpecification.readNormalised(path: specification)
    switch SpecificationChange(from: old, to: new) {
    case .same: return []
    case .extends(let values): return values.map(\.description)
    case .conflicts(let differences):
      throw RunError.specificationChanged(path: path, differences: differences.map(\.description))
    }
  }

  /// Whether its specification asks for these figures; true where there is none yet.
  func asksForFigures(of new: SweepSpecification) throws(SpecificationError) -> Bool {
    guard FileManager.default.fileExists(atPath: specification) else { return true }
    return try SweepSpecification.readNormalised(path: specification).figures == new.figures
  }

  /// Removes what killed processes left half-written. Only for the holder of the lock: CSVs have one writer,
  /// and version 0.1.0 called them NAME.csv.PROCESS.tmp.
  func removeUnfinishedFiles() {
    for folder in folders { LeftoverFiles.remove(from: folder) }
    for name in FolderListing.names(path) ?? []
    where name.wholeMatch(of: /(trials|timesteps)\.csv\.[0-9]+\.tmp/) != nil {
      unlink(PathName.joined(path, name))
    }
  }
}

extension SweepSpecification {
  /// Writes `spec.yaml` of a run: the normalised form, a text by its absolute path, so that the file is self-contained.
  package func write(to directory: RunDirectory) throws {
    var moved = self
    moved.task = task.withAbsolutePath
    try AtomicFile.write(Array(moved.normalisedYAML.utf8), to: directory.specification)
  }
}
