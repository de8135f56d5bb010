import Crypto
import Foundation

extension KeyDefinition {
  /// The most bytes of a task's text.
  static let taskByteLimit = 1 << 28

  /// `task`: `{kind: gaussian-noise}` or `{kind: text, path: FILE}`; the normalised form adds the
  /// file's `sha256`.
  static var task: KeyDefinition {
    let noise = "{kind: \(TaskSpecification.Kind.gaussianNoise.rawValue)}"
    let allowed = "\(noise), {kind: \(TaskSpecification.Kind.text.rawValue), path: FILE}"
    return KeyDefinition(
      summary: "Where inputs come from: x_t ~ N(0, 1), or the symbols of a UTF-8 text file "
        + "(path relative to this file).",
      allowed: allowed, defaultText: noise, defaultForText: noise, aliases: [], isAxis: false,
      read: { (given, specification) throws(SpecificationError) in
        guard case .mapping(let entries) = given.node.content else {
          throw given.node.error(.wrongType, key: given.name, "is not a task", allowed: allowed)
        }
        specification.task = try task(entries, given, allowed: allowed)
      },
      values: { specification in
        let kind = specification.task.kind.rawValue
        switch specification.task {
        case .gaussianNoise: return ["{kind: \(kind)}"]
        case .text(let path, _, let sha256):
          return ["{kind: \(kind), path: \(YAMLText.of(path)), sha256: \(sha256)}"]
        }
      })
  }

  private static func task(
    _ entries: [SpecificationNode.Entry], _ given: Given, allowed: String
  ) throws(SpecificationError) -> TaskSpecification {
    try entries.checkKeys(among: ["kind", "path", "sha256"], of: given.name)
    func entry(_ name: String) -> SpecificationNode.Entry? { entries.first { $0.name == name } }
    guard let kind = entry("kind") else {
      throw given.node.error(.missingKey, key: given.name, "has no 'kind'", allowed: allowed)
    }
    switch try ValueRule<TaskSpecification.Kind>.named().read(kind.value, "\(given.name).kind") {
    case .gaussianNoise:
      if let other = entry("path") ?? entry("sha256") {
        throw other.keyError(
          .contradiction, "key '\(other.name)' in \(given.name) is for kind text only",
          allowed: allowed)
      }
      return .gaussianNoise
    case .text:
      guard let path = entry("path") else {
        throw given.node.error(.missingKey, key: given.name, "has no 'path'", allowed: allowed)
      }
      return try text(path.value, sha256: entry("sha256")?.value, given)
    }
  }

  private static func text(
    _ node: SpecificationNode, sha256: SpecificationNode?, _ given: Given
  ) throws(SpecificationError) -> TaskSpecification {
    let key = "\(given.name).path"
    guard let path = node.word, !path.isEmpty else {
      throw node.error(.wrongType, key: key, "is not a path", allowed: "the path of a file")
    }
    let resolved = given.taskFiles.resolve(path)
    let stated = try sha256.map { (node) throws(SpecificationError) in
      try statedHash(node, key: "\(given.name).sha256")
    }
    if let stated, given.taskFiles.trustsStatedHash {
      return .text(path: path, resolvedPath: resolved, sha256: stated)
    }
    let data: Data
    do throws(InputFile.Failure) {
      data = try InputFile.bytes(at: resolved, limit: taskByteLimit, mustBeRegular: true)
      _ = try InputFile.text(of: data)
    } catch {
      throw node.error(error.kind, key: key, error.problem)
    }
    guard !data.isEmpty else {
      throw node.error(.outOfRange, key: key, "is empty", allowed: "a text with symbols")
    }
    let actual = SHA256.hash(data: data).hexadecimal
    if let sha256, let stated, stated != actual {
      throw sha256.error(
        .changedText, key: "\(given.name).sha256",
        "is not the SHA-256 of \(Excerpt.quoted(path)), which is \(actual): the text has changed")
    }
    return .text(path: path, resolvedPath: resolved, sha256: actual)
  }

  private static func statedHash(
    _ node: SpecificationNode, key: String
  ) throws(SpecificationError) -> String {
    guard let word = node.word, word.utf8.count == 64,
      word.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else {
      throw node.error(
        .wrongType, key: key, "is not a SHA-256", allowed: "64 lower-case hexadecimal digits")
    }
    return word
  }
}
