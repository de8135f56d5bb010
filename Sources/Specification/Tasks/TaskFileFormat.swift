import Foundation
import GradientFlow
import TextFiles

/// How a task reads its file, and what holds of it whatever the file says.
package struct TaskFileFormat: Sendable {
  /// As in `FILE.npz`, for messages.
  package let form: String
  /// What of the file a specification needs to know; throws for one that the task cannot read.
  package let inspect: @Sendable (_ path: String, _ bytes: Data) throws(SpecificationError) -> Contents
  /// The task, with its numbers and words.
  package let load:
    @Sendable (_ path: String, _ bytes: Data, TaskIdentity) throws(SpecificationError) -> any LearningTask
  /// The steps whose outputs the task's loss reads.
  package let placement: LossPlacement
  /// Whether it is read on and on, so that truncated sequences may be longer than those of the tests.
  package let isStream: Bool
  /// How inputs and outputs lie to each other.
  package let topology: @Sendable (TaskIdentity) -> SequenceTopology
  /// Whether it reads tokens, and not numbers.
  package let readsTokens: Bool
  /// The only number of steps its sequences have; nil: any.
  package let fixedSteps: @Sendable (TaskIdentity) -> Int?
  /// Inputs of a step before the file is read, for estimates.
  package let usualInputs: @Sendable (TaskIdentity) -> Int
  /// Of a text that a language model learns: what its tokens are; nil: for other files.
  package let level: TokenLevel?
  /// Outputs where there are so many inputs, for estimates.
  package let outputs: @Sendable (_ inputs: Int) -> Int
  /// Bytes in memory for a byte of the file: while it is read, as text and as numbers.
  package let copies: Double

  /// What a specification needs to know of a file.
  package struct Contents {
    /// Numbers of the kind that the file decides, by name.
    package var numbers: [String: Int] = [:]
    /// Those that it leaves open, where they are not stated.
    package var usualNumbers: [String: Int] = [:]
    /// Tokens of a text.
    package var tokens: Int?
  }

  /// UTF-8 text: the symbols are its characters, each followed by one that is to be told.
  package static let text = TaskFileFormat(
    form: "FILE",
    inspect: { (path, bytes) throws(SpecificationError) in
      Contents(tokens: try InputFile.text(of: bytes, at: path).unicodeScalars.count)
    },
    load: { (path, bytes, _) throws(SpecificationError) in
      NextCharacter(text: try InputFile.text(of: bytes, at: path))
    },
    placement: .everyStep, isStream: true, topology: { _ in .manyToMany }, readsTokens: true,
    fixedSteps: { _ in nil }, usualInputs: { _ in 64 }, level: nil, outputs: { $0 }, copies: 8)

  /// UTF-8 text for a language model of characters.
  package static let characters = language(.characters, usualInputs: { _ in 100 }, copies: 24) {
    (text, task) throws(CorpusError) in
    try Corpus(
      charactersOf: text, validation: task[TaskKind.validationPercent, or: 10],
      test: task[TaskKind.testPercent, or: 10])
  }

  /// UTF-8 text for a language model of words.
  package static let words = language(
    .words, usualInputs: { $0[TaskKind.vocabularyLimit, or: 10_000] }, copies: 24
  ) { (text, task) throws(CorpusError) in
    try Corpus(
      wordsOf: text, limit: task[TaskKind.vocabularyLimit, or: 10_000],
      validation: task[TaskKind.validationPercent, or: 10], test: task[TaskKind.testPercent, or: 10])
  }

  private static func language(
    _ level: TokenLevel, usualInputs: @escaping @Sendable (TaskIdentity) -> Int, copies: Double,
    _ corpus: @escaping @Sendable (String, TaskIdentity) throws(CorpusError) -> Corpus
  ) -> TaskFileFormat {
    TaskFileFormat(
      form: "FILE",
      inspect: { (path, bytes) throws(SpecificationError) in
        let text = try InputFile.text(of: bytes, at: path)
        switch level {
        case .characters: return Contents(tokens: text.unicodeScalars.count)
        case .words: return Contents(tokens: WordSplitting.words(of: text).count)
        }
      },
      load: { (path, bytes, task) throws(SpecificationError) in
        let text = try InputFile.text(of: bytes, at: path)
        do throws(CorpusError) {
          return NextToken(try corpus(text, task))
        } catch {
          throw SpecificationError(.unreadableFile, at: .file(path), "cannot be used: \(error)")
        }
      },
      placement: .everyStep, isStream: true, topology: { _ in .manyToMany }, readsTokens: true,
      fixedSteps: { _ in nil }, usualInputs: usualInputs, level: level, outputs: { $0 }, copies: copies)
  }

  /// Images of an NPZ file.
  package static let images = TaskFileFormat(
    form: "FILE.npz",
    inspect: { (path, _) throws(SpecificationError) in
      try ofModelFile(path) { () throws(ModelFileError) in
        let images = try DigitImages(contentsOf: path)
        var contents = Contents(numbers: ["pixels": images.pixelCount])
        contents.numbers["width"] = images.width
        contents.usualNumbers["width"] = images.squareWidth
        return contents
      }
    },
    load: { (path, _, task) throws(SpecificationError) in
      try ofModelFile(path) { () throws(ModelFileError) in
        try DigitImages(contentsOf: path).task(reading: task.digitReading)
      }
    },
    placement: .finalStep, isStream: false,
    topology: { DigitRows($0) == .image ? .oneToOne : .manyToOne }, readsTokens: false,
    fixedSteps: { $0.digitSizes.steps }, usualInputs: { $0.digitSizes.inputs }, level: nil,
    outputs: { _ in 10 },
    copies: 14)

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
