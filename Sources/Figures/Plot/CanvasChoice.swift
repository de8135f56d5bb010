import Experiments
import Foundation
import TextFiles

/// What someone wants of a canvas: a preset, and what is to differ from it.
public struct CanvasChoice: Sendable, Hashable {
  /// nil: ``Canvas/Preset/screen``.
  public var preset: Canvas.Preset?
  public var size: CanvasSize?
  /// In points.
  public var fontSize: Double?
  public var texts: Canvas.Texts?
  public var ink: Canvas.Ink?

  public init() {}

  /// How many letters wide a picture is at least, in ems.
  static let narrowest = 15.0
  /// Pixels of a PNG either way, at most.
  private static let mostPixels = 12_000.0

  /// - Throws: ``CanvasError`` where the letters are too large for the width.
  public func canvas() throws(CanvasError) -> Canvas {
    var canvas = (preset ?? .screen).canvas
    if let size {
      canvas.width = size.width.points
      canvas.height = size.height?.points
      if preset == nil, let usual = size.usualFontSize { canvas.fontSize = usual }
      // Pixels are those of the PNG; paper has more of them an inch than a screen.
      canvas.resolution = size.isInPixels ? 96 : preset == nil ? 300 : canvas.resolution
    }
    if let fontSize { canvas.fontSize = fontSize }
    if let texts { canvas.texts = texts }
    if let ink { canvas.ink = ink }
    let longest = max(canvas.width, canvas.height ?? 0) / 72
    canvas.resolution = min(canvas.resolution, (Self.mostPixels / longest).rounded(.down))
    try Self.checkWidth(canvas)
    return canvas
  }

  private static func checkWidth(_ canvas: Canvas) throws(CanvasError) {
    guard canvas.widthInEms < narrowest else { return }
    let width = (canvas.width / 72 * 25.4).rounded()
    let wanted = (narrowest * canvas.fontSize / 72 * 25.4).rounded(.up)
    let largest = (canvas.width / narrowest * 10).rounded(.down) / 10
    var allowed = "a width from \(Int(wanted))mm at this font size"
    if largest >= Canvas.fontSizes.lowerBound {
      allowed += ", or a font size up to \(CSVField.number(largest))"
    }
    throw CanvasError(
      value: "\(Int(width))mm",
      problem: "is too narrow for letters of \(CSVField.number(canvas.fontSize)) pt",
      allowed: allowed)
  }

  /// The same, where the other leaves something open; another preset begins anew.
  public func overridden(by other: CanvasChoice) -> CanvasChoice {
    if other.preset != nil { return other }
    var both = self
    both.size = other.size ?? size
    both.fontSize = other.fontSize ?? fontSize
    both.texts = other.texts ?? texts
    both.ink = other.ink ?? ink
    return both
  }

  /// What tells its files from others.
  var words: [String] {
    [
      preset.flatMap { $0 == .screen ? nil : $0.rawValue }, size?.text,
      fontSize.map { "\(CSVField.number($0))pt" },
      texts.map { "title-\($0.rawValue)" }, ink?.rawValue,
    ].compactMap { $0 }
  }
}

extension CanvasSize {
  /// Of letters on paper as wide as a column, or as a page; nil for other sizes.
  fileprivate var usualFontSize: Double? {
    guard !isInPixels else { return nil }
    switch width.points / 72 * 25.4 {
    case ...120: return 7
    case ...250: return 8
    default: return nil
    }
  }

  /// As it is given: `85mm`, `160x90mm`, `1920x1080`.
  public var text: String {
    func text(_ length: Length, unit: Bool) -> String {
      CSVField.number(length.value) + (unit ? length.unit.rawValue : "")
    }
    guard let height else { return text(width, unit: true) }
    let isShared = height.unit == width.unit
    return text(width, unit: !isShared) + "x" + text(height, unit: !isShared || !isInPixels)
  }
}
