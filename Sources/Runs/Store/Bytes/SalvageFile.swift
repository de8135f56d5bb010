import Foundation
import GradientFlow
import TextFiles

/// The bytes of a damaged file that the disk can still read.
final class SalvageFile {
  private let file: OpenFile
  /// Bytes of the file.
  package let size: Int
  /// Bytes that the disk could not read; they count as zeros.
  package private(set) var unreadable = 0

  /// Bytes skipped together when the disk fails.
  private static let block = 4096

  /// Opens a file; nil if it does not exist.
  ///
  /// - Throws: ``RunError``.
  package init?(path: String) throws(RunError) {
    do { file = try OpenFile(path) } catch {
      if error.code == ENOENT { return nil }
      throw .readingRefused(path: path, error)
    }
    guard let status = try? file.status(), status.st_mode & S_IFMT == S_IFREG else {
      throw .notARun(path: path, problem: "it is not a regular file")
    }
    size = Int(status.st_size)
  }

  /// Bytes from a given place; fewer at the end of the file.
  ///
  /// - Complexity: O(count).
  package func bytes(at offset: Int, count: Int) -> [UInt8] {
    guard offset >= 0, offset < size, count > 0 else { return [] }
    let count = min(count, size - offset)
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let received = read(&bytes, from: filled, to: count, at: offset)
      if received == 0 { break }
      if received > 0 {
        filled += received
      } else {
        // Skip the block with this byte; what follows may be intact.
        let skipped = min(count, (offset + filled) / Self.block * Self.block + Self.block - offset) - filled
        unreadable += skipped
        filled += skipped
      }
    }
    return bytes
  }

  /// Reads as much as the disk returns at once; retries once on failure, then reads block by block.
  private func read(_ bytes: inout [UInt8], from: Int, to end: Int, at offset: Int) -> Int {
    bytes.withUnsafeMutableBytes { buffer in
      func attempt(_ count: Int) -> Int {
        uninterrupted { pread(file.descriptor, buffer.baseAddress! + from, count, off_t(offset + from)) }
      }
      let block = min(end - from, Self.block - (offset + from) % Self.block)
      for count in [end - from, block, block] {
        let received = attempt(count)
        if received >= 0 { return received }
      }
      return -1
    }
  }
}
