/// Why an option is not passed on to sbatch.
public enum SlurmOptionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Not of the form of an option.
  case malformed(text: String)
  /// What looks like a second option stands in the value.
  case several(text: String)
  /// There are line breaks or other control characters.
  case controlCharacters(text: String)
  /// A name is empty, or has spaces or control characters.
  case badName(option: String, value: String)
  /// The jobs set this option themselves, or depend on it.
  case kept(text: String, option: String, instead: String)

  public var description: String {
    switch self {
    case .malformed(let text):
      return
        "--sbatch '\(text)': allowed is an option of sbatch, such as '--constraint=avx512', '-C avx512' or "
        + "'--exclusive'"
    case .several(let text):
      return
        "--sbatch '\(text)': one option is allowed; give the second its own --sbatch. A value that looks like "
        + "an option goes into quotes: '--comment=\"as --this\"'"
    case .controlCharacters(let text):
      return "--sbatch '\(Self.visible(text))': allowed is one line, without control characters"
    case .badName(let option, let value):
      return "\(option) '\(Self.visible(value))': allowed is a name, without spaces"
    case .kept(let text, let option, let instead):
      return "--sbatch '\(text)': \(option) is not passed on; \(instead)"
    }
  }

  private static func visible(_ text: String) -> String {
    text.unicodeScalars.map {
      $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0)
    }.joined()
  }
}
