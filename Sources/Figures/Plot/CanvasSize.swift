import Foundation

/// Why a canvas cannot be as someone wants it.
public struct CanvasError: Error, Sendable, Equatable, CustomStringConvertible {
  /// As it was given.
  public let value: String
  /// Completes "VALUE …".
  public let problem: String
  public let allowed: String

  public var description: String { "'\(value)' \(problem); allowed: \(allowed)" }
}

/// A length on paper or on a screen, as in `85mm`, `8cm`, `3.3in`, `240pt` or `1920px`; a bare number counts pixels.
public struct Length: Sendable, Hashable {
  public enum Unit: String, Sendable, CaseIterable {
    case millimetres = "mm"
    case centimetres = "cm"
    case inches = "in"
    case points = "pt"
    /// 96 an inch.
    case pixels = "px"

    var points: Double {
      switch self {
      case .millimetres: 72 / 25.4
      case .centimetres: 72 / 2.54
      case .inches: 72
      case .points: 1
      case .pixels: 0.75
      }
    }
  }

  public let value: Double
  public let unit: Unit

  public init(_ value: Double, _ unit: Unit) { (self.value, self.unit) = (value, unit) }

  public var points: Double { value * unit.points }
}

/// How large a picture is, as in `85mm`, `160x90mm` or `1920x1080`: without a height as high as its panels need.
public struct CanvasSize: Sendable, Hashable {
  public let width: Length
  public let height: Length?

  /// The least and the most either way.
  static let limits = (least: Length(20, .millimetres), most: Length(5000, .millimetres))

  /// - Throws: ``CanvasError`` for what is no size, or one beyond the limits.
  public init(_ text: String) throws(CanvasError) {
    let form = /([0-9]*\.?[0-9]+)\s*(mm|cm|in|pt|px)?(?:\s*[x×]\s*([0-9]*\.?[0-9]+)\s*(mm|cm|in|pt|px)?)?/
    guard let match = text.lowercased().trimmingCharacters(in: .whitespaces).wholeMatch(of: form) else {
      throw CanvasError(value: text, problem: "is not a size", allowed: Self.allowed)
    }
    func unit(_ text: Substring?) -> Length.Unit? { text.flatMap { Length.Unit(rawValue: String($0)) } }
    // `160x90mm`: one unit is that of both.
    let units = (unit(match.2), match.4.flatMap(unit))
    func length(_ text: Substring, _ unit: Length.Unit?) throws(CanvasError) -> Length {
      let length = Length(Double(text) ?? .nan, unit ?? .pixels)
      guard (Self.limits.least.points...Self.limits.most.points).contains(length.points) else {
        throw CanvasError(
          value: String(text) + length.unit.rawValue, problem: "is out of range", allowed: Self.allowed)
      }
      return length
    }
    width = try length(match.1, units.0 ?? units.1)
    height = try match.3.map { (text) throws(CanvasError) in try length(text, units.1 ?? units.0) }
  }

  /// Whether it is counted in pixels, which are those of the PNG.
  var isInPixels: Bool { width.unit == .pixels }

  public static let allowed =
    "a width, or width x height, from 20mm to 5000mm, in mm, cm, in, pt or px (without a unit), as in 85mm, 160x90mm, "
    + "3.3in or 1920x1080"
}

extension Canvas {
  /// In points.
  static let fontSizes = 3.0...200

  /// The size of letters in points, as in `7` or `7pt`.
  ///
  /// - Throws: ``CanvasError``.
  public static func fontSize(_ text: String) throws(CanvasError) -> Double {
    let allowed = "3 to 200 points, as in 7"
    guard let match = text.wholeMatch(of: /([0-9]*\.?[0-9]+)\s*(?:pt)?/), let size = Double(match.1) else {
      throw CanvasError(value: text, problem: "is not a font size", allowed: allowed)
    }
    guard fontSizes.contains(size) else {
      throw CanvasError(value: text, problem: "is out of range", allowed: allowed)
    }
    return size
  }
}
