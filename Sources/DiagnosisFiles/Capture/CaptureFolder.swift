import Foundation
import GradientFlow
import Specification
import TextFiles

/// A folder that `gradflow_capture` wrote during one or more updates of a program in Python: what recurrent modules read,
/// what came back to them, and what automatic differentiation found.
///
/// The format is described in `docs/capture-format.md`. The folder lists whole updates only: what a program wrote that was
/// ended is not listed.
public struct CaptureFolder: Sendable {
  /// An update that was captured.
  public struct Update: Sendable {
    /// Its number in the training; 0 where one was captured.
    public let number: Int
    /// The name of its folder.
    public let folder: String
    /// Of its `update.json`.
    let digest: String
  }

  /// The file that lists the updates.
  public static let index = "capture.json"
  /// The version of the format that is read.
  static let version = 1

  public let path: String
  /// The program that wrote it, and what it captured from.
  public let writer, framework: String
  /// The class of the model.
  public let model: String
  /// Updates from one captured to the next; nil where one was captured.
  public let every: Int?
  /// Ascending.
  public let updates: [Update]
  /// Whether the capture came to its end.
  public let isFinished: Bool

  /// Whether a path is such a folder.
  public static func isAt(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: PathName.joined(path, index))
  }

  /// Reads the list of updates.
  ///
  /// - Throws: ``CaseError`` for a folder that is none, of another version, or damaged.
  public init(_ path: String) throws(CaseError) {
    self.path = path
    let file = PathName.joined(path, Self.index)
    do throws(SpecificationError) {
      let about = try Self.members(of: file, digest: nil)
      try Self.check(about, format: "gradflow-capture")
      writer = try about.string("writer")
      framework = try about.string("framework")
      model = try about.string("model")
      every = try about.optional("every", .whole(1...Int.max))
      isFinished = try about.boolean("finished")
      var updates: [Update] = []
      for entry in try about.objects("updates") {
        let folder = try entry.string("folder")
        guard folder == PathName.last(of: folder), !folder.isEmpty, !folder.hasPrefix("."),
          !folder.contains("\0")
        else {
          throw try entry.required("folder").error(
            .outOfRange, key: "folder", "is no name of a folder inside", allowed: "update-0000000, …")
        }
        let number = try entry.value("update", ValueRule<Int>.whole(0...Int.max))
        if let last = updates.last?.number, number <= last {
          throw try entry.required("update").error(
            .contradiction, key: "update", "does not come after \(last), the update before it",
            allowed: "updates in their order")
        }
        updates.append(Update(number: number, folder: folder, digest: try entry.string("sha256")))
      }
      self.updates = updates
    } catch {
      throw CaseError(
        error,
        advice: error.kind == .missingFile
          ? "a capture is a folder with \(Self.index), which gradflow_capture writes when an update is whole"
          : nil)
    }
    if updates.isEmpty {
      throw CaseError(
        .malformed, place: file,
        problem:
          "no update was captured: call the model, and backward() on its loss, inside `with capture(…)`")
    }
  }

  /// The update of a number.
  ///
  /// - Parameter number: nil: the last one.
  /// - Throws: ``CaseError``, which names those that there are.
  public func update(_ number: Int?) throws(CaseError) -> Update {
    guard let number else { return updates[updates.count - 1] }
    if let update = updates.first(where: { $0.number == number }) { return update }
    throw CaseError(
      .malformed, place: path,
      problem: "no update \(number) was captured; there are "
        + Excerpt.list(updates.map { String($0.number) }))
  }

  /// A JSON file's members.
  ///
  /// - Parameter digest: what the bytes must have, with the file that says so.
  static func members(
    of file: String, digest: (value: String, by: String)?
  ) throws(SpecificationError) -> Members {
    let data = try InputFile.bytes(at: file, limit: 1 << 26, mustBeRegular: true)
    if let digest, SHA256.hash(data).hexadecimal != digest.value {
      throw SpecificationError(
        .changedText, at: .file(file),
        "is not the text that \(digest.by) states the sha256 of: it was edited, cut short, or is of another capture"
      )
    }
    return try Members(JSONSource.root(of: InputFile.text(of: data, at: file), file: file), of: "a capture")
  }

  static func check(_ about: Members, format: String) throws(SpecificationError) {
    let node = try about.required("format")
    guard try about.string("format") == format else {
      throw node.error(.unknownName, key: "format", "is not that of this program", allowed: format)
    }
    let number = try about.required("version")
    guard try about.value("version", ValueRule<Int>.whole(0...Int.max)) == version else {
      throw number.error(
        .outOfRange, key: "version", "is not read by this program",
        allowed:
          "\(version); install the gradflow_capture that came with it (pip install ./Python) and capture again"
      )
    }
  }
}
