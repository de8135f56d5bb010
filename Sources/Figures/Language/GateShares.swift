import GradientFlow
import TextFiles

/// How much of the time the units of a gate are nearly shut and nearly open.
struct GateShares: Sendable {
  struct Unit: Sendable {
    let unit: Int
    /// Shares of the time: below ``GateSaturation/low``, above ``GateSaturation/high``.
    let shut, open: Double
  }

  let gate: Gate
  /// The units of each layer, from the one that reads the inputs.
  let layers: [(layer: Int, units: [Unit])]

  var units: [Unit] { layers.flatMap(\.units) }

  /// A unit is nearly always open or shut from this share of the time on, exclusive.
  static let most = 0.9

  /// Of all gates between 0 and 1, in the cell's order; empty for a cell without any.
  static func all(_ report: UnitReport) -> [GateShares] {
    var found: [Gate: [Int: [Unit]]] = [:]
    var gates: [Gate] = []
    for (name, shares) in zip(report.units, report.saturation) {
      guard case .gate(let gate) = name.group.quantity, let shares else { continue }
      if found[gate] == nil { gates.append(gate) }
      found[gate, default: [:]][name.group.layer, default: []]
        .append(Unit(unit: name.unit, shut: shares.left, open: shares.right))
    }
    return gates.map { gate in
      GateShares(
        gate: gate, layers: (found[gate] ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
  }

  // MARK: - Words

  /// Units that are open more than 90 % of the time, and units that are shut as long.
  var counts: (open: Int, shut: Int) { (Self.open(units), units.count { $0.shut > Self.most }) }

  /// In how many units the gate of memory is nearly always open, by layer, and nearly always shut.
  var ofMemory: String {
    let (open, shut) = counts
    let kept = gate == .forget ? "near-perfect integrators" : "which keep h_t nearly unchanged"
    let isOpen =
      "\(gate.rawValue) is open more than 90 % of the time in "
      + (open == 0
        ? "none of \(Brief.grouped(units.count)) units"
        : "\(Brief.grouped(open)) of \(Brief.grouped(units.count)) units, \(kept)\(byLayer)")
    return "\(isOpen), and shut as long in \(shut == 0 ? "none" : Brief.grouped(shut))"
  }

  /// How the open ones are spread over layers.
  private var byLayer: String {
    guard layers.count > 1 else { return "" }
    let counts = layers.map { (layer: $0.layer, open: Self.open($0.units), of: $0.units.count) }
    if counts.count <= 4 {
      return " (\(counts.map { "layer \($0.layer): \(Brief.grouped($0.open))" }.joined(separator: ", ")))"
    }
    let most = counts.max { $0.open < $1.open }
    return most.map { " (most in layer \($0.layer): \(Brief.grouped($0.open)))" } ?? ""
  }

  /// `i shut 34 %, open 12 %`.
  var means: String {
    let count = Double(max(1, units.count))
    let (shut, open) = (units.reduce(0) { $0 + $1.shut }, units.reduce(0) { $0 + $1.open })
    return "\(gate.rawValue) shut \(Brief.percent(shut / count)), open \(Brief.percent(open / count))"
  }

  private static func open(_ units: [Unit]) -> Int { units.count { $0.open > most } }
}
