import Foundation
import Synchronization

/// A file on its way: written beside its place under a name of this process (``TemporaryName``), and given its own name
/// when it is whole, so that readers see the old content or the new, never a part.
///
/// While it lives it is locked (`flock`), which is how others know that its maker is at work; one that a killed process
/// left is removed by ``LeftoverFiles``. Without ``publish()`` it is removed with the object.
public final class StagedFile {
  /// Where it lies until it is published.
  public let path: String
  /// Open for writing, at its beginning.
  public let descriptor: Int32
  /// As given, for messages.
  private let name: String
  /// Where symbolic links at the name lead to.
  private let target: String
  /// Of a file that is replaced.
  private let permissions: mode_t?
  private var isOpen = true

  /// Makes an empty file in the folder of `name`, or of the file that a symbolic link there leads to.
  ///
  /// - Throws: `ModelFileError` of kind `cannotWrite`, also where what lies there is not a regular file.
  public init(for name: String) throws(ModelFileError) {
    let target = try Self.target(of: name)
    permissions = try Self.replaceablePermissions(name)
    (path, descriptor) = try Self.made(beside: target, named: name)
    (self.name, self.target) = (name, target)
  }

  deinit {
    guard isOpen else { return }
    unlink(path)
    close(descriptor)
  }

  /// Appends bytes.
  ///
  /// - Throws: `ModelFileError` of kind `cannotWrite`.
  public func write(_ bytes: some ContiguousBytes) throws(ModelFileError) {
    do { try SystemCalls.write(bytes, to: descriptor) } catch {
      throw ModelFileError(cannotWrite: name, error)
    }
  }

  /// Makes it durable and gives it its name, in place of a file that has it, whose permissions it takes over.
  ///
  /// - Throws: `ModelFileError` of kind `cannotWrite`; a file of that name is then as it was, and this one is removed.
  public func publish() throws(ModelFileError) {
    do throws(SystemFailure) {
      if let permissions, uninterrupted({ fchmod(descriptor, permissions) }) != 0 { throw .last }
      try SystemCalls.sync(descriptor)
      try AtomicFile.publish(path, as: target)
      // What a network file system finds out late it says here.
      isOpen = false
      if let failure = SystemCalls.close(descriptor) { throw failure }
    } catch {
      throw ModelFileError(cannotWrite: name, error)
    }
  }

  /// Throws what the system says of more bytes in this file, as a full or failing disk does. The file is of no use
  /// afterwards.
  package func probe(_ count: Int) throws(SystemFailure) {
    _ = lseek(descriptor, 0, SEEK_END)
    try SystemCalls.write([UInt8](repeating: 0xA5, count: count), to: descriptor)
    try SystemCalls.sync(descriptor)
  }

  /// From here on no file is begun: for a process that is about to end, and removes what it has begun. Who would begin one
  /// waits two seconds for that end.
  public static func beginNoMore() { isEnding.withLock { $0 = true } }

  private static let isEnding = Mutex(false)

  // MARK: - Steps

  /// A new file in the folder of another one, locked.
  private static func made(
    beside target: String, named name: String
  ) throws(ModelFileError) -> (path: String, descriptor: Int32) {
    let end = target.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = end.map { String(target[...$0]) } ?? ""
    while true {
      let path = folder + TemporaryName().file
      let (descriptor, code) = isEnding.withLock { ends in
        guard !ends else { return (Int32(-1), ECANCELED) }
        return (uninterrupted { open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }, errno)
      }
      if code == ECANCELED, descriptor < 0 { sleep(2) }
      guard descriptor >= 0 else { throw failure(name, code) }
      if isHeld(descriptor) { return (path, descriptor) }
      close(descriptor)
    }
  }

  /// Locks a new file, where the file system has locks; false if someone took it for a leftover before that.
  private static func isHeld(_ descriptor: Int32) -> Bool {
    _ = SystemCalls.lock(descriptor)
    var status = stat()
    return fstat(descriptor, &status) != 0 || status.st_nlink > 0
  }

  /// The file that symbolic links at a path lead to, whether or not it is there; `path` itself if it is not a link.
  private static func target(of path: String) throws(ModelFileError) -> String {
    var current = path
    for _ in 0..<40 {
      var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
      let count = bytes.withUnsafeMutableBytes { buffer in
        readlink(current, buffer.assumingMemoryBound(to: CChar.self).baseAddress!, buffer.count)
      }
      guard count >= 0 else { return current }
      guard let link = String(validating: bytes[..<count], as: UTF8.self) else { throw failure(path, EILSEQ) }
      current = link.hasPrefix("/") ? link : PathName.joined(PathName.folder(of: current), link)
    }
    throw failure(path, ELOOP)
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

  static func failure(_ path: String, _ code: Int32) -> ModelFileError {
    ModelFileError(cannotWrite: path, SystemFailure(code))
  }
}
