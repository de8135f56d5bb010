import Foundation
import GradientFlow

/// Reads a file with a bound on its size; says why where it cannot.
package enum InputFile {
  /// Why a file could not be read.
  package struct Failure: Error {
    package let kind: SpecificationError.Kind
    package let problem: String

    package init(kind: SpecificationError.Kind, problem: String) {
      self.kind = kind
      self.problem = problem
    }
  }

  /// The bytes of the file at `path`.
  ///
  /// A pipe is read to its end; one that nobody has open for writing is empty, so that nothing waits for a writer.
  ///
  /// - Parameters:
  ///   - limit: the most bytes; more are a failure.
  ///   - mustBeRegular: whether pipes and devices, which may never end, are refused.
  package static func bytes(
    at path: String, limit: Int, mustBeRegular: Bool
  ) throws(Failure) -> Data {
    guard !path.utf8.contains(0) else { throw Failure(kind: .missingFile, problem: "no such file") }
    // Without O_NONBLOCK, opening a named pipe waits for a writer.
    let descriptor = uninterrupted { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else { throw openFailure(errno) }
    defer { SystemCalls.close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw Failure(kind: .isDirectory, problem: "is a folder, not a file")
    default:
      guard !mustBeRegular else { throw Failure(kind: .unreadableFile, problem: "is not a regular file") }
      // What a pipe's writer has not written yet is waited for.
      guard fcntl(descriptor, F_SETFL, 0) == 0 else { throw unreadable(errno) }
    }
    return try contents(of: descriptor, limit: limit)
  }

  private static func contents(of descriptor: Int32, limit: Int) throws(Failure) -> Data {
    var data = Data()
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while data.count <= limit {
      let received = uninterrupted { read(descriptor, &part, part.count) }
      guard received >= 0 else { throw unreadable(errno) }
      guard received > 0 else { return data }
      data.append(contentsOf: part[..<received])
    }
    throw Failure(kind: .tooLarge, problem: "has more than \(limit) bytes")
  }

  private static func openFailure(_ code: Int32) -> Failure {
    switch code {
    case ENOENT, ENOTDIR: return Failure(kind: .missingFile, problem: "no such file")
    default: return refused("cannot be opened", code)
    }
  }

  private static func unreadable(_ code: Int32) -> Failure { refused("cannot be read", code) }

  private static func refused(_ what: String, _ code: Int32) -> Failure {
    let failure = SystemFailure(code)
    return failure.isOfEnvironment
      ? Failure(kind: .refusedBySystem, problem: "\(what) (\(failure.problem)); \(failure.advice)")
      : Failure(kind: .unreadableFile, problem: "\(what) (\(failure.problem))")
  }

  /// The text of bytes that are UTF-8.
  package static func text(of data: Data) throws(Failure) -> String {
    if let text = String(data: data, encoding: .utf8) { return text }
    var scalars = Unicode.UTF8.ForwardParser()
    var rest = data.makeIterator()
    var offset = 0
    while case .valid(let scalar) = scalars.parseScalar(from: &rest) { offset += scalar.count }
    throw Failure(kind: .notUTF8, problem: "is not UTF-8 text: byte \(offset) does not start a character")
  }
}
