import Experiments
import TextFiles

/// A figure of a run as someone wants it.
public struct FigureRequest: Sendable {
  public let figure: FigureName
  /// What its files are called; nil: as the figure.
  public var file: String?
  /// The trials it shows; nil: all.
  public var selection: FigureSelection?
  public var choice = FigureChoice()
  public var canvas = Canvas()
  private var canvasChoice = CanvasChoice()

  public init(_ figure: FigureName) { self.figure = figure }

  /// What its files are called.
  public var fileName: String { file ?? figure.rawValue }

  /// What it chooses layers of networks by, first; nil where it chooses none.
  private var placeAxis: PlaceAxis? {
    PlaceAxis.allCases.first { axis in
      selection?.names(axis) == true || [choice.x, choice.hue, choice.panel].contains(.place(axis))
    }
  }

  /// Why it cannot be drawn, whatever the run; nil where it can.
  var objection: String? {
    guard figure.figure.isOfNetworks, let axis = placeAxis else { return nil }
    return "it shows whole networks, of which no \(axis.rawValue) can be chosen"
  }

  /// Adds what someone chooses, which overrides what was chosen before. A figure that is chosen has a name of its own, so
  /// that its files never replace the usual ones.
  ///
  /// - Parameter name: of its files; nil: what was chosen follows the name it has.
  /// - Throws: ``CanvasError``.
  public mutating func choose(
    _ selection: FigureSelection? = nil, _ choice: FigureChoice = FigureChoice(),
    canvas: CanvasChoice = CanvasChoice(), name: String? = nil
  ) throws(CanvasError) {
    canvasChoice = canvasChoice.overridden(by: canvas)
    self.canvas = try canvasChoice.canvas()
    if let selection, !selection.isEmpty {
      self.selection = self.selection?.overridden(by: selection) ?? selection
    }
    self.choice = FigureChoice(
      x: choice.x ?? self.choice.x, hue: choice.hue ?? self.choice.hue,
      panel: choice.panel ?? self.choice.panel)
    let words = (selection?.words ?? []) + choice.words + canvas.words
    if let name {
      file = name
    } else if !words.isEmpty {
      file = Self.shortened(([fileName] + words).joined(separator: "-"))
    }
  }

  /// Of a name that is too long the beginning, and what tells it from others that begin so.
  private static func shortened(_ name: String) -> String {
    name.utf8.count <= 80
      ? name : name.prefix(72) + "-" + SHA256.hash(Array(name.utf8)).hexadecimal(6)
  }
}

extension FigureSelection {
  /// For the name of a file: `T-100-200`, `clip-none`, `layer-0`.
  fileprivate var words: [String] {
    values.map { name, texts in
      ([name] + texts).map { text in
        let text = text.hasPrefix("-") ? "minus" + text.dropFirst() : text
        return text.split { !$0.isASCII || !($0.isLetter || $0.isNumber || $0 == ".") }.joined(separator: "-")
      }.joined(separator: "-")
    }
  }
}

extension FigureChoice {
  /// For the name of a file: `by-spectral-radius`.
  fileprivate var words: [String] {
    [("over", x), ("by", hue), ("per", panel)].compactMap { word, axis in
      axis.map { "\(word)-\($0.name.replacing("_", with: "-"))" }
    }
  }
}
