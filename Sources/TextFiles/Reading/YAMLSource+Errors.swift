import ModelFiles
import Yams

extension YAMLSource {
  /// The parser's complaint as an error with a place.
  package func error(for error: YamlError) -> SpecificationError {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let at = place.at(line: mark.line, column: mark.column)
      if problem.contains("nesting level") {
        return SpecificationError(.tooLarge, at: at, "the YAML is nested too deeply")
      }
      let circumstance = context.map {
        " (\($0.text), line \($0.mark.line), column \($0.mark.column))"
      }
      return malformed("\(problem)\(circumstance ?? "")", at: at)
    case .reader(let problem, let offset, let value, _):
      let character = value >= 0 ? " (0x\(String(value, radix: 16, uppercase: true)))" : ""
      return malformed("\(problem)\(character)", at: offset.map(place(atCharacter:)) ?? place)
    case .duplicatedKeysInMapping(let duplicates, let context):
      return duplicateKey(duplicates.first ?? "", first: context.mark)
    case .memory:
      return SpecificationError(.tooLarge, at: place, "the YAML is nested too deeply or too large")
    case .no, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      return malformed("\(error)", at: place)
    }
  }

  private func malformed(
    _ problem: String, at place: SpecificationError.Place
  ) -> SpecificationError {
    let line = problem.split(whereSeparator: \.isNewline).joined(separator: " ")
    return SpecificationError(.malformed, at: place, "not YAML: \(line)")
  }

  private func duplicateKey(_ key: String, first: Mark) -> SpecificationError {
    let second = secondLine(of: key, after: first)
    return SpecificationError(
      .duplicateKey, at: place.at(line: second ?? first.line, column: first.column), key: key,
      "key \(Excerpt.quoted(key)) is given twice"
        + (second == nil ? "" : ", first on line \(first.line)"))
  }

  /// The line below `first` on which the key appears again in the same column. Nil in flow style,
  /// where the parser tells the first place only.
  private func secondLine(of key: String, after first: Mark) -> Int? {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated().dropFirst(first.line) {
      let rest = line.unicodeScalars.dropFirst(first.column - 1)
      let indent = line.unicodeScalars.prefix(first.column - 1)
      guard indent.allSatisfy({ $0 == " " }) else { continue }
      let word = String(rest.prefix { $0 != ":" })
      let unquoted = word.filter { $0 != "\"" && $0 != "'" && $0 != " " }
      if unquoted == key, word.unicodeScalars.count < rest.count { return index + 1 }
    }
    return nil
  }

  private func place(atCharacter offset: Int) -> SpecificationError.Place {
    var line = 1
    var column = 1
    for character in text.prefix(offset) {
      if character.isNewline {
        line += 1
        column = 1
      } else {
        column += character.unicodeScalars.count
      }
    }
    return place.at(line: line, column: column)
  }
}
