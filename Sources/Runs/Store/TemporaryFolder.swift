import Foundation
import GradientFlow
import TextFiles

/// A folder for copies of a store, which is removed with the object, and by the next one made after a process was
/// killed.
///
/// Its name says which process made it (``TemporaryName``), and a file in it that its maker holds locked says that
/// again. Only a folder of which both are true, that nobody holds and whose maker is gone is taken away, and of it only
/// the files that are made here: whatever else lies in it stays, and the folder with it.
final class TemporaryFolder: Sendable {
  package let path: String
  private let marker: Int32

  private static let prefix = "gradflow-copy-", markerName = ".maker"
  private static let files = StoreFiles.paths("trials.sqlite") + ["trials.sqlite-shm"]

  /// - Throws: ``RunError/cannotCopy(path:folder:problem:)``.
  package init(for store: String) throws(RunError) {
    Self.removeAbandoned()
    let name = TemporaryName()
    let text = Array(name.description.utf8)
    let path = PathName.joined(Self.place, Self.prefix + name.description)
    func failure() -> RunError {
      .cannotCopy(path: store, folder: path, problem: String(cString: strerror(errno)))
    }
    guard uninterrupted({ mkdir(path, 0o700) }) == 0 else { throw failure() }
    let file = PathName.joined(path, Self.markerName)
    let marker = uninterrupted { open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
    if marker >= 0 { flock(marker, LOCK_EX | LOCK_NB) }
    guard marker >= 0, text.withUnsafeBytes({ SystemCalls.write($0, to: marker) }) == 0 else {
      let error = failure()
      if marker >= 0 { close(marker) }
      Self.remove(path)
      throw error
    }
    (self.path, self.marker) = (path, marker)
  }

  deinit {
    Self.remove(path)
    close(marker)
  }

  /// Removes what this process has not yet removed; called when it is about to exit.
  package static func removeOwn() {
    for (path, name) in folders() where name.maker == .current { remove(path) }
  }

  /// Removes folders whose maker is gone.
  private static func removeAbandoned() {
    for (path, name) in folders() where name.maker.isAlive == false {
      let marker = open(PathName.joined(path, markerName), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard marker >= 0 else { continue }
      defer { close(marker) }
      var (folder, file) = (stat(), stat())
      guard lstat(path, &folder) == 0, folder.st_mode & S_IFMT == S_IFDIR, folder.st_uid == geteuid(),
        fstat(marker, &file) == 0, file.st_uid == geteuid(), file.st_mode & S_IFMT == S_IFREG
      else { continue }
      let said = RegularFile.beginning(of: PathName.joined(path, markerName), limit: 256)
      guard said.map({ String(decoding: $0, as: UTF8.self) }) == name.description,
        flock(marker, LOCK_EX | LOCK_NB) == 0
      else { continue }
      remove(path)
    }
  }

  /// TMPDIR as it is.
  private static var place: String {
    #if os(Linux)
      return getenv("TMPDIR").flatMap { String(validatingCString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        ?? "/tmp"
    #else
      return NSTemporaryDirectory()
    #endif
  }

  private static func folders() -> [(path: String, name: TemporaryName)] {
    (FolderListing.names(place) ?? []).compactMap { entry in
      guard entry.hasPrefix(prefix), let name = TemporaryName(entry.dropFirst(prefix.count)) else {
        return nil
      }
      return (PathName.joined(place, entry), name)
    }
  }

  /// The marker last, so that a folder is known as long as it holds anything.
  private static func remove(_ path: String) {
    for file in files + [markerName] { unlink(PathName.joined(path, file)) }
    rmdir(path)
  }
}
