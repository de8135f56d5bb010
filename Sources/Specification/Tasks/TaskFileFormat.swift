import Foundation
import GradientFlow
import TextFiles

/// How a task reads its file, and what holds of it whatever the file says.
package struct TaskFileFormat: Sendable {
  /// As in `FILE.npz`, for messages.
  package let form: String
  /// What of the file a specification needs to know; throws for one that the task cannot read.
  package let inspect: @Sendable (_ path: String, _ bytes: Data) throws(SpecificationError) -> Contents
  /// The task.
  package let load: @Sendable (_ path: String, _ bytes: Data) throws(SpecificationError) -> any LearningTask
  /// The steps whose outputs the task's loss reads.
  package let placement: LossPlacement
  /// Whether it is read on and on, so that truncated sequences may be longer than those of the tests.
  package let isStream: Bool
  /// Inputs of a step before the file is read, for estimates.
  package let usualInputs: Int
  /// Outputs where there are so many inputs, for estimates.
  package let outputs: @Sendable (_ inputs: Int) -> Int
  /// Bytes in memory for a byte of the file: while it is read, as text and as numbers.
  package let copies: Double

  /// What a specification needs to know of a file.
  package struct Contents {
    /// Numbers of the kind that the file decides, by name.
    package var numbers: [String: Int] = [:]
    /// Of a text.
    package var characters: Int?
  }

  /// UTF-8 text: the symbols are its characters, each followed by one that is to be told.
  package static let text = TaskFileFormat(
    form: "FILE",
    inspect: { (path, bytes) throws(SpecificationError) in
      Contents(characters: try InputFile.text(of: bytes, at: path).unicodeScalars.count)
    },
    load: { (path, bytes) throws(SpecificationError) in
      NextCharacter(text: try InputFile.text(of: bytes, at: path))
    },
    placement: .everyStep, isStream: true, usualInputs: 64, outputs: { $0 }, copies: 8)

  /// Images of an NPZ file, read pixel by pixel.
  package static let images = TaskFileFormat(
    form: "FILE.npz",
    inspect: { (path, _) throws(SpecificationError) in
      try ofModelFile(path) { () throws(ModelFileError) in
        Contents(numbers: ["pixels": try SequentialDigits(contentsOf: path).pixelCount])
      }
    },
    load: { (path, _) throws(SpecificationError) in
      try ofModelFile(path) { () throws(ModelFileError) in try SequentialDigits(contentsOf: path) }
    },
    placement: .finalStep, isStream: false, usualInputs: 1, outputs: { _ in 10 }, copies: 14)

  private static func ofModelFile<Value>(
    _ path: String, _ read: () throws(ModelFileError) -> Value
  ) throws(SpecificationError) -> Value {
    do {
      return try read()
    } catch {
      throw SpecificationError(
        error.kind == .refused ? .refusedBySystem : .unreadableFile, at: .file(path),
        "cannot be used: \(error)")
    }
  }
}
