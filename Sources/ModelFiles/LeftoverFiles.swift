import Foundation

/// Files that processes left half written.
public enum LeftoverFiles {
  /// Removes from a folder what ended processes have left.
  ///
  /// A file is removed only if its name is a ``TemporaryName``, nobody has it locked, and its maker is gone: of another
  /// machine, whose processes cannot be seen from here, if it has not changed for a day.
  public static func remove(from folder: String) {
    for (path, maker) in files(in: folder) where maker != .current && maker.isAlive != true {
      guard let file = try? OpenFile(path, O_NOFOLLOW), let status = try? file.status(),
        status.st_mode & S_IFMT == S_IFREG
      else { continue }
      let code = file.lock(LOCK_EX)
      // Where there are no locks, that the process is gone is proof enough.
      if code == EWOULDBLOCK || code != 0 && maker.isAlive == nil { continue }
      if maker.isAlive == nil, time(nil) - status.secondsOfModification < 86400 { continue }
      unlink(path)
    }
  }

  /// Removes from a folder what this process has not finished: for a process that is about to end.
  public static func removeOwn(from folder: String) {
    for (path, maker) in files(in: folder) where maker == .current { unlink(path) }
  }

  private static func files(in folder: String) -> [(path: String, maker: ProcessIdentity)] {
    (FolderListing.names(folder) ?? []).compactMap { name in
      TemporaryName(file: name).map { (PathName.joined(folder, name), $0.maker) }
    }
  }

  /// Whether a name is that of a file being written.
  public static func isName(_ name: String) -> Bool { TemporaryName(file: name) != nil }
}

extension stat {
  fileprivate var secondsOfModification: Int {
    #if os(Linux)
      return st_mtim.tv_sec
    #else
      return st_mtimespec.tv_sec
    #endif
  }
}
