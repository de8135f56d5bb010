import Foundation

/// Writing a file so that readers see the old content or the new, never a part.
public enum AtomicFile {
  /// Writes the bytes to a ``StagedFile`` in the same directory, flushes it, and renames it to `path`.
  ///
  /// A file already at `path` is replaced and keeps its permissions; a symbolic link keeps
  /// pointing to it. On failure that file is unchanged and the new one is removed.
  ///
  /// - Throws: `ModelFileError` of kind `cannotWrite`.
  public static func write(
    _ bytes: some ContiguousBytes, to path: String
  ) throws(ModelFileError) {
    let file = try StagedFile(for: path)
    try file.write(bytes)
    try file.publish()
  }

  /// Gives a file that is written and synced its name, in place of one that has it, so that this too survives a power
  /// failure.
  ///
  /// - Returns: 0 or the error number.
  public static func publish(_ temporary: String, as path: String) -> Int32 {
    guard uninterrupted({ rename(temporary, path) }) == 0 else { return errno }
    let descriptor = uninterrupted { open(PathName.folder(of: path), O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { return 0 }
    // Not every file system can sync a directory; the name is there in any case.
    _ = SystemCalls.sync(descriptor)
    SystemCalls.close(descriptor)
    return 0
  }
}
