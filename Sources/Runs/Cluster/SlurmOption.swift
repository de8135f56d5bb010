/// An option of sbatch that is passed on, by its long name.
public struct SlurmOption: Sendable, Hashable {
  /// Without dashes.
  public let name: String
  /// Without quotes; nil for an option that takes none.
  public let value: String?

  /// An option whose value is a name, as of an account.
  ///
  /// - Throws: ``SlurmOptionError`` where there is none, or it has spaces or control characters.
  init(_ option: String, named name: String) throws(SlurmOptionError) {
    guard
      !name.isEmpty, !name.hasControlCharacters,
      !name.unicodeScalars.contains(where: \.properties.isWhitespace)
    else { throw .badName(option: "--\(option)", value: name) }
    (self.name, value) = (option, name)
  }

  /// From `--NAME`, `--NAME=VALUE`, `--NAME VALUE`, `-L` or `-L VALUE`, as an option is typed or stands in a script.
  /// The value may have spaces; quotes around the whole of it are taken off.
  ///
  /// - Throws: ``SlurmOptionError`` where it is no option, or several; where it has line breaks or other control
  ///   characters; and where it is an option that the jobs themselves set, or depend on.
  public init(_ text: String) throws(SlurmOptionError) {
    guard !text.hasControlCharacters else { throw .controlCharacters(text: text) }
    let name: String
    let rest: Substring?
    if let match = text.wholeMatch(of: /\ *--([A-Za-z][A-Za-z0-9_-]*)(?:=(.*?)|\ +([^ ].*?))?\ */) {
      name = String(match.1)
      rest = match.2 ?? match.3
    } else if let match = text.wholeMatch(of: /\ *-([A-Za-z])(?![A-Za-z])\ *(.*?)\ */),
      let long = SlurmOptionNames.ofLetters[String(match.1)]
    {
      name = long
      rest = match.2.isEmpty ? nil : match.2
    } else {
      throw .malformed(text: text)
    }
    if let kept = SlurmOptionNames.kept(name) {
      throw .kept(text: text, option: "--\(kept.name)", instead: kept.instead)
    }
    self.name = SlurmOptionNames.isClusters(name) ? "clusters" : name
    guard let rest else {
      value = nil
      return
    }
    if let quoted = rest.wholeMatch(of: /"([^"]*)"|'([^']*)'/) {
      value = String(quoted.1 ?? quoted.2 ?? "")
    } else if rest.contains(/(^|\ )--?[A-Za-z]/) {
      throw .several(text: text)
    } else {
      value = String(rest)
    }
  }

  /// As an argument of sbatch.
  var argument: String { value.map { "--\(name)=\($0)" } ?? "--\(name)" }

  /// As it stands after `#SBATCH` in a script.
  var directive: String { value.map { "--\(name)=\(Self.quoted($0))" } ?? "--\(name)" }

  /// A value in quotes where sbatch, reading a script, would end it, cut off a comment or take off a quote.
  static func quoted(_ value: String) -> String {
    let isPlain =
      !value.isEmpty
      && value.unicodeScalars.allSatisfy { $0.isASCII && !" \t\"'\\#".unicodeScalars.contains($0) }
    // By scalars: a quote with a combining mark is one character to Swift, and a quote to sbatch.
    let escaped = value.unicodeScalars.map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : "\($0)" }
    return isPlain ? value : "\"" + escaped.joined() + "\""
  }
}

extension String {
  /// Whether it has a line break or another character that a line of a script cannot hold.
  var hasControlCharacters: Bool {
    unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}
