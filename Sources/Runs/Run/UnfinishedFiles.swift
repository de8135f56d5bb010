import GradientFlow
import Machine

/// Files that this process has begun but not finished writing.
public enum UnfinishedFiles {
  /// Removes half-written files from folders, and copies of stores: for a process that is about to end, whose objects
  /// will not do it. Programs that draw for this one are ended first, and no thread begins another file.
  public static func remove(from folders: [String]) {
    StagedFile.beginNoMore()
    ShelteredChildren.end()
    for folder in folders { LeftoverFiles.removeOwn(from: folder) }
    TemporaryFolder.removeOwn()
  }
}
