import RecurrentCells

/// What files of weights tell of their cell: G, and a name where cells have the same G.
extension CellKind {
  /// The key under which the metadata of a file that this program writes may have the cell's name.
  public static let metadataKey = "gradflow.cell"

  /// Whether its name must stand in a file beside its weights: another cell with as many gates is the one that they are
  /// taken for, and the nonlinearity of a plain RNN does not tell it either.
  var needsName: Bool {
    Activation(self) == nil && self != Self.allCases.first { $0.gates.count == gates.count }
  }

  /// The first of some cells by G, where the weights of the hidden state take `rows` for H = `columns`.
  ///
  /// - Throws: `ModelFileError` for the ratio of no cell.
  init(
    rows: Int, columns: Int, among cells: [CellKind] = allCases, of name: String, shape: [Int],
    axes: (long: String, short: String)
  ) throws(ModelFileError) {
    guard rows % columns == 0, let cell = cells.first(where: { $0.gates.count == rows / columns }) else {
      throw .mismatch(
        WeightReader.place(name), "shape \(Excerpt.shape(shape))",
        "it must have \(Self.ratios(of: cells, axes))")
    }
    self = cell
  }

  /// `as many rows as columns (RNN), 3 times (GRU) or 4 times as many (LSTM)`.
  private static func ratios(of cells: [CellKind], _ axes: (long: String, short: String)) -> String {
    let counts = Set(cells.map(\.gates.count)).sorted()
    let ratios = counts.map { count in
      let times = count == 1 ? "as many \(axes.long) as \(axes.short)" : "\(count) times"
      let name = cells.first { $0.gates.count == count }?.rawValue.uppercased() ?? ""
      return times + (count > 1 && count == counts.last ? " as many" : "") + " (\(name))"
    }
    guard let last = ratios.last, ratios.count > 1 else { return ratios.joined() }
    return ratios.dropLast().joined(separator: ", ") + " or " + last
  }
}
