import Foundation
import GradientFlow
import TextFiles

extension SpecificationKey {
  /// The most bytes of a task's file.
  package static let taskByteLimit = 1 << 28

  /// `task`: a kind with what it needs: `{kind: text, path: FILE}`; the normalised form adds a file's `sha256`.
  package static let task = SpecificationKey(
    rawValue: "task",
    summary:
      "Source of the inputs: x_t ~ N(0, 1); the symbols of a UTF-8 text file; the characters or words of one "
      + "for a language model, with percentages of it for validation and test; a learnable task; or images "
      + "of an NPZ file, by pixels, by rows or whole. Paths are relative to this file.",
    allowed: taskForms, defaultText: TaskKind.gaussianNoise.form,
    read: { (given, specification) throws(SpecificationError) in
      guard case .mapping(let entries) = given.node.content else {
        throw given.node.error(.wrongType, key: given.name, "is not a task", allowed: taskForms)
      }
      specification.task = try task(entries, given)
    },
    values: { [$0.task.text] })

  private static let taskForms = TaskKind.all.map(\.form).joined(separator: ", ")

  private static func task(
    _ entries: [SpecificationNode.Entry], _ given: Given
  ) throws(SpecificationError) -> TaskSpecification {
    func entry(_ name: String) -> SpecificationNode.Entry? { entries.first { $0.name == name } }
    if let kind = entry("kind"), kind.value.word == "cliff" {
      throw kind.value.error(
        .unknownName, key: "\(given.name).kind", "is a demonstration, not a task: use 'gradflow cliff'")
    }
    var members: [String] = []
    for member in ["kind"] + TaskKind.all.flatMap(\.members) where !members.contains(member) {
      members.append(member)
    }
    try entries.checkKeys(among: members, of: given.name)
    guard let node = entry("kind") else {
      throw given.node.error(.missingKey, key: given.name, "has no 'kind'", allowed: taskForms)
    }
    let kind = try ValueRule.named(among: TaskKind.all, as: \.name).read(node.value, "\(given.name).kind")
    if let other = entries.first(where: { $0.name != "kind" && !kind.members.contains($0.name) }) {
      let owners = TaskKind.all.filter { $0.members.contains(other.name) }
      throw other.keyError(
        .contradiction,
        "key '\(other.name)' in \(given.name) is for kind \(owners.map(\.name).joined(separator: " or ")) only",
        allowed: taskForms)
    }
    let words = try words(entries, of: kind, given)
    var numbers = try statedNumbers(entries, of: kind, words, given)
    guard let format = kind.file else { return TaskSpecification(kind, numbers: numbers, words: words) }
    let (file, found) = try file(entry("path")?.value, sha256: entry("sha256")?.value, given, format)
    for number in kind.numbers where kind.has(number, words: words) {
      let (stated, actual) = (numbers[number.name], found?.numbers[number.name])
      let place = entry(number.name)?.value ?? given.node
      let key = "\(given.name).\(number.name)"
      if let stated, let actual, stated != actual {
        throw place.error(.contradiction, key: key, "disagrees with the file, which has \(actual)")
      }
      guard let value = actual ?? stated ?? found?.usualNumbers[number.name] else {
        if found != nil, let name = number.multiple, let multiple = numbers[name] {
          throw SpecificationError(
            .missingKey, at: given.node.place, key: key,
            "\(given.name): \(multiple) \(name) are no square; add \(number.name): n",
            allowed: "divisors of \(multiple)")
        }
        throw given.node.error(.missingKey, key: given.name, "has no '\(number.name)'", allowed: taskForms)
      }
      if let name = number.multiple, let multiple = numbers[name], !multiple.isMultiple(of: value) {
        throw place.error(
          .outOfRange, key: key, "does not divide the \(multiple) \(name)", allowed: "divisors of \(multiple)"
        )
      }
      numbers[number.name] = value
    }
    return TaskSpecification(kind, numbers: numbers, words: words, file: file)
  }

