import Experiments
import TextFiles

/// How the values of a map look on a terminal.
struct MapColors: Sendable {
  let scale: ColorScale
  let style: TextStyle

  /// The colour of a value; nil for one without.
  func color(_ value: Double) -> TextColor? {
    guard let share = scale.share(value) else { return nil }
    let stops = scale.stops(.color)
    guard let next = stops.firstIndex(where: { $0.place >= share }), next > 0 else {
      return (share <= 0 ? stops.first : stops.last).map { TextColor($0.color) }
    }
    let (a, b) = (stops[next - 1], stops[next])
    return TextColor(a.color).mixed(with: TextColor(b.color), (share - a.place) / (b.place - a.place))
  }

  /// Of a place without a value.
  static let missing = TextColor("#d9d9d9")

  /// Of letters on a value's colour.
  func letters(on value: Double) -> TextColor {
    scale.share(value) == nil
      ? TextColor("#444444") : TextColor(scale.isDark(value) ? "#ffffff" : "#000000")
  }

  /// Shades from the lower end to the upper, for terminals without colours.
  private var shades: [Character] {
    switch scale.palette {
    case .sequential, .ground: ["·", "░", "▒", "▓", "█"]
    // The sign has to be seen.
    case .diverging: ["≡", "=", "-", "·", "░", "▒", "█"]
    }
  }

  /// The shade of a value; a blank for one without.
  func shade(_ value: Double) -> Character {
    guard let share = scale.share(value) else { return " " }
    return shades[min(shades.count - 1, Int(share * Double(shades.count)))]
  }

  /// The bar: what the colours mean, in one line.
  func bar(_ columns: Int) -> StyledText {
    let name = { (text: String) in Markup.unmarked(text) }
    var ends = (low: scale.tics.first, high: scale.tics.last)
    if scale.tics.count < 2 { ends = (nil, nil) }
    let (low, high) = (ends.low?.place ?? scale.low, ends.high?.place ?? scale.high)
    let label = name(scale.label).isEmpty ? "" : name(scale.label) + ": "
    let lowName = name(ends.low?.name ?? Brief.number(scale.low))
    let highName = name(ends.high?.name ?? Brief.number(scale.high))
    var text = StyledText(label + lowName + " ")
    let room = columns - text.width - TextWidth.of(highName) - 1
    let width = min(style.hasColors ? 24 : 3 * shades.count, max(4, room))
    for k in 0..<width {
      let value = low + (high - low) * (Double(k) + 0.5) / Double(width)
      if style.hasColors {
        text.add(" ", TextInk(ground: color(value)))
      } else {
        text.add(String(shade(value)))
      }
    }
    text.add(" " + highName)
    return text
  }
}
