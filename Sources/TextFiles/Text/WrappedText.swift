/// Text in lines of bounded length, for terminals and captions.
public enum WrappedText {
  /// Lines of at most `width` characters, broken between parts; a part that is longer has a line of its own.
  public static func lines(_ parts: [String], separator: String, width: Int) -> [String] {
    var lines: [String] = []
    for part in parts {
      if let last = lines.last, last.count + separator.count + part.count <= width {
        lines[lines.count - 1] = last + separator + part
      } else {
        lines.append(part)
      }
    }
    return lines
  }

  /// Lines of at most `width` characters, broken between words.
  public static func lines(_ text: String, width: Int) -> [String] {
    lines(text.split(separator: " ").map(String.init), separator: " ", width: width)
  }

  /// The words of a text, each with what stays beside it: `-0.5 ± 0.01`, `T = 20` and `3 %` are one.
  package static func words(_ text: String) -> [String] {
    text.split(separator: " ").reduce(into: []) { words, word in
      if let last = words.last,
        ["±", "="].contains(word) || word.hasPrefix("%") || last.hasSuffix(" ±") || last.hasSuffix(" =")
      {
        words[words.count - 1] = "\(last) \(word)"
      } else {
        words.append(String(word))
      }
    }
  }

  /// A paragraph whose later lines are indented; one line where `width` is nil.
  public static func paragraph(_ text: String, indent: String = "", width: Int?) -> String {
    guard let width else { return text }
    let lead = text.prefix { $0 == " " }
    return lead
      + lines(words(text), separator: " ", width: width - max(lead.count, indent.count))
      .joined(separator: "\n" + indent)
  }
}