  /// What is chosen, but for the first words of choices.
  private static func words(
    _ entries: [SpecificationNode.Entry], of kind: TaskKind, _ given: Given
  ) throws(SpecificationError) -> [String: String] {
    var words: [String: String] = [:]
    for choice in kind.choices {
      guard let entry = entries.first(where: { $0.name == choice.name }) else { continue }
      let word = try ValueRule.named(among: choice.words, as: \.self)
        .read(entry.value, "\(given.name).\(choice.name)")
      if word != choice.words.first { words[choice.name] = word }
    }
    return words
  }

  /// The numbers of a kind that are stated, or have a standard.
  private static func statedNumbers(
    _ entries: [SpecificationNode.Entry], of kind: TaskKind, _ words: [String: String], _ given: Given
  ) throws(SpecificationError) -> [String: Int] {
    var numbers: [String: Int] = [:]
    for number in kind.numbers {
      let entry = entries.first { $0.name == number.name }
      if kind.has(number, words: words) {
        numbers[number.name] =
          try entry.map { (entry) throws(SpecificationError) in
            try ValueRule<Int>.whole(number.range).read(entry.value, "\(given.name).\(number.name)")
          } ?? number.standard
      } else if let entry, let use = number.use {
        throw entry.keyError(
          .contradiction, "key '\(number.name)' in \(given.name) is for \(use.choice): \(use.word) only",
          allowed: taskForms)
      }
    }
    return numbers
  }

  /// A task's file, checked as far as the policy asks for; nil for what it has where the file was not read.
  private static func file(
    _ node: SpecificationNode?, sha256: SpecificationNode?, _ given: Given, _ format: TaskFileFormat
  ) throws(SpecificationError) -> (file: TaskFile, found: TaskFileFormat.Contents?) {
    guard let node else {
      throw given.node.error(.missingKey, key: given.name, "has no 'path'", allowed: "the path of a file")
    }
    let key = "\(given.name).path"
    let paths = try paths(node, key)
    let path = paths.first { given.taskFiles.exists($0) } ?? paths[0]
    let passedOver = Array(paths.prefix { $0 != path })
    let resolved = given.taskFiles.resolve(path)
    let stated = try sha256.map { (node) throws(SpecificationError) in
      try statedHash(node, key: "\(given.name).sha256")
    }
    if let stated, given.taskFiles.trustsStatedHash {
      return (TaskFile(path: path, resolvedPath: resolved, sha256: stated, tokens: nil, passedOver: []), nil)
    }
    let data: Data
    let found: TaskFileFormat.Contents
    do throws(SpecificationError) {
      data = try InputFile.bytes(at: resolved, limit: taskByteLimit, mustBeRegular: true)
      found = try format.inspect(resolved, data)
    } catch {
      throw node.error(error.kind, key: key, error.problem)
    }
    guard !data.isEmpty else {
      throw node.error(.outOfRange, key: key, "is empty", allowed: "a text with symbols")
    }
    let actual = SHA256.hash(data).hexadecimal
    if let sha256, let stated, stated != actual {
      throw sha256.error(
        .changedText, key: "\(given.name).sha256",
        "is not the SHA-256 of \(Excerpt.quoted(path)), which is \(actual): the file has changed")
    }
    return (
      TaskFile(
        path: path, resolvedPath: resolved, sha256: actual, tokens: found.tokens, passedOver: passedOver),
      found
    )
  }

  /// One path, or several of which the first that is there is meant.
  private static func paths(
    _ node: SpecificationNode, _ key: String
  ) throws(SpecificationError) -> [String] {
    let allowed = "the path of a file, or a list of paths of which the first that is there is read"
    let nodes = if case .list(let items) = node.content { items } else { [node] }
    let paths = try nodes.map { (node) throws(SpecificationError) in
      guard let path = node.word, !path.isEmpty else {
        throw node.error(.wrongType, key: key, "is not a path", allowed: allowed)
      }
      return path
    }
    guard !paths.isEmpty else { throw node.error(.wrongType, key: key, "has no paths", allowed: allowed) }
    return paths
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
