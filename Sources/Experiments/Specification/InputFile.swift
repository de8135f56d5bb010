import Foundation

/// Reads a file with a bound on its size; says why where it cannot.
enum InputFile {
  /// Why a file could not be read.
  struct Failure: Error {
    let kind: SpecificationError.Kind
    let problem: String
  }

  /// The bytes of the file at `path`.
  ///
  /// - Parameters:
  ///   - limit: the most bytes; more are a failure.
  ///   - mustBeRegular: whether pipes and devices, which may never end, are refused.
  static func bytes(
    at path: String, limit: Int, mustBeRegular: Bool
  ) throws(Failure) -> Data {
    var isDirectory: ObjCBool = false
    guard !path.utf8.contains(0),
      FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    else { throw Failure(kind: .missingFile, problem: "no such file") }
    guard !isDirectory.boolValue else {
      throw Failure(kind: .isDirectory, problem: "is a folder, not a file")
    }
    if mustBeRegular {
      let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
      let type = (try? FileManager.default.attributesOfItem(atPath: target))?[.type]
      guard type as? FileAttributeType == .typeRegular else {
        throw Failure(kind: .unreadableFile, problem: "is not a regular file")
      }
    }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw Failure(kind: .unreadableFile, problem: "cannot be opened; check its permissions")
    }
    defer { try? handle.close() }
    var data = Data()
    do {
      while data.count <= limit, let part = try handle.read(upToCount: 1 << 20), !part.isEmpty {
        data.append(part)
      }
    } catch {
      throw Failure(kind: .unreadableFile, problem: "cannot be read")
    }
    guard data.count <= limit else {
      throw Failure(kind: .tooLarge, problem: "has more than \(limit) bytes")
    }
    return data
  }

  /// The text of bytes that are UTF-8.
  static func text(of data: Data) throws(Failure) -> String {
    guard let text = String(data: data, encoding: .utf8) else {
      throw Failure(kind: .notUTF8, problem: "is not UTF-8 text")
    }
    return text
  }
}
