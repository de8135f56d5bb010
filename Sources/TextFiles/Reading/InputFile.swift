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
    let file = try given("opened") { () throws(SystemFailure) in try OpenFile(path) }
    switch try given("read", file.status).st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw Failure(kind: .isDirectory, problem: "is a folder, not a file")
    default:
      guard !mustBeRegular else { throw Failure(kind: .unreadableFile, problem: "is not a regular file") }
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
      throw Failure(kind: .tooLarge, problem: "has more than \(limit) bytes")
    }
    return data
  }

  /// What the system gives, or why it does not.
  private static func given<Value>(
    _ participle: String, _ call: () throws(SystemFailure) -> Value
  ) throws(Failure) -> Value {
    do { return try call() } catch {
      if [ENOENT, ENOTDIR].contains(error.code) {
        throw Failure(kind: .missingFile, problem: "no such file")
      }
      let problem = "cannot be \(participle) (\(error.problem))"
      throw error.isOfEnvironment
        ? Failure(kind: .refusedBySystem, problem: "\(problem); \(error.advice)")
        : Failure(kind: .unreadableFile, problem: problem)
    }
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
