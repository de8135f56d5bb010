import Foundation
import GradientFlow
import TextFiles

/// How to treat a store that SQLite calls damaged: SQLite also reports a failed read of the disk as damage.
enum StoreDoubt {
  /// The error that it is: of the disk, where a file of the store cannot be read through, or where a copy of it turns out
  /// to be whole; damage otherwise.
  package static func meaning(_ path: String, _ problem: String) -> RunError {
    for file in StoreFiles.paths(path) {
      do throws(SystemFailure) {
        let file = try OpenFile(file)
        // By the call that SQLite reads with.
        var place = 0
        while case let count = try file.bytes(1 << 20, at: place).count, count > 0 { place += count }
      } catch {
        if error.isOfEnvironment { return .readingRefused(path: path, error) }
      }
    }
    return RunStore.hasWholeCopy(path)
      ? .readingRefused(path: path, SystemFailure(EIO)) : .damaged(path: path, problem: problem)
  }
}
