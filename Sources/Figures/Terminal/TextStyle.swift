import Foundation

/// How text for a terminal may look.
public enum TextStyle: Sendable {
  /// Characters alone, without a single escape byte.
  case plain
  /// The 256 colours that terminals share.
  case indexed
  /// Any colour.
  case trueColor

  var hasColors: Bool { self != .plain }
}

/// A colour of a character or of its ground.
struct TextColor: Sendable, Hashable {
  let red, green, blue: UInt8

  init(red: UInt8, green: UInt8, blue: UInt8) { (self.red, self.green, self.blue) = (red, green, blue) }

  /// From `#rrggbb`; anything else is black.
  init(_ hex: String) {
    let value = UInt32(hex.drop { $0 == "#" }, radix: 16) ?? 0
    self.init(
      red: UInt8(value >> 16 & 255), green: UInt8(value >> 8 & 255), blue: UInt8(value & 255))
  }

  /// Of a line or a letter, nil for the terminal's own: black and grey would be lost on a dark ground.
  ///
  /// Dark colours are lifted until they stand out on black as well as on white.
  static func line(_ color: PlotColor) -> TextColor? {
    switch color {
    case .black, .ink, .white: return nil
    default:
      var result = TextColor(color.rawValue)
      while result.luminance < 0.13 { result = result.mixed(with: TextColor("#ffffff"), 0.1) }
      return result
    }
  }

  /// So much of the way to another.
  func mixed(with other: TextColor, _ share: Double) -> TextColor {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8((Double(a) + share * (Double(b) - Double(a))).rounded())
    }
    return TextColor(
      red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
  }

  /// Whether dark letters cannot be read on it.
  var isDark: Bool { luminance < 0.2 }

  /// From 0 to 1: WCAG 2.2, relative luminance.
  private var luminance: Double {
    func linear(_ part: UInt8) -> Double {
      let share = Double(part) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// The parameters of SGR (ECMA-48) after 38 or 48.
  fileprivate func parameters(_ style: TextStyle) -> String {
    style == .trueColor ? "2;\(red);\(green);\(blue)" : "5;\(index)"
  }

  /// The nearest of the 256: a cube of 6³ or one of 24 greys.
  private var index: Int {
    let levels = [0, 95, 135, 175, 215, 255]
    func nearest(_ part: UInt8) -> Int {
      levels.indices.min { abs(levels[$0] - Int(part)) < abs(levels[$1] - Int(part)) } ?? 0
    }
    func distance(_ r: Int, _ g: Int, _ b: Int) -> Int {
      let (r, g, b) = (r - Int(red), g - Int(green), b - Int(blue))
      return r * r + g * g + b * b
    }
    let (r, g, b) = (nearest(red), nearest(green), nearest(blue))
    let grey = min(23, max(0, ((Int(red) + Int(green) + Int(blue)) / 3 - 3) / 10))
    let level = 8 + 10 * grey
    return distance(level, level, level) < distance(levels[r], levels[g], levels[b])
      ? 232 + grey : 16 + 36 * r + 6 * g + b
  }
}

/// How a character is set.
struct TextInk: Sendable, Hashable {
  /// nil: the terminal's own.
  var color: TextColor?
  var ground: TextColor?
  var isBold = false
  var isFaint = false

  static let plain = TextInk()
  static let bold = TextInk(isBold: true)
  /// Of what stands back: axes, captions.
  static let faint = TextInk(isFaint: true)

  /// Of a curve.
  init(_ color: PlotColor) {
    self.init(color: TextColor.line(color))
    isFaint = color == .middleGrey
  }

  init(color: TextColor? = nil, ground: TextColor? = nil, isBold: Bool = false, isFaint: Bool = false) {
    (self.color, self.ground, self.isBold, self.isFaint) = (color, ground, isBold, isFaint)
  }

  /// The escape sequence that sets it; empty where nothing is to be set.
  func escape(_ style: TextStyle) -> String {
    guard style.hasColors else { return "" }
    var parts = ["0"]
    if isBold { parts.append("1") }
    if isFaint { parts.append("2") }
    if let color { parts.append("38;" + color.parameters(style)) }
    if let ground { parts.append("48;" + ground.parameters(style)) }
    return "\u{1B}[\(parts.joined(separator: ";"))m"
  }
}
