import Experiments
import GradientFlow

extension CellVariant {
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
