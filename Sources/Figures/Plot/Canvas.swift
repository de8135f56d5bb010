/// What a picture is drawn on: its size, the size of its letters, its colours, and which of its texts stand in it.
public struct Canvas: Sendable, Hashable {
  /// Which texts stand around the panels.
  public enum Texts: String, Sendable, CaseIterable {
    /// Title, statement and caption.
    case all
    /// Title and statement.
    case title
    /// The legend alone: the rest stands in the paper.
    case none
  }

  public enum Ink: String, Sendable, CaseIterable {
    case color
    /// Black and grey: curves differ by dashes and points.
    case black
  }

  /// In points, 72 an inch.
  public var width: Double
  /// nil: as high as its panels need.
  public var height: Double?
  /// Of the letters on the axes, in points.
  public var fontSize: Double
  public var texts: Texts
  public var ink: Ink
  /// Pixels an inch of a PNG; an SVG has 96.
  public var resolution: Double

  public init(
    width: Double = 1050, height: Double? = nil, fontSize: Double = 10.5, texts: Texts = .all,
    ink: Ink = .color, resolution: Double = 96
  ) {
    (self.width, self.height, self.fontSize) = (width, height, fontSize)
    (self.texts, self.ink, self.resolution) = (texts, ink, resolution)
  }

  /// The width and the height in letters: multiples of the font's size.
  var widthInEms: Double { width / fontSize }
  var heightInEms: Double? { height.map { $0 / fontSize } }
  /// How thick lines and large points are beside those of the usual size.
  var scale: Double { fontSize / 10.5 }

  /// How many letters of some size beside the usual one stand side by side in so many ems.
  static func letters(in ems: Double, size: Double) -> Int { max(8, Int(ems / (0.522 * size))) }
}

extension Canvas {
  /// The canvases with names.
  public enum Preset: String, Sendable, CaseIterable {
    case screen
    case paperColumn = "paper-column"
    case paperPage = "paper-page"
    case slide, poster, print

    /// What it is for.
    public var purpose: String {
      switch self {
      case .screen: "as wide as a screen, with all texts"
      case .paperColumn: "85 mm, 7 pt, no title: the paper has its own"
      case .paperPage: "174 mm, 8 pt, no title"
      case .slide: "1920 × 1080 pixels, 20 pt, with title"
      case .poster: "400 mm, 24 pt, with title"
      case .print: "174 mm, 8 pt, black and white by dashes and points"
      }
    }

    public var canvas: Canvas {
      let millimetre = 72 / 25.4
      switch self {
      case .screen: return Canvas()
      case .paperColumn: return Canvas(width: 85 * millimetre, fontSize: 7, texts: .none, resolution: 300)
      case .paperPage: return Canvas(width: 174 * millimetre, fontSize: 8, texts: .none, resolution: 300)
      case .slide: return Canvas(width: 1440, height: 810, fontSize: 20, texts: .title)
      case .poster: return Canvas(width: 400 * millimetre, fontSize: 24, texts: .title, resolution: 150)
      case .print: return Canvas(width: 174 * millimetre, fontSize: 8, ink: .black, resolution: 300)
      }
    }
  }
}
