import RecurrentCells

/// The units of one layer that have one quantity: hidden states, cell states, or the values of a gate.
public struct UnitGroup: Sendable, Hashable {
  /// What is looked at of a unit.
  public enum Quantity: Sendable, Hashable {
    /// h_t.
    case hidden
    /// c_t of an LSTM.
    case cell
    /// A gate's value, after its nonlinearity.
    case gate(Gate)

    /// `h`, `c`, `f`.
    public var symbol: String {
      switch self {
      case .hidden: "h"
      case .cell: "c"
      case .gate(let gate): gate.rawValue
      }
    }
  }

  /// From 0.
  public let layer: Int
  public let quantity: Quantity

  public init(layer: Int, quantity: Quantity) { (self.layer, self.quantity) = (layer, quantity) }

  /// `h, layer 1`.
  public var label: String { "\(quantity.symbol), layer \(layer)" }

  /// All of a network read forward: of each layer h, c if there is one, and the gates in the cell's order.
  public static func all(layers: Int, of cell: CellKind) -> [UnitGroup] {
    (0..<layers).flatMap { layer in
      ([.hidden] + (cell.carriesCellState ? [.cell] : [])
        + (cell.gates == [.preactivation] ? [] : cell.gates.map { Quantity.gate($0) }))
        .map { UnitGroup(layer: layer, quantity: $0) }
    }
  }
}

/// One unit of a group.
public struct UnitName: Sendable, Hashable {
  public let group: UnitGroup
  /// From 0.
  public let unit: Int

  public init(group: UnitGroup, unit: Int) { (self.group, self.unit) = (group, unit) }

  /// `layer 1, h[37]`.
  public var label: String { "layer \(group.layer), \(group.quantity.symbol)[\(unit)]" }
}
