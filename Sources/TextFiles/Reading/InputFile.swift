import Foundation
import GradientFlow

/// Reads a file with a bound on its size; says why where it cannot.
package enum InputFile {
  /// The bytes of the file at `path`.
  ///
  /// A pipe is read to its end; one that nobody has open for writing is empty, so that nothing waits for a writer.
  ///
  /// - Parameters:
  ///   - limit: the most bytes; more are a failure.
  ///   - mustBeRegular: whether pipes and devices, which may never end, are refused.
  /// - Throws: ``SpecificationError`` about the whole file.
  package static func bytes(
    at path: String, limit: Int, mustBeRegular: Bool
  ) throws(SpecificationError) -> Data {
    func failure(_ kind: SpecificationError.Kind, _ problem: String) -> SpecificationError {
      SpecificationError(kind, at: .file(path), problem)
    }
    /// What the system gives, or why it does not.
    func given<Value>(
      _ participle: String, _ call: () throws(SystemFailure) -> Value
    ) throws(SpecificationError) -> Value {
      do { return try call() } catch {
        if [ENOENT, ENOTDIR].contains(error.code) { throw failure(.missingFile, "no such file") }
        let problem = "cannot be \(participle) (\(error.problem))"
        throw error.isOfEnvironment
          ? failure(.refusedBySystem, "\(problem); \(error.advice)") : failure(.unreadableFile, problem)
      }
    }
    guard !path.utf8.contains(0) else { throw failure(.missingFile, "no such file") }
    let file = try given("opened") { () throws(SystemFailure) in try OpenFile(path) }
    switch try given("read", file.status).st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw failure(.isDirectory, "is a folder, not a file")
    default:
      guard !mustBeRegular else { throw failure(.unreadableFile, "is not a regular file") }
      // What a pipe's writer has not written yet is waited for.
      try given("read") { () throws(SystemFailure) in
        if fcntl(file.descriptor, F_SETFL, 0) != 0 { throw .last }
      }
    }
    var data = Data()
    var part: [UInt8]
    repeat {
      part = try given("read") { () throws(SystemFailure) in try file.bytes(1 << 16) }
      data.append(contentsOf: part)
    } while part.count == 1 << 16 && data.count <= limit
    guard data.count <= limit else {
      throw failure(.tooLarge, "has more than \(limit) bytes")
    }
    return data
  }

  /// The text of a file's bytes, which are UTF-8.
  package static func text(of data: Data, at path: String) throws(SpecificationError) -> String {
    if let text = String(data: data, encoding: .utf8) { return text }
    var scalars = Unicode.UTF8.ForwardParser()
    var rest = data.makeIterator()
    var offset = 0
    while case .valid(let scalar) = scalars.parseScalar(from: &rest) { offset += scalar.count }
    throw SpecificationError(
      .notUTF8, at: .file(path), "is not UTF-8 text: byte \(offset) does not start a character")
  }
}
