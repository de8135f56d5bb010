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
  package static func publish(_ temporary: String, as path: String) throws(SystemFailure) {
    if uninterrupted({ rename(temporary, path) }) != 0 { throw .last }
    guard let folder = try? OpenFile(PathName.folder(of: path)) else { return }
    // Not every file system can sync a directory; the name is there in any case.
    try? SystemCalls.sync(folder.descriptor)
  }
}
