import Experiments
import GradientFlow

/// A cell with what belongs to it: the forget bias of an LSTM. What a curve of a figure stands for.
struct CellVariant: Sendable, Hashable {
  let cell: CellKind
  let forgetBias: Double?

  init(_ trial: TrialParameters) {
    cell = trial.cell
    forgetBias = trial.forgetBias
  }

  /// For legends: `lstm, forget bias 1`.
  var label: String {
    cell.rawValue + (forgetBias.map { ", forget bias \(CSVField.number($0))" } ?? "")
  }

  /// The fields `cell,forget_bias` of a CSV.
  var fields: [String] { [cell.rawValue, CSVField.number(forgetBias)] }

  /// The styles of all variants of a sweep, in its order.
  static func styles(_ variants: [CellVariant]) -> [CurveStyle] {
    var varieties: [CellKind: Int] = [:]
    return variants.map { variant in
      defer { varieties[variant.cell, default: 0] += 1 }
      return CurveStyle(variant.cell, variety: varieties[variant.cell, default: 0])
    }
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, in order of first appearance.
  var distinct: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}

extension Array {
  /// At most `limit` elements, evenly spread, always with the first and the last.
  func spread(_ limit: Int) -> [Element] {
    guard count > limit, limit > 1 else { return self }
    return (0..<limit).map { self[($0 * (count - 1) + (limit - 1) / 2) / (limit - 1)] }
  }
}
