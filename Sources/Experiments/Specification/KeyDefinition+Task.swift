import Foundation
import GradientFlow

extension KeyDefinition {
  /// The most bytes of a task's file.
  static let taskByteLimit = 1 << 28

  /// `task`: a kind with what it needs: `{kind: text, path: FILE}`; the normalised form adds a file's `sha256`.
  static var task: KeyDefinition {
    let noise = "{kind: \(TaskSpecification.Kind.gaussianNoise.rawValue)}"
    let drawn = [TaskSpecification.Kind.temporalOrder, .adding, .multiplication, .copyMemory, .delayedXOR]
      .map { "{kind: \($0.rawValue)}" }
    let allowed =
      ([noise, "{kind: \(TaskSpecification.Kind.text.rawValue), path: FILE}"] + drawn + [
        "{kind: \(TaskSpecification.Kind.memorisation.rawValue), bits: n}",
        "{kind: \(TaskSpecification.Kind.digits.rawValue), path: FILE.npz}",
        "{kind: \(TaskSpecification.Kind.cliff.rawValue), w: x, b: y}",
      ]).joined(separator: ", ")
    return KeyDefinition(
      summary: "Where inputs come from: x_t ~ N(0, 1); the symbols of a UTF-8 text file; a published "
        + "task to be learned; images of an NPZ file, pixel by pixel; or the error surface with a cliff. "
        + "Paths are relative to this file.",
      allowed: allowed, defaultText: noise, defaultForText: noise, aliases: [], isAxis: false,
      read: { (given, specification) throws(SpecificationError) in
        guard case .mapping(let entries) = given.node.content else {
          throw given.node.error(.wrongType, key: given.name, "is not a task", allowed: allowed)
        }
        specification.task = try task(entries, given, allowed: allowed)
      },
      values: { specification in
        let kind = specification.task.kind.rawValue
        func file(_ file: TaskFile) -> String { "path: \(YAMLText.of(file.path)), sha256: \(file.sha256)" }
        switch specification.task {
        case .gaussianNoise: return ["{kind: \(kind)}"]
        case .text(let text): return ["{kind: \(kind), \(file(text))}"]
        case .published(.memorisation(let bits)): return ["{kind: \(kind), bits: \(bits)}"]
        case .published: return ["{kind: \(kind)}"]
        case .digits(let images, let pixels): return ["{kind: \(kind), \(file(images)), pixels: \(pixels)}"]
        case .cliff(let w, let b):
          return ["{kind: \(kind), w: \(w.shortestDecimal), b: \(b.shortestDecimal)}"]
        }
      })
  }

  /// The keys a kind has beside `kind`.
  private static func members(of kind: TaskSpecification.Kind) -> [String] {
    switch kind {
    case .text: return ["path", "sha256"]
    case .digits: return ["path", "sha256", "pixels"]
    case .memorisation: return ["bits"]
    case .cliff: return ["w", "b"]
    case .gaussianNoise, .temporalOrder, .adding, .multiplication, .copyMemory, .delayedXOR: return []
    }
  }

