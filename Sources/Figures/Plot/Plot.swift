/// A picture as a value: what it says, and nothing of how it is drawn.
///
/// ``GnuplotScript`` draws it for a ``Canvas``, ``TerminalPicture`` for a terminal; both read its numbers from the one
/// table that becomes NAME.csv. Texts are in gnuplot's markup: `W_{hh}`, `10^{-3}`.
public struct Plot: Sendable {
  /// The name its files bear, without extension.
  public internal(set) var name: String
  /// The question it answers, in one line.
  public let question: String
  /// What it is of, in a few words.
  public internal(set) var title: String
  /// What it shows, in a sentence or two.
  public internal(set) var statement: String
  public internal(set) var caption: FigureCaption
  package var legend: Legend
  package var panels: [Panel] = []
  /// The rows of panels, where their places mean something.
  package var grid: PanelGrid?
  /// The data.
  public internal(set) var table: FigureTable
  /// What it is drawn from, by name and id, for the metadata of images; in plain text.
  public internal(set) var provenance: [String] = []

  /// - Parameter columns: of the table.
  package init(
    _ figure: some Figure, columns: [String], title: String, statement: String, caption: FigureCaption,
    legend: Legend = [], grid: PanelGrid? = nil
  ) {
    (name, question, self.title, self.statement) = (figure.name.rawValue, figure.question, title, statement)
    (self.caption, self.legend, self.grid) = (caption, legend, grid)
    table = FigureTable(columns: columns)
  }

  /// Adds rows to the data; nil for no rows.
  package mutating func append(_ rows: [[Field]]) -> DataBlock? { table.append(rows) }

  /// Rows whose first fields are `fields`, which are in the data once, whichever panels show them; nil for no rows.
  package mutating func block(_ fields: [Field], _ rows: () -> [[Field]]) -> DataBlock? {
    table.block(beginning: fields) ?? append(rows().map { fields + $0 })
  }
}

/// Panels in rows of so many places, of which some may be empty.
package struct PanelGrid: Sendable, Equatable {
  package let columns: Int
  /// The place of each panel, ascending, counted row by row; nil: one after the other.
  package var slots: [Int]?

  /// The same for some of the panels, by their indices.
  package func only(_ panels: [Int]) -> PanelGrid {
    PanelGrid(columns: columns, slots: panels.map { slots?[$0] ?? $0 })
  }
}

/// One pair of axes, and what is drawn in it, from the back to the front.
package struct Panel: Sendable {
  package var title: String
  package var x, y: PanelAxis
  /// The y axis in other units, at the right.
  package var right: PanelAxis?
  package var marks: [Mark] = []
  /// Lines over the whole width or height.
  package var rules: [Rule] = []
  /// What has to be said beside the marks, in plain text; each is a line, or several where it is long.
  package var notes: [String] = []
  /// What is written at places of the marks.
  package var texts: [PlacedText] = []
  /// An own legend, in the corner with fewest marks.
  package var key: PanelKey?
  /// What the colours of a map mean.
  package var colors: ColorScale?
  /// How high it is, in ems; nil: as usual.
  package var height: Double?
  /// How narrow it may be beside others, in ems; nil: as usual.
  package var leastWidth: Double?
  /// Whether a step is as long across as it is up.
  package var isSquare = false
  /// A low panel below it with the same x axis; at most one.
  package var strip: [Panel] = []
  /// Whether it has grid lines.
  package var hasGrid = true
  /// What is seen where nothing is drawn, as where a map has no colour.
  package var ground = PlotColor.white

  package init(_ title: String, x: PanelAxis, y: PanelAxis) { (self.title, self.x, self.y) = (title, x, y) }
}

/// A legend inside a panel.
package struct PanelKey: Sendable {
  package let title: String
  package let entries: Legend

  package init(title: String, entries: Legend) { (self.title, self.entries) = (title, entries) }
}

/// A text on a ground of its own.
package struct PlacedText: Sendable {
  package enum Side: Sendable, Equatable {
    case over
    case beside(isLeft: Bool, isUp: Bool)
  }

  package let text: String
  package let x, y: Double
  package let side: Side
  package let color: PlotColor

  /// - Parameters:
  ///   - x: in numbers of the data, as y.
  ///   - side: where it stands beside this place; on the other one where the panel has no room.
  package init(_ text: String, x: Double, y: Double, _ side: Side, _ color: PlotColor) {
    (self.text, self.x, self.y, self.side, self.color) = (text, x, y, side, color)
  }
}

/// A line over the whole width or height of a panel.
package struct Rule: Sendable {
  package enum Direction: Sendable { case across, up }

  package let direction: Direction
  package let value: Double
  package let pen: Pen
  /// What is written at it, in plain text; of a line upwards, at its left.
  package var label: String?
  /// What is written at the right of a line upwards: then it parts what is on either side.
  package var beyond: String?
}

extension Panel {
  /// Draws a level over the whole width.
  package mutating func level(_ y: Double, _ pen: Pen = .zero, label: String? = nil) {
    rules.append(Rule(direction: .across, value: y, pen: pen, label: label))
  }

  /// Draws a line over the whole height.
  package mutating func moment(_ x: Double, _ pen: Pen, label: String? = nil) {
    rules.append(Rule(direction: .up, value: x, pen: pen, label: label))
  }
}
