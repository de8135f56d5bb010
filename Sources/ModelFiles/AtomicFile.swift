import Foundation

/// Writing a file so that readers see the old content or the new, never a part.
public enum AtomicFile {
  /// Writes the bytes to a new file in the same directory, flushes it, and renames it to `path`.
  ///
  /// A file already at `path` is replaced and keeps its permissions; a symbolic link keeps
  /// pointing to it. On failure that file is unchanged and the new one is removed.
  ///
  /// - Throws: `ModelFileError` of kind `cannotWrite`.
  public static func write(
    _ bytes: some ContiguousBytes, to path: String
  ) throws(ModelFileError) {
    let permissions = try replaceablePermissions(path)
    let target = linkTarget(path)
    let temporary = temporaryPath(beside: target)
    let descriptor = uninterrupted { open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw failure(path, errno) }

    var code = bytes.withUnsafeBytes { SystemCalls.write($0, to: descriptor) }
    if code == 0, let permissions, uninterrupted({ fchmod(descriptor, permissions) }) != 0 { code = errno }
    if code == 0 { code = SystemCalls.sync(descriptor) }
    let closed = SystemCalls.close(descriptor)
    if code == 0 { code = closed }
    if code == 0 { code = publish(temporary, as: target) }
    guard code == 0 else {
      unlink(temporary)
      throw failure(path, code)
    }
  }

  /// Gives a file that is written and synced its name, in place of one that has it, so that this too survives a power
  /// failure.
  ///
  /// - Returns: 0 or the error number.
  public static func publish(_ temporary: String, as path: String) -> Int32 {
    guard uninterrupted({ rename(temporary, path) }) == 0 else { return errno }
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "."
    let descriptor = uninterrupted { open(folder, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { return 0 }
    // Not every file system can sync a directory; the name is there in any case.
    _ = SystemCalls.sync(descriptor)
    SystemCalls.close(descriptor)
    return 0
  }

  /// Permissions of the file to be replaced; `nil` if there is none.
  private static func replaceablePermissions(_ path: String) throws(ModelFileError) -> mode_t? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      throw ModelFileError(
        .cannotWrite, file: path, found: isDirectory ? "a directory" : "not a regular file",
        advice: "give the path of a new file or of a file to replace")
    }
    return status.st_mode & 0o777
  }

  /// The file that symbolic links at `path` lead to; `path` itself if there is none.
  private static func linkTarget(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func temporaryPath(beside target: String) -> String {
    let directory = target.utf8.lastIndex(of: UInt8(ascii: "/")).map { target[...$0] } ?? ""
    return directory + ".\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp"
  }

  private static func failure(_ path: String, _ code: Int32) -> ModelFileError {
    ModelFileError(cannotWrite: path, SystemFailure(code))
  }
}