  private static func task(
    _ entries: [SpecificationNode.Entry], _ given: Given, allowed: String
  ) throws(SpecificationError) -> TaskSpecification {
    try entries.checkKeys(among: ["kind", "path", "sha256", "pixels", "bits", "w", "b"], of: given.name)
    func entry(_ name: String) -> SpecificationNode.Entry? { entries.first { $0.name == name } }
    guard let node = entry("kind") else {
      throw given.node.error(.missingKey, key: given.name, "has no 'kind'", allowed: allowed)
    }
    let kind = try ValueRule<TaskSpecification.Kind>.named().read(node.value, "\(given.name).kind")
    let own = members(of: kind)
    if let other = entries.first(where: { $0.name != "kind" && !own.contains($0.name) }) {
      let owners = TaskSpecification.Kind.allCases.filter { members(of: $0).contains(other.name) }
      throw other.keyError(
        .contradiction,
        "key '\(other.name)' in \(given.name) is for kind "
          + "\(owners.map(\.rawValue).joined(separator: " or ")) only", allowed: allowed)
    }
    func number(_ name: String) throws(SpecificationError) -> Double {
      guard let entry = entry(name) else {
        throw given.node.error(.missingKey, key: given.name, "has no '\(name)'", allowed: allowed)
      }
      return try ValueRule<Double>.real("finite numbers") { $0.isFinite }
        .read(entry.value, "\(given.name).\(name)")
    }
    switch kind {
    case .gaussianNoise: return .gaussianNoise
    case .text:
      return .text(try file(entry("path")?.value, sha256: entry("sha256")?.value, given) { _ in nil }.file)
    case .digits:
      let stated = try entry("pixels").map { (entry) throws(SpecificationError) in
        try ValueRule<Int>.whole(1...1_000_000).read(entry.value, "\(given.name).pixels")
      }
      let (file, found) = try file(entry("path")?.value, sha256: entry("sha256")?.value, given) { path in
        Result { () throws(ModelFileError) in
          let images = try DigitImages(contentsOf: path)
          _ = try images.task()
          return images.pixels
        }
      }
      if let found, let stated, found != stated, let entry = entry("pixels") {
        throw entry.value.error(
          .contradiction, key: "\(given.name).pixels", "is not what the file has, which is \(found)")
      }
      guard let pixels = found ?? stated else {
        throw given.node.error(.missingKey, key: given.name, "has no 'pixels'", allowed: allowed)
      }
      return .digits(file, pixels: pixels)
    case .cliff: return .cliff(w: try number("w"), b: try number("b"))
    case .temporalOrder, .adding, .multiplication, .copyMemory, .memorisation, .delayedXOR:
      let bits = try entry("bits").map { (entry) throws(SpecificationError) in
        try ValueRule<Int>.whole(1...30).read(entry.value, "\(given.name).bits")
      }
      guard let task = PublishedTask(kind: kind, bits: bits ?? 5) else {
        preconditionFailure("a kind without a task")
      }
      return .published(task)
    }
  }

  /// A task's file, checked as far as the policy asks for.
  ///
  /// - Parameter inspect: what is wanted of an NPZ file at a path; nil for a text.
  private static func file(
    _ node: SpecificationNode?, sha256: SpecificationNode?, _ given: Given,
    inspect: (String) -> Result<Int, ModelFileError>?
  ) throws(SpecificationError) -> (file: TaskFile, found: Int?) {
    guard let node else {
      throw given.node.error(.missingKey, key: given.name, "has no 'path'", allowed: "the path of a file")
    }
    let key = "\(given.name).path"
    guard let path = node.word, !path.isEmpty else {
      throw node.error(.wrongType, key: key, "is not a path", allowed: "the path of a file")
    }
    let resolved = given.taskFiles.resolve(path)
    let stated = try sha256.map { (node) throws(SpecificationError) in
      try statedHash(node, key: "\(given.name).sha256")
    }
    if let stated, given.taskFiles.trustsStatedHash {
      return (TaskFile(path: path, resolvedPath: resolved, sha256: stated, characters: nil), nil)
    }
    let data: Data
    var found, characters: Int?
    do throws(InputFile.Failure) {
      data = try InputFile.bytes(at: resolved, limit: taskByteLimit, mustBeRegular: true)
      if let inspected = inspect(resolved) {
        do {
          found = try inspected.get()
        } catch {
          throw InputFile.Failure(
            kind: error.kind == .refused ? .refusedBySystem : .unreadableFile,
            problem: "cannot be used: \(error)")
        }
      } else {
        characters = try InputFile.text(of: data).unicodeScalars.count
      }
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
    return (TaskFile(path: path, resolvedPath: resolved, sha256: actual, characters: characters), found)
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
