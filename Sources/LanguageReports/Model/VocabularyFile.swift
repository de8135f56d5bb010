import Foundation
import GradientFlow
import TextFiles

/// A vocabulary that a user gives in a file.
enum VocabularyFile {
  /// The most bytes of one.
  static let byteLimit = 1 << 28

  /// Reads a vocabulary: a JSON list of tokens by id, a JSON object from tokens to ids (either way round), or any other
  /// text, whose characters in code-point order they are then.
  ///
  /// - Throws: ``LanguageFileError``, or an error of reading the file.
  static func read(_ path: String) throws -> Vocabulary {
    let bytes = try InputFile.bytes(at: path, limit: byteLimit, mustBeRegular: true)
    let text = try InputFile.text(of: bytes, at: path)
    guard path.lowercased().hasSuffix(".json") else {
      guard !text.isEmpty else { throw LanguageFileError.vocabulary(path, "is empty") }
      return Vocabulary(charactersOf: text.unicodeScalars)
    }
    let tokens: [String]
    do { tokens = try Self.tokens(try JSONValue(bytes)) } catch let error as Refusal {
      throw LanguageFileError.vocabulary(path, error.words)
    } catch {
      throw LanguageFileError.vocabulary(path, "is not JSON: \(error)")
    }
    let unknown = tokens.firstIndex(of: Vocabulary.unknownName)
    let areCharacters = tokens.indices.allSatisfy {
      $0 == unknown || tokens[$0].unicodeScalars.count == 1
    }
    do {
      return try Vocabulary(areCharacters ? .characters : .words, tokens, unknown: unknown)
    } catch {
      throw LanguageFileError.vocabulary(path, "cannot be used: \(error)")
    }
  }

  private struct Refusal: Error { let words: String }

  private static func tokens(_ value: JSONValue) throws(Refusal) -> [String] {
    switch value {
    case .array(let values):
      var tokens: [String] = []
      for (k, value) in values.enumerated() {
        guard case .string(let token) = value else {
          throw Refusal(words: "entry \(k) of the list is not a string")
        }
        tokens.append(token)
      }
      return tokens
    case .object(let members): return try tokens(members)
    default: throw Refusal(words: "is neither a list of tokens nor an object from tokens to ids")
    }
  }

  private static func tokens(_ members: [String: JSONValue]) throws(Refusal) -> [String] {
    var tokens = [String?](repeating: nil, count: members.count)
    for (key, value) in members {
      let (token, id): (String, Int?)
      switch value {
      case .number(let number): (token, id) = (key, Int(exactly: number))
      case .string(let text): (token, id) = (text, Int(key))
      default: (token, id) = (key, nil)
      }
      guard let id, tokens.indices.contains(id), tokens[id] == nil else {
        throw Refusal(
          words: "gives '\(key)' an id that is not one of 0 to \(members.count - 1), each once")
      }
      tokens[id] = token
    }
    return tokens.compactMap(\.self)
  }
}

/// Why a language model cannot be had from files.
public enum LanguageFileError: Error, Sendable, CustomStringConvertible {
  /// A file of a vocabulary, and what is wrong with it.
  case vocabulary(String, String)
  /// A model without a vocabulary, whose network reads so many tokens.
  case noVocabulary(String, tokens: Int)
  /// A model of several recurrent modules.
  case severalModules(String, [String])
  /// A model that reads neither the tokens of the vocabulary nor an embedding of them.
  case reads(String, width: Int, vocabulary: Int)
  /// A capture whose module reads other numbers than one-hot tokens of the vocabulary.
  case captured(String, width: Int, vocabulary: Int)
  /// A run, and why it has no language model.
  case noModel(String, String)
  /// A text, and what of it the model cannot read.
  case text(String, String)

  public var description: String {
    switch self {
    case .vocabulary(let path, let problem): "\(path): the vocabulary \(problem)"
    case .noVocabulary(let path, let tokens):
      "\(path): the file does not say which \(tokens) tokens the network reads; give them with --vocabulary: a JSON list by "
        + "id, a JSON object from tokens to ids, or a text whose characters, in code-point order, they are"
    case .severalModules(let path, let modules):
      "\(path): a language model has one recurrent module, and the file has \(modules.joined(separator: ", ")); choose one "
        + "with --prefix"
    case .reads(let path, let width, let vocabulary):
      "\(path): the recurrent layers read \(width) numbers, the vocabulary has \(vocabulary) tokens, and no tensor of the "
        + "file is an embedding [\(vocabulary), \(width)]; check --vocabulary"
    case .captured(let path, let width, let vocabulary):
      "\(path): the captured module reads \(width) numbers and the vocabulary has \(vocabulary) tokens, so it reads an "
        + "embedding that was not captured; save model.state_dict() as safetensors and give that file"
    case .noModel(let path, let problem): "\(path): \(problem)"
    case .text(let path, let problem): "\(path): \(problem)"
    }
  }
}
