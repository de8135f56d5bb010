import Experiments

/// A text in the terminal, every token on the colour of a value that belongs to it.
///
/// Without colours a line of marks stands below each line of text: the darker the mark the larger the value, with a sign for
/// values below 0.
public struct ColouredTokens {
  private let tokens: [String]
  private let values: [Double]
  private let colors: MapColors
  /// The token that the rest is about; nil: none.
  private let chosen: Int?

  /// Which colours values have.
  public enum Scale: Sendable {
    /// About 0.
    case diverging
    /// From the least to the greatest.
    case sequential
  }

  /// - Parameters:
  ///   - tokens: as they are.
  ///   - values: one for each; NaN: none.
  ///   - label: of the scale.
  ///   - chosen: a token that is set in bold, in brackets without colours.
  public init(
    _ tokens: [String], values: [Double], _ scale: Scale, label: String, chosen: Int? = nil, style: TextStyle
  ) {
    precondition(tokens.count == values.count, "\(values.count) values for \(tokens.count) tokens")
    self.tokens = tokens
    self.values = values
    self.chosen = chosen
    let scale: ColorScale =
      switch scale {
      case .diverging: .diverging(values, share: 1, label: label)
      case .sequential:
        ColorScale(
          .sequential, low: values.filter(\.isFinite).min() ?? 0, high: values.filter(\.isFinite).max() ?? 1,
          tics: [], label: label)
      }
    colors = MapColors(scale: scale, style: style)
  }

  /// The text in lines of so many columns, with the scale below it.
  public func text(width: Int) -> String {
    var lines: [(text: StyledText, marks: String)] = [(StyledText(), "")]
    var column = 0
    for (k, token) in tokens.enumerated() {
      // A line end is shown, then made.
      let endsLine = token == "\n"
      let shown = endsLine ? "↵" : token == "\t" ? "→" : TextWidth.harmless(token)
      let columns = TextWidth.of(shown)
      if column > 0, column + columns > width {
        lines.append((StyledText(), ""))
        column = 0
      }
      lines[lines.count - 1].text.add(shown, ink(k))
      lines[lines.count - 1].marks += String(repeating: mark(k), count: columns)
      column += columns
      if endsLine, k + 1 < tokens.count {
        lines.append((StyledText(), ""))
        column = 0
      }
    }
    var text = ""
    for line in lines {
      text += rendered(line.text) + "\n"
      if !colors.style.hasColors { text += line.marks + "\n" }
    }
    return text + "\n" + rendered(colors.bar(min(width, 60))) + "\n"
  }

  private func ink(_ k: Int) -> TextInk {
    guard colors.style.hasColors else { return .plain }
    let ground = colors.color(values[k])
    return TextInk(
      color: ground.map { _ in colors.letters(on: values[k]) }, ground: ground, isBold: k == chosen)
  }

  private func mark(_ k: Int) -> Character { k == chosen ? "^" : colors.shade(values[k]) }

  private func rendered(_ text: StyledText) -> String {
    var found = ""
    for part in text.parts {
      let escape = part.ink == .plain ? "" : part.ink.escape(colors.style)
      found += escape.isEmpty ? part.text : escape + part.text + "\u{1B}[0m"
    }
    return found
  }
}
