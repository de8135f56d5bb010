import Foundation
import GradientFlow
import Specification
import TextFiles

/// A piece of a text that a model is shown on.
public struct TextExcerpt: Sendable {
  /// What captions call it.
  public let name: String
  /// T + 1 ids, and the tokens as they are.
  public let tokens: [Int32]
  public let words: [String]

  /// - Parameters:
  ///   - text: a file; nil: the test part of the text that the model was trained on.
  ///   - from: the first token, from 1.
  ///   - length: T at most.
  /// - Throws: ``LanguageFileError`` where the text has no such place.
  public init(_ model: ReadLanguageModel, text: String?, from: Int, length: Int) throws {
    let all: [Int32]
    let origin: String
    if let text {
      all = try model.tokens(ofFile: text)
      origin = PathName.last(of: text)
    } else {
      let corpus = try model.corpus()
      all = Array(corpus.tokens[corpus.parts.test])
      origin =
        "test part of \(model.origin?.run.specification.task.file.map { PathName.last(of: $0.path) } ?? "the text")"
    }
    let noun = model.model.vocabulary.level.noun
    guard from + 1 <= all.count else {
      throw LanguageFileError.text(
        origin, "has \(Brief.grouped(all.count)) \(noun)s; there are not two from \(Brief.grouped(from)) on")
    }
    tokens = Array(all[from - 1..<min(all.count, from + length)])
    words = tokens.map { model.model.vocabulary.tokens[Int($0)] }
    name =
      "\(origin), \(noun)s \(Brief.grouped(from)) to \(Brief.grouped(from + tokens.count - 2)); \(model.name)"
  }
}

extension ReadLanguageModel {
  /// `lstm, 2 layers, H = 128`.
  public var name: String {
    let own = model.network.recurrent
    let layers = own.layers.count
    return "\(own.cell.rawValue), \(layers) \(layers == 1 ? "layer" : "layers"), H = \(own.hiddenSize)"
  }
}
