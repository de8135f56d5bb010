import GradientFlow

/// What this process has begun to write and not finished.
public enum UnfinishedFiles {
  /// Removes half-written files from folders, and copies of stores: for a process that is about to end, whose objects
  /// will not do it. Programs that draw for this one are ended first. What is made at this moment by other threads may
  /// stay; the next process removes it.
  public static func remove(from folders: [String]) {
    ShelteredChildren.end()
    for folder in folders { LeftoverFiles.removeOwn(from: folder) }
    TemporaryFolder.removeOwn()
  }
}
