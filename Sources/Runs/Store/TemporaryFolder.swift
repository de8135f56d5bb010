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
  private let marker: OpenFile

  private static let prefix = "gradflow-copy-", markerName = ".maker"
  private static let files = StoreFiles.paths("trials.sqlite") + ["trials.sqlite-shm"]

  /// - Throws: ``RunError/cannotCopy(path:folder:problem:)``.
  package init(for store: String) throws(RunError) {
    Self.removeAbandoned()
    let name = TemporaryName()
    let path = PathName.joined(Self.place, Self.prefix + name.description)
    do throws(SystemFailure) {
      if uninterrupted({ mkdir(path, 0o700) }) != 0 { throw .last }
      do throws(SystemFailure) {
        marker = try OpenFile(
          PathName.joined(path, Self.markerName), O_RDWR | O_CREAT | O_EXCL, permissions: 0o600)
        marker.lock(LOCK_EX)
        try SystemCalls.write(Array(name.description.utf8), to: marker.descriptor)
      } catch {
        Self.remove(path)
        throw error
      }
    } catch {
      throw .cannotCopy(path: store, folder: path, problem: error.problem)
    }
    self.path = path
  }

  deinit { Self.remove(path) }

  /// Removes what this process has not yet removed; called when it is about to exit.
  package static func removeOwn() {
    for (path, name) in folders() where name.maker == .current { remove(path) }
  }

  /// Removes folders whose maker is gone.
  private static func removeAbandoned() {
    for (path, name) in folders() where name.maker.isAlive == false {
      var folder = stat()
      guard let marker = try? OpenFile(PathName.joined(path, markerName), O_NOFOLLOW),
        lstat(path, &folder) == 0, folder.st_mode & S_IFMT == S_IFDIR, folder.st_uid == geteuid(),
        let file = try? marker.status(), file.st_uid == geteuid(), file.st_mode & S_IFMT == S_IFREG
      else { continue }
      let said = RegularFile.beginning(of: PathName.joined(path, markerName), limit: 256)
      guard said.map({ String(decoding: $0, as: UTF8.self) }) == name.description,
        marker.lock(LOCK_EX) == 0
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
