/// What a key means, allows and defaults to, and how it is read and written.
struct KeyDefinition {
  /// A key's value as it is given, with what its reader needs to know.
  struct Given {
    /// The name that was used, perhaps an alias.
    let name: String
    let node: SpecificationNode
    let taskFiles: TaskFilePolicy
  }

  let summary: String
  let allowed: String
  /// As YAML; nil for a required key.
  let defaultText: String?
  /// The default where the task is a text.
  let defaultForText: String?
  let aliases: [String]
  let isAxis: Bool
  /// Whether it is of use only where networks are trained.
  var isForTraining = false
  /// Whether the normalised form leaves the key out where it has its default alone, so that specifications written
  /// before the key existed keep their bytes.
  var isUnwrittenAtDefault = false
  /// Reads the value into a specification.
  let read: (Given, inout SweepSpecification) throws(SpecificationError) -> Void
  /// The values as YAML, one text each; empty where the key does not apply.
  let values: (SweepSpecification) -> [String]

  /// An axis: one value, a list, or a range.
  static func axis<Value>(
    _ summary: String, _ property: WritableKeyPath<SweepSpecification, [Value]>,
    _ rule: ValueRule<Value>, default defaultText: String, defaultForText: String? = nil,
    aliases: [String] = []
  ) -> KeyDefinition {
    KeyDefinition(
      summary: summary, allowed: rule.allowed, defaultText: defaultText,
      defaultForText: defaultForText ?? defaultText, aliases: aliases, isAxis: true,
      read: { (given, specification) throws(SpecificationError) in
        specification[keyPath: property] = try rule.readAxis(given.node, key: given.name)
      },
      values: { $0[keyPath: property].map(rule.text) })
  }

  /// A key with a single value.
  static func value<Value>(
    _ summary: String, _ property: WritableKeyPath<SweepSpecification, Value>,
    _ rule: ValueRule<Value>, default defaultText: String?
  ) -> KeyDefinition {
    KeyDefinition(
      summary: summary, allowed: rule.allowed, defaultText: defaultText,
      defaultForText: defaultText, aliases: [], isAxis: false,
      read: { (given, specification) throws(SpecificationError) in
        specification[keyPath: property] = try rule.read(given.node, given.name)
      },
      values: { [rule.text($0[keyPath: property])] })
  }
}

// MARK: - Keys of training

extension KeyDefinition {
  /// The same key, without values in a specification that trains nothing.
  var forTraining: KeyDefinition {
    let values = values
    return KeyDefinition(
      summary: summary, allowed: allowed, defaultText: defaultText, defaultForText: defaultForText,
      aliases: aliases, isAxis: isAxis, isForTraining: true, read: read,
      values: { $0.trains ? values($0) : [] })
  }

  /// The same key, left out of the normalised form at its default.
  var unwrittenAtDefault: KeyDefinition {
    var key = self
    key.isUnwrittenAtDefault = true
    return key
  }

  /// `iterations`, whose 0 is not written: there is no training then.
  static var iterations: KeyDefinition {
    let rule = ValueRule<Int>.whole(0...1_000_000_000)
    return KeyDefinition(
      summary: "Updates of training, at most; 0: no training, the gradients of the network as drawn.",
      allowed: rule.allowed, defaultText: "0", defaultForText: "0", aliases: [], isAxis: false,
      read: { (given, specification) throws(SpecificationError) in
        specification.iterations = try rule.read(given.node, given.name)
      },
      values: { $0.trains ? [rule.text($0.iterations)] : [] })
  }
}

// MARK: - Keys with forms of their own

extension KeyDefinition {
  /// `name`: a word that can be a folder's name.
  static var name: KeyDefinition {
    let allowed = "letters, digits, '-', '_' and '.', not first '.'"
    let rule = ValueRule<String>(
      allowed: allowed, numbers: .none,
      read: { (node, key) throws(SpecificationError) in
        guard let word = node.word,
          node.plainWord.map({ !SpecificationNode.truthWords.contains($0) }) ?? true
        else { throw node.error(.wrongType, key: key, "is not a name", allowed: allowed) }
        let isValid = word.unicodeScalars.allSatisfy {
          ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
            || "-_.".unicodeScalars.contains($0)
        }
        guard isValid, !word.isEmpty, word.first != "." else {
          throw node.error(.outOfRange, key: key, "is not a valid name", allowed: allowed)
        }
        guard word.utf8.count <= 100 else {
          throw node.error(.outOfRange, key: key, "is too long", allowed: "up to 100 characters")
        }
        return word
      },
      text: YAMLText.of)
    return .value("The sweep's name, and its run directory's.", \.name, rule, default: nil)
  }

  /// `seeds`: a number n stands for 0…n − 1, a list or range for exactly its values, as does the
  /// alias `seed` even for a single value.
  static var seeds: KeyDefinition {
    let rule = ValueRule<UInt64>.whole(0...UInt64.max)
    let count = ValueRule<Int>.whole(1...NumericRange.countLimit)
    return KeyDefinition(
      summary: "Seeds: a number n means 0 to n-1, a list means exactly these.",
      allowed: "\(count.allowed), or a list of \(rule.allowed)", defaultText: "10",
      defaultForText: "10", aliases: ["seed"], isAxis: true,
      read: { (given, specification) throws(SpecificationError) in
        if given.name == SpecificationKey.seeds.rawValue, case .scalar = given.node.content {
          specification.seeds = try (0..<count.read(given.node, given.name)).map { UInt64($0) }
        } else {
          specification.seeds = try rule.readAxis(given.node, key: given.name)
        }
      },
      values: { $0.seeds.map(rule.text) })
  }
}
